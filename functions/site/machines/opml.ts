import { feedsOf } from '../../feeds/addresses.ts';
import type { Newsroom } from '../../shared/config.ts';
import { redirect, text } from '../../shared/http/answer.ts';
import { type Site, siteRoute } from '../ports.ts';
import { xmlText } from './xml.ts';

const A_DAY = 'public, max-age=3600, stale-while-revalidate=86400';

export const opmlRoute = siteRoute({
  method: 'GET',
  path: '/feeds.opml',
  access: 'public',
  summary: 'All feeds as OPML 2.0, to take into a feed reader at once',
  answers: { 200: 'The list of feeds, one outline per language.' },
  work: ({ house }) =>
    text(200, 'text/x-opml; charset=utf-8', opmlOf(house.newsroom, house.siteUrl), {
      'cache-control': A_DAY,
      'content-disposition': 'inline; filename="feeds.opml"',
    }),
});

const opmlOf = (newsroom: Newsroom, siteUrl: string): string => {
  const feeds = feedsOf(newsroom);
  const outlines = newsroom.languages.map(({ id, label }) => {
    const own = feeds
      .filter(({ language }) => language === id)
      .map(
        (feed) =>
          `      <outline type="rss" text="${xmlText(feed.title)}" title="${xmlText(feed.title)}"` +
          ` description="${xmlText(feed.description)}" language="${xmlText(id)}"` +
          ` xmlUrl="${xmlText(siteUrl + feed.paths.rss)}" htmlUrl="${xmlText(siteUrl + feed.pagePath)}" />`,
      );
    return [`    <outline text="${xmlText(label)}">`, ...own, '    </outline>'].join('\n');
  });
  return `<?xml version="1.0" encoding="utf-8"?>
<opml version="2.0">
  <head>
    <title>${xmlText(newsroom.name)}</title>
  </head>
  <body>
${outlines.join('\n')}
  </body>
</opml>
`;
};

/** Where feed readers look for a feed when a person gives them only the site's name. */
export const usualFeedRoutes = (
  [
    ['/feed', 'rss'],
    ['/rss.xml', 'rss'],
    ['/atom.xml', 'atom'],
    ['/feed.json', 'json'],
  ] as const
).map(([path, format]) =>
  siteRoute({
    method: 'GET',
    path,
    access: 'public',
    summary: `To the main feed (${format})`,
    answers: { 302: 'The feed of all topics in the newsroom’s first language.' },
    work: ({ house }: Site) =>
      // The first of all feeds is the first language's, of all topics.
      redirect(302, feedsOf(house.newsroom)[0]?.paths[format] ?? '/', { 'cache-control': A_DAY }),
  }),
);
