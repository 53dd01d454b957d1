import type { Element } from '@xmldom/xmldom';
import type { RslElement } from '../rsl.ts';
import { eachItem, type FeedDocument, type FeedItem, type Rendered } from './document.ts';
import { generateRss, generateRssItem } from './generator.ts';
import { appendMedia, enclosureOf } from './media.ts';
import { printDocument, printElement } from './print.ts';
import { asHtml } from './text.ts';
import { append, declare, need, rootOf, setAttributes, setCdata, setText } from './tree.ts';

/** RSS 2.0 with the modules that readers know: content, Dublin Core, Media RSS, and Atom's links. */
export const renderRss = (document: FeedDocument, print = printRssItem): Rendered => {
  const { rendered, leftOut } = eachItem(document.items, print);
  const root = rootOf(generateRss(document));
  declare(root, 'atom', 'content', 'dc', 'dcterms', 'media');
  if (document.licence !== null) declare(root, 'creativeCommons');
  if (document.rslUrl !== null) declare(root, 'rsl');
  const channel = need(root, 'channel');
  mendChannel(channel, document);
  return { text: printDocument(root, `wire ${document.mark}`, { in: channel, printed: rendered }), leftOut };
};

const mendChannel = (channel: Element, document: FeedDocument): void => {
  setText(need(channel, 'title'), document.title);
  setText(need(channel, 'link'), document.pageUrl);
  setText(need(channel, 'description'), document.description);
  setText(need(channel, 'copyright'), document.rights);
  setAttributes(need(channel, 'atom:link'), { href: document.selfUrls.rss });
  for (const { rel, href } of document.history) {
    append(channel, 'atom:link', { rel, href, type: 'application/atom+xml' });
  }
};

/** The item as text, the same in every feed that it is in. */
export const printRssItem = (source: FeedItem): string => {
  const item = generateRssItem(source);
  setText(need(item, 'title'), source.title);
  setText(need(item, 'link'), source.link);
  setText(need(item, 'guid'), source.guid);
  // Readers take it for HTML, as the specification lets them.
  if (source.summary) setCdata(need(item, 'description'), asHtml(source.summary));
  if (source.html) setCdata(need(item, 'content:encoded'), source.html);
  appendPeople(item, source);
  for (const { label } of source.categories) append(item, 'category', {}, label);
  if (source.isRevised) append(item, 'dcterms:modified', {}, source.updatedAt);
  if (source.rights) append(item, 'dc:rights', {}, source.rights);
  // In the item, not in the channel: one article may be another's to license.
  if (source.licence) append(item, 'creativeCommons:license', {}, source.licence);
  if (source.rsl) appendRsl(item, source.rsl);
  const enclosure = enclosureOf(source);
  // In the order of its own specification's example: address, length, type.
  if (enclosure) append(item, 'enclosure', { url: enclosure.url, length: enclosure.length, type: enclosure.type });
  appendMedia(item, source);
  for (const { language, url } of source.translations) {
    append(item, 'atom:link', { rel: 'alternate', hreflang: language, href: url });
  }
  return printElement(item, 2);
};

const appendRsl = (parent: Element, { name, attributes, inside }: RslElement): void => {
  const made = append(parent, `rsl:${name}`, attributes, typeof inside === 'string' ? inside : undefined);
  if (typeof inside !== 'string') for (const one of inside) appendRsl(made, one);
};

/**
 * One dc:creator: of several, some readers show only the first and some only the last. No `author` beside it, not even
 * where there is an e-mail address: the W3C validator warns of items that have both, and readers show the person twice.
 */
const appendPeople = (item: Element, { authors }: FeedItem): void => {
  if (authors.length > 0) append(item, 'dc:creator', {}, authors.map(({ name }) => name).join(', '));
};
