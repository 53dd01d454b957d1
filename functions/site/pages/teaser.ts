import { plainOf } from '../../border/plain.ts';
import { labelIn, type Newsroom } from '../../shared/config.ts';
import type { Instant } from '../../shared/time.ts';
import { type Article, type Image, pagePathOf } from '../../wire/article.ts';
import type { Articles } from '../../wire/ports.ts';

/** An article as it stands among others. */
export interface Teaser {
  readonly title: string;
  readonly summary: string;
  readonly path: string;
  readonly image: Image | null;
  readonly topic: TopicLink | null;
  /** “A, B and C” in the article's language. */
  readonly authors: string;
  readonly publishedAt: Instant;
}

export interface TopicLink {
  readonly id: string;
  readonly label: string;
}

export const teaserOf = (newsroom: Newsroom, article: Article): Teaser => ({
  title: article.title,
  summary: article.summary ?? excerptOf(article.html),
  path: pagePathOf(article),
  image: imageOf(article),
  topic: topicsOf(newsroom, article)[0] ?? null,
  authors: authorsOf(article),
  publishedAt: article.publishedAt,
});

/** A topic the newsroom no longer has keeps its articles, but has no page to link to. */
export const topicsOf = (newsroom: Newsroom, article: Pick<Article, 'language' | 'topics'>): TopicLink[] =>
  article.topics.flatMap((id) => {
    const topic = newsroom.topics.find((one) => one.id === id);
    return topic ? [{ id, label: labelIn(topic.label, article.language, newsroom) }] : [];
  });

export const authorsOf = (article: Pick<Article, 'language' | 'authors'>): string =>
  new Intl.ListFormat(article.language, { type: 'conjunction' }).format(article.authors.map(({ name }) => name));

export const imageOf = (article: Pick<Article, 'image'>): Image | null =>
  article.image && webAddress(article.image.url) ? article.image : null;

/** The same address if a page may link to it. Ingest let nothing else in; a page does not take its word for it. */
export const webAddress = (address: string | null): URL | null => {
  const url = address === null ? null : URL.parse(address);
  return url && (url.protocol === 'https:' || url.protocol === 'http:') ? url : null;
};

const EXCERPT_CHARACTERS = 220;

/** The beginning of the text, ended between two words. */
const excerptOf = (html: string): string => {
  const text = plainOf(html.slice(0, 4000)).replace(/\s+/g, ' ');
  if (text.length <= EXCERPT_CHARACTERS) return text;
  const cut = text.slice(0, EXCERPT_CHARACTERS);
  return `${cut.slice(0, Math.max(cut.lastIndexOf(' '), EXCERPT_CHARACTERS / 2)).replace(/[\s,;:.]+$/, '')} …`;
};

/** Those of these articles that are public now, in the order of the ids: a list may be a moment behind. */
export const liveArticles = async (
  articles: Articles,
  rows: readonly { readonly id: string }[],
): Promise<Article[]> => {
  const found = await articles.byIds([...new Set(rows.map(({ id }) => id))]);
  return found.filter(({ state }) => state === 'live').map(({ article }) => article);
};
