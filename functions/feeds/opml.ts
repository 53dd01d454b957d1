import type { Newsroom } from '../shared/config.ts';
import { type FeedInfo, feedsOf } from './addresses.ts';

export const OPML_CONTENT_TYPE = 'text/x-opml; charset=utf-8';

/** OPML 2.0 of all feeds, and of those others that are given (of newsletters, of authors), a folder for each language: what a feed reader imports to follow everything at once. */
export const opmlOf = (newsroom: Newsroom, siteUrl: string, others: readonly FeedInfo[] = []): string => {
  const feeds = [...feedsOf(newsroom), ...others];
  const folders = newsroom.languages.flatMap(({ id, label }) => [
    `    <outline ${attributes({ text: label, title: label })}>`,
    ...feeds.filter(({ language }) => language === id).map((feed) => `      ${outline(feed, siteUrl)}`),
    '    </outline>',
  ]);
  return `${[
    '<?xml version="1.0" encoding="utf-8"?>',
    '<opml version="2.0">',
    '  <head>',
    `    <title>${escaped(newsroom.name)}</title>`,
    `    <ownerName>${escaped(newsroom.name)}</ownerName>`,
    `    <ownerId>${escaped(siteUrl)}/</ownerId>`,
    '    <docs>https://opml.org/spec2.opml</docs>',
    '  </head>',
    '  <body>',
    ...folders,
    '  </body>',
    '</opml>',
  ].join('\n')}\n`;
};

const outline = ({ title, description, language, paths, pagePath }: FeedInfo, siteUrl: string): string =>
  `<outline ${attributes({
    type: 'rss',
    text: title,
    title,
    description,
    language,
    // The specification's own word for RSS 2.0.
    version: 'RSS2',
    xmlUrl: siteUrl + paths.rss,
    htmlUrl: siteUrl + pagePath,
  })} />`;

const attributes = (values: Readonly<Record<string, string>>): string =>
  Object.entries(values)
    .map(([name, value]) => `${name}="${escaped(value)}"`)
    .join(' ');

const SIGNS: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

const escaped = (text: string): string => text.replace(/[&<>"]/g, (sign) => SIGNS[sign] ?? sign);
