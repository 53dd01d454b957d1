import type { Format } from '../addresses.ts';
import { printAtomEntry, renderAtom } from './atom.ts';
import type { FeedDocument, Rendered } from './document.ts';
import { renderJson } from './json.ts';
import { printRssItem, renderRss } from './rss.ts';

export type Renderers = Readonly<Record<Format, (document: FeedDocument) => Rendered>>;

/** Renderers that print an item once, however many documents it is in, for as long as somebody holds on to the item. */
export const renderers = (): Renderers => {
  const rssItem = remembering(printRssItem);
  const atomEntry = remembering(printAtomEntry);
  return {
    rss: (document) => renderRss(document, rssItem),
    atom: (document) => renderAtom(document, atomEntry),
    json: renderJson,
  };
};

const remembering = <Key extends object, Made>(make: (key: Key) => Made): ((key: Key) => Made) => {
  const made = new WeakMap<Key, Made>();
  return (key) => {
    const there = made.get(key);
    if (there !== undefined) return there;
    const fresh = make(key);
    made.set(key, fresh);
    return fresh;
  };
};
