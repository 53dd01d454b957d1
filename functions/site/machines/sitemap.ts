import { RSL_PATH } from '../../shared/config/licence.ts';
import { text } from '../../shared/http/answer.ts';
import { type Article, pagePathOf } from '../../wire/article.ts';
import { inEveryLanguage, languageIn } from '../pages/page.ts';
import { liveArticles } from '../pages/teaser.ts';
import { type Site, siteRoute } from '../ports.ts';
import { SITEMAPS, xmlAnswer, xmlText } from './xml.ts';

/** The newest of each language; the topics' pages lead to the rest. */
const ARTICLES_PER_LANGUAGE = 500;

const AN_HOUR = 'public, max-age=3600';

interface Place {
  readonly path: string;
  readonly changedAt?: string;
  /** The same in every language it is in, its own too. */
  readonly alternates: readonly { readonly language: string; readonly path: string }[];
}

export const sitemapIndexRoute = siteRoute({
  method: 'GET',
  path: '/sitemap.xml',
  access: 'public',
  summary: 'Where the sitemaps are, one for each language',
  answers: { 200: 'A sitemap index (sitemaps.org, version 0.9).' },
  work: ({ house }) => {
    const maps = house.newsroom.languages.map(({ id }) => `${house.siteUrl}/sitemap-${id}.xml`);
    const entries = maps.map((map) => `  <sitemap><loc>${xmlText(map)}</loc></sitemap>`).join('\n');
    return xmlAnswer(`<sitemapindex xmlns="${SITEMAPS}">\n${entries}\n</sitemapindex>`, AN_HOUR);
  },
});

export const sitemapRoute = siteRoute({
  method: 'GET',
  path: '/sitemap-{lang}.xml',
  access: 'public',
  summary: 'The site’s pages in one language, for search engines',
  answers: { 200: 'A sitemap (sitemaps.org, version 0.9).', 404: 'The newsroom has no such language.' },
  work: async (site, { params }) => {
    const language = languageIn(site, { lang: /^sitemap-(.+)\.xml$/.exec(params['lang'] ?? '')?.[1] ?? '' });
    const places = [...standingPlaces(site, language), ...(await articlePlaces(site, language))];
    const urls = places.map((place) => urlOf(site.house.siteUrl, place)).join('\n');
    return xmlAnswer(
      `<urlset xmlns="${SITEMAPS}" xmlns:xhtml="http://www.w3.org/1999/xhtml">\n${urls}\n</urlset>`,
      AN_HOUR,
    );
  },
});

export const robotsRoute = siteRoute({
  method: 'GET',
  path: '/robots.txt',
  access: 'public',
  summary: 'What search engines may read',
  answers: { 200: 'Everything but the pages that are one person’s.' },
  work: ({ house }) =>
    text(200, 'text/plain; charset=utf-8', `${robots(house).join('\n')}\n`, { 'cache-control': AN_HOUR }),
});

const robots = ({ siteUrl, newsroom }: Site['house']): string[] => [
  // For all crawlers, whichever group of rules is theirs (RSL 1.0, section 4.4).
  ...(newsroom.licence?.rsl ? [`License: ${siteUrl}${RSL_PATH}`, ''] : []),
  'User-agent: *',
  'Disallow: /confirm/',
  'Disallow: /preferences/',
  'Disallow: /unsubscribe/',
  'Disallow: /go/',
  'Disallow: /api/',
  '',
  `Sitemap: ${siteUrl}/sitemap.xml`,
  `Sitemap: ${siteUrl}/news-sitemap.xml`,
];

const standingPlaces = (site: Site, language: string): Place[] => {
  const topics = site.house.newsroom.topics.map(({ id }) => `/topics/${id}`);
  return ['', ...topics, '/editions', '/feeds'].map((rest) => ({
    path: `/${language}${rest}`,
    alternates: inEveryLanguage(site, (one) => `/${one}${rest}`),
  }));
};

/** An article that lives elsewhere is for the other site's map. */
const articlePlaces = async (site: Site, language: string): Promise<Place[]> => {
  const rows = await site.lists.byDate(language, 'all', { limit: ARTICLES_PER_LANGUAGE });
  const articles = (await liveArticles(site.articles, rows)).filter(({ url }) => url === null);
  const stories = await storiesIn(site, language, articles);
  return articles.map((article) => ({
    path: pagePathOf(article),
    changedAt: article.updatedAt,
    alternates: (stories.get(article.story ?? '') ?? []).map((one) => ({
      language: one.language,
      path: pagePathOf(one),
    })),
  }));
};

/**
 * What else there is of these articles' stories, by story. Translations are published near one another: read from the
 * other languages' newest in a few requests, not story by story; an older one is named by the article's own page.
 */
const storiesIn = async (site: Site, language: string, articles: readonly Article[]) => {
  if (!articles.some(({ story }) => story !== null)) return new Map<string, Article[]>();
  const others = site.house.newsroom.languages.filter(({ id }) => id !== language);
  const rows = await Promise.all(
    others.map(({ id }) => site.lists.byDate(id, 'all', { limit: ARTICLES_PER_LANGUAGE })),
  );
  const all = [...articles, ...(await liveArticles(site.articles, rows.flat()))];
  const told = all.filter(({ url, story }) => url === null && story !== null);
  return Map.groupBy(told, ({ story }) => story ?? '');
};

const urlOf = (siteUrl: string, { path, changedAt, alternates }: Place): string => {
  const changed = changedAt === undefined ? '' : `<lastmod>${xmlText(changedAt)}</lastmod>`;
  const links = alternates.length > 1 ? alternates : [];
  const others = links.map(
    (one) => `<xhtml:link rel="alternate" hreflang="${xmlText(one.language)}" href="${xmlText(siteUrl + one.path)}"/>`,
  );
  return `  <url><loc>${xmlText(siteUrl + path)}</loc>${changed}${others.join('')}</url>`;
};
