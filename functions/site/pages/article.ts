import { cleanHtml } from '../../border/html.ts';
import { type Answer, redirect } from '../../shared/http/answer.ts';
import { type Article, pagePathOf } from '../../wire/article.ts';
import type { CurrentArticle } from '../../wire/ports.ts';
import { type Site, siteRoute } from '../ports.ts';
import { bylineOf, feedsOfAuthors } from './byline.ts';
import { invitationIn } from './invitation.ts';
import { newsArticleOf, scriptSafe } from './newsArticle.ts';
import { FRESH_A_MINUTE, languageIn, nothingHere, pageAnswer } from './page.ts';
import { proseOf } from './prose.ts';
import { standfirstOf } from './standfirst.ts';
import { imageOf, liveArticles, teaserOf, topicsOf, webAddress } from './teaser.ts';

export const articleRoute = siteRoute({
  method: 'GET',
  path: '/{lang}/articles/{slug}',
  access: 'public',
  summary: 'An article’s page',
  answers: {
    200: 'The article.',
    301: 'The article has another address by now.',
    404: 'There is no such article.',
    410: 'The article was retracted, or its time is over.',
  },
  work: async (site, { params }) => {
    const language = languageIn(site, params);
    const current = await site.articles.bySlug(language, params['slug'] ?? '');
    if (!current) throw nothingHere();
    if (current.state !== 'live') return goneAnswer(site, language, current);
    const { article } = current;
    if (article.slug !== params['slug'] || article.language !== language)
      return redirect(301, pagePathOf(article), { 'cache-control': FRESH_A_MINUTE });
    return pageAnswer(site, 'article', await articlePage(site, current));
  },
});

const articlePage = async (site: Site, current: CurrentArticle) => {
  const { article } = current;
  const { newsroom, siteUrl, templates } = site.house;
  const [translations, related] = await Promise.all([translationsOf(site, article), relatedTo(site, article)]);
  const { language, title, summary, section, publishedAt, updatedAt, rights } = article;
  const original = webAddress(article.url);
  return {
    language,
    path: pagePathOf(article),
    ...(original && { canonical: original.href }),
    ...(translations.length > 0 && { alternates: [article, ...translations].map(alternateOf) }),
    translations: translations.map((one) => ({ ...alternateOf(one), label: languageLabel(site, one.language) })),
    authorsFeeds: feedsOfAuthors(current),
    newsArticle: scriptSafe(newsArticleOf(site, article, translations)),
    original: original && { url: original.href, host: original.host },
    article: {
      ...{ title, summary, section, publishedAt, updatedAt, rights },
      standfirst: standfirstOf(article),
      // Clean already when it came in; what a page prints unescaped is made sure of once more.
      html: proseOf(cleanHtml(article.html, siteUrl), templates.say(language, 'site.table')),
      image: imageOf(article),
      byline: bylineOf(site.house, current),
      topics: topicsOf(newsroom, article),
      revised: article.revision > 1,
    },
    related: related && { ...related, teasers: related.articles.map((one) => teaserOf(newsroom, one)) },
    invitation: invitationIn(newsroom, language),
  };
};

const alternateOf = (article: Article) => ({ language: article.language, path: pagePathOf(article) });

const languageLabel = (site: Site, id: string): string =>
  site.house.newsroom.languages.find((language) => language.id === id)?.label ?? id;

/** The same story in the newsroom's other languages, in the newsroom's order. */
const translationsOf = async (site: Site, article: Article): Promise<Article[]> => {
  if (article.story === null) return [];
  const found = await liveArticles(site.articles, await site.lists.translations(article.story));
  const others = site.house.newsroom.languages.filter(({ id }) => id !== article.language);
  return others.flatMap(({ id }) => found.find(({ language }) => language === id) ?? []);
};

const RELATED = 3;

/** The newest others of the article's first topic. */
const relatedTo = async (site: Site, article: Article) => {
  const topic = topicsOf(site.house.newsroom, article)[0];
  if (!topic) return null;
  const rows = await site.lists.byDate(article.language, topic.id, { limit: RELATED + 1 });
  const others = await liveArticles(
    site.articles,
    rows.filter(({ id }) => id !== article.id),
  );
  return others.length > 0 ? { topic, articles: others.slice(0, RELATED) } : null;
};

/** 410: it was here, and will not come back (RFC 9110 section 15.5.11). */
const goneAnswer = (site: Site, language: string, { state, article, reason }: CurrentArticle): Answer =>
  pageAnswer(
    site,
    'gone',
    { language, path: pagePathOf(article), personal: true, state, reason, title: article.title, at: article.updatedAt },
    410,
  );
