import type { Element } from '@xmldom/xmldom';
import { RSL_CONTENT_TYPE } from '../rsl.ts';
import { eachItem, type FeedDocument, type FeedItem, type GoneItem, type Rendered } from './document.ts';
import { generateAtom, generateAtomEntry } from './generator.ts';
import { appendMedia, enclosureOf } from './media.ts';
import { printDocument, printElement } from './print.ts';
import { append, declare, elementsIn, need, rootOf, setAttributes, setCdata, setText } from './tree.ts';

/** Atom 1.0 (RFC 4287) with tombstones (RFC 6721) and Media RSS. */
export const renderAtom = (document: FeedDocument, print = printAtomEntry): Rendered => {
  const { rendered, leftOut } = eachItem(document.items, print);
  const feed = rootOf(generateAtom(document));
  declare(feed, 'at', 'media', ...(document.isArchive ? ['fh' as const] : []));
  mendFeed(feed, document);
  // Before the entries, as RFC 6721's schema has it.
  for (const gone of document.gone) appendTombstone(feed, gone);
  return { text: printDocument(feed, `wire ${document.mark}`, { in: feed, printed: rendered }), leftOut };
};

const mendFeed = (feed: Element, document: FeedDocument): void => {
  setAttributes(feed, { 'xml:lang': document.language });
  setText(need(feed, 'id'), document.id);
  setPlain(need(feed, 'title'), document.title);
  setPlain(need(feed, 'subtitle'), document.description);
  setPlain(need(feed, 'rights'), document.rights);
  for (const link of elementsIn(feed, 'link')) {
    const isSelf = link.getAttribute('rel') === 'self';
    setAttributes(link, isSelf ? selfLink(document) : { href: document.pageUrl, type: 'text/html' });
  }
  for (const { rel, href } of document.history) append(feed, 'link', { rel, href, type: 'application/atom+xml' });
  if (document.isArchive) append(feed, 'fh:archive');
  // Of the feed itself; each entry says its own (RFC 4946, section 2).
  for (const link of licenceLinks(document)) append(feed, 'link', link);
  // The author of every entry that names none (section 4.2.1).
  const author = append(feed, 'author');
  append(author, 'name', {}, document.newsroom);
  append(author, 'uri', {}, document.siteUrl);
};

const licenceLinks = ({ licence, rslUrl }: FeedDocument) => [
  ...(licence === null ? [] : [{ rel: 'license', href: licence }]),
  ...(rslUrl === null ? [] : [{ rel: 'license', type: RSL_CONTENT_TYPE, href: rslUrl }]),
];

const selfLink = ({ selfUrls }: FeedDocument) => ({ href: selfUrls.atom, type: 'application/atom+xml' });

const appendTombstone = (feed: Element, { guid, at, reason }: GoneItem): void => {
  const tombstone = append(feed, 'at:deleted-entry', { ref: guid, when: at });
  if (reason) append(tombstone, 'at:comment', { type: 'text' }, reason);
};

/** The entry as text, the same in every feed that it is in. */
export const printAtomEntry = (source: FeedItem): string => {
  const entry = generateAtomEntry(source);
  setPlain(need(entry, 'title'), source.title);
  setText(need(entry, 'id'), source.guid);
  setAttributes(need(entry, 'link'), { rel: 'alternate', hreflang: source.language, href: source.link });
  for (const { language, url } of source.translations) {
    append(entry, 'link', { rel: 'alternate', hreflang: language, href: url });
  }
  if (source.summary) setPlain(need(entry, 'summary'), source.summary);
  if (source.html) setCdata(need(entry, 'content'), source.html);
  for (const { name, email } of source.authors) {
    const author = append(entry, 'author');
    append(author, 'name', {}, name);
    if (email !== undefined) append(author, 'email', {}, email);
  }
  for (const { id, label } of source.categories) append(entry, 'category', { term: id, label });
  if (source.rights) append(entry, 'rights', { type: 'text' }, source.rights);
  if (source.licence) append(entry, 'link', { rel: 'license', href: source.licence });
  const enclosure = enclosureOf(source);
  if (enclosure) {
    const { url: href, type, length } = enclosure;
    append(entry, 'link', { rel: 'enclosure', href, type, length });
  }
  appendMedia(entry, source);
  return printElement(entry, 1);
};

const setPlain = (element: Element, text: string): void => {
  setAttributes(element, { type: 'text' });
  setText(element, text);
};
