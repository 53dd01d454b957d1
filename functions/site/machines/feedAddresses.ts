import { editionsFeedIn } from '../../digest/archive/feed.ts';
import { feedsOf } from '../../feeds/addresses.ts';
import { authorFeed, authorList } from '../../feeds/authors.ts';
import { OPML_CONTENT_TYPE, opmlOf } from '../../feeds/opml.ts';
import { redirect, text } from '../../shared/http/answer.ts';
import { type Site, siteRoute } from '../ports.ts';

/** Of each language, those who wrote last. */
const MOST_AUTHORS = 50;

/** It changes with the newsroom's settings, and with who wrote last. */
const AN_HOUR = 'public, max-age=3600, stale-while-revalidate=86400';

export const opmlRoute = siteRoute({
  method: 'GET',
  path: '/feeds.opml',
  access: 'public',
  summary: 'All feeds as OPML 2.0, to take into a feed reader at once',
  answers: { 200: 'The list of feeds, a folder for each language.' },
  work: async ({ house, lists }) => {
    const { newsroom, siteUrl } = house;
    const authors = await Promise.all(
      newsroom.languages.map(async ({ id }) =>
        (await lists.authors(id, MOST_AUTHORS)).map(({ slug, name }) =>
          authorFeed(newsroom, authorList(id, slug), [name]),
        ),
      ),
    );
    const editions = newsroom.languages.map(({ id }) => editionsFeedIn(house, id));
    return text(200, OPML_CONTENT_TYPE, opmlOf(newsroom, siteUrl, [...editions, ...authors.flat()]), {
      'cache-control': AN_HOUR,
    });
  },
});

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
      redirect(302, feedsOf(house.newsroom)[0]?.paths[format] ?? '/', { 'cache-control': AN_HOUR }),
  }),
);
