import type { Document, Element } from '@xmldom/xmldom';
import { Feed } from 'feed';
import type { FeedDocument, FeedItem } from './document.ts';
import { need, parseXml, rootOf } from './tree.ts';

/**
 * The one file that knows the npm package `feed`. It generates the frame of a document and each item alone, so that an
 * item's fault is only its own. The package is given what it handles: dates, ids, addresses in their normal spelling,
 * and plain words that stand in for the texts (of two `]]>` in one text it splits only the first). Authors, categories,
 * media and whatever else it would leave unescaped, guess or drop it never sees. `rss.ts` and `atom.ts` put the texts
 * and all of these into the tree that is returned here.
 */
export const generateRss = (document: FeedDocument): Document => parseXml(frameOf(document).rss2());

export const generateAtom = (document: FeedDocument): Document => parseXml(frameOf(document).atom1());

export const generateRssItem = (item: FeedItem): Element =>
  need(need(rootOf(parseXml(around(item).rss2())), 'channel'), 'item');

export const generateAtomEntry = (item: FeedItem): Element => need(rootOf(parseXml(around(item).atom1())), 'entry');

const STAND_IN = 'text';

const frameOf = (document: FeedDocument): Feed =>
  new Feed({
    id: document.id,
    title: STAND_IN,
    description: STAND_IN,
    link: document.pageUrl,
    language: document.language,
    copyright: STAND_IN,
    // Left out, it would be the present.
    updated: new Date(document.updatedAt),
    generator: 'Courant',
    feedLinks: { rss: document.selfUrls.rss, atom: document.selfUrls.atom },
  });

/** The smallest feed that holds this item. */
const around = (item: FeedItem): Feed => {
  const feed = new Feed({ id: STAND_IN, title: STAND_IN, link: item.link, updated: new Date(item.updatedAt) });
  feed.addItem({
    title: STAND_IN,
    id: item.guid,
    link: item.link,
    date: new Date(item.updatedAt),
    published: new Date(item.publishedAt),
    ...(item.summary && { description: STAND_IN }),
    ...(item.html && { content: STAND_IN }),
  });
  return feed;
};
