import { addMs, DAY_MS, type Instant } from '../../shared/time.ts';
import { type Article, pagePathOf } from '../../wire/article.ts';
import { liveArticles } from '../pages/teaser.ts';
import { type Site, siteRoute } from '../ports.ts';
import { SITEMAPS, xmlAnswer, xmlText } from './xml.ts';

/** What Google News takes: articles of the last two days, a thousand at most. */
const MOST_ARTICLES = 1000;
const DAYS = 2;
const NEWS = 'http://www.google.com/schemas/sitemap-news/0.9';

export const newsSitemapRoute = siteRoute({
  method: 'GET',
  path: '/news-sitemap.xml',
  access: 'public',
  summary: 'The articles of the last two days, for news search engines',
  answers: { 200: 'A news sitemap (Google’s extension 0.9 of sitemaps.org).' },
  work: async (site) => {
    const urls = (await newsOf(site, addMs(site.now(), -DAYS * DAY_MS))).map((article) => urlOf(site, article));
    // News is looked for every few minutes, and is nobody's news after that.
    return xmlAnswer(
      `<urlset xmlns="${SITEMAPS}" xmlns:news="${NEWS}">\n${urls.join('\n')}\n</urlset>`,
      'public, max-age=300',
    );
  },
});

/** Of all languages, the newest first. An article that lives elsewhere is for the other site's map. */
const newsOf = async ({ house, lists, articles }: Site, since: Instant): Promise<Article[]> => {
  const rows = await Promise.all(
    house.newsroom.languages.map(({ id }) => lists.byDate(id, 'all', { limit: MOST_ARTICLES })),
  );
  // A row's key begins with the publication date: what is too old need not be read.
  const recent = rows.flat().filter(({ key }) => key >= since);
  return (await liveArticles(articles, recent))
    .filter(({ url, publishedAt }) => url === null && publishedAt >= since)
    .sort((a, b) => (a.publishedAt < b.publishedAt ? 1 : -1))
    .slice(0, MOST_ARTICLES);
};

const urlOf = ({ house }: Site, article: Article): string => `  <url>
    <loc>${xmlText(house.siteUrl + pagePathOf(article))}</loc>
    <news:news>
      <news:publication>
        <news:name>${xmlText(house.newsroom.name)}</news:name>
        <news:language>${xmlText(article.language)}</news:language>
      </news:publication>
      <news:publication_date>${xmlText(article.publishedAt)}</news:publication_date>
      <news:title>${xmlText(article.title)}</news:title>
    </news:news>
  </url>`;
