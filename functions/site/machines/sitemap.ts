import { text } from '../../shared/http/answer.ts';
import { pagePathOf } from '../../wire/article.ts';
import { liveArticles } from '../pages/teaser.ts';
import { type Site, siteRoute } from '../ports.ts';
import { xmlText } from './xml.ts';

/** The newest of each language; the topics' pages lead to the rest. */
const ARTICLES_PER_LANGUAGE = 500;

interface Place {
  readonly path: string;
  readonly changedAt?: string;
}

export const sitemapRoute = siteRoute({
  method: 'GET',
  path: '/sitemap.xml',
  access: 'public',
  summary: 'The site’s pages, for search engines',
  answers: { 200: 'A sitemap (sitemaps.org, version 0.9).' },
  work: async (site) => {
    const { languages } = site.house.newsroom;
    const articles = await Promise.all(languages.map(({ id }) => articlePlaces(site, id)));
    const places = [...languages.flatMap(({ id }) => standingPlaces(site, id)), ...articles.flat()];
    return text(200, 'application/xml; charset=utf-8', sitemapOf(site.house.siteUrl, places), {
      'cache-control': 'public, max-age=3600',
    });
  },
});

export const robotsRoute = siteRoute({
  method: 'GET',
  path: '/robots.txt',
  access: 'public',
  summary: 'What search engines may read',
  answers: { 200: 'Everything but the pages that are one person’s.' },
  work: ({ house }) =>
    text(200, 'text/plain; charset=utf-8', `${robots(house.siteUrl).join('\n')}\n`, {
      'cache-control': 'public, max-age=3600',
    }),
});

const robots = (siteUrl: string): string[] => [
  'User-agent: *',
  'Disallow: /confirm/',
  'Disallow: /preferences/',
  'Disallow: /unsubscribe/',
  'Disallow: /api/',
  '',
  `Sitemap: ${siteUrl}/sitemap.xml`,
];

const standingPlaces = ({ house }: Site, language: string): Place[] => [
  { path: `/${language}` },
  ...house.newsroom.topics.map(({ id }) => ({ path: `/${language}/topics/${id}` })),
  { path: `/${language}/editions` },
  { path: `/${language}/feeds` },
];

/** An article that lives elsewhere is for the other site's map. */
const articlePlaces = async ({ lists, articles }: Site, language: string): Promise<Place[]> => {
  const rows = await lists.byDate(language, 'all', { limit: ARTICLES_PER_LANGUAGE });
  return (await liveArticles(articles, rows))
    .filter(({ url }) => url === null)
    .map((article) => ({ path: pagePathOf(article), changedAt: article.updatedAt }));
};

const sitemapOf = (siteUrl: string, places: readonly Place[]): string => `<?xml version="1.0" encoding="utf-8"?>
<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">
${places.map((place) => urlOf(siteUrl, place)).join('\n')}
</urlset>
`;

const urlOf = (siteUrl: string, { path, changedAt }: Place): string => {
  const changed = changedAt === undefined ? '' : `<lastmod>${xmlText(changedAt)}</lastmod>`;
  return `  <url><loc>${xmlText(siteUrl + path)}</loc>${changed}</url>`;
};
