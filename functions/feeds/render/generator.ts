import type { Document, Element } from '@xmldom/xmldom';
import { Feed } from 'feed';
import type { FeedDocument, FeedItem } from './document.ts';
import { asHtml } from './text.ts';
import { need, parseXml, rootOf } from './tree.ts';

/**
 * The one file that knows the npm package `feed`. It generates the frame of a document and each item alone, so that an
 * item's fault is only its own. The package is given what it handles: texts that go into CDATA or elements, dates,
 * normal addresses. Authors, categories, media and everything else in an attribute it would leave unescaped, guess or
 * drop; `rss.ts` and `atom.ts` add those to the tree that is returned here.
 */
export const generateRss = (document: FeedDocument): Document => parseXml(frameOf(document).rss2());

export const generateRssItem = (document: FeedDocument, item: FeedItem): Element =>
  need(need(rootOf(parseXml(withItem(document, item).rss2())), 'channel'), 'item');

export const generateAtom = (document: FeedDocument): Document => parseXml(frameOf(document).atom1());

export const generateAtomEntry = (document: FeedDocument, item: FeedItem): Element =>
  need(rootOf(parseXml(withItem(document, item).atom1())), 'entry');

const frameOf = (document: FeedDocument): Feed =>
  new Feed({
    id: document.id,
    title: document.title,
    description: document.description,
    link: document.pageUrl,
    language: document.language,
    copyright: document.rights,
    // Left out, it would be the present.
    updated: new Date(document.updatedAt),
    generator: 'Courant',
    feedLinks: { rss: document.selfUrls.rss, atom: document.selfUrls.atom },
  });

const withItem = (document: FeedDocument, item: FeedItem): Feed => {
  const feed = frameOf(document);
  feed.addItem({
    title: item.title,
    id: item.guid,
    link: item.link,
    date: new Date(item.updatedAt),
    published: new Date(item.publishedAt),
    description: asHtml(item.summary),
    content: item.html,
  });
  return feed;
};
