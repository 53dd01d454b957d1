import { type Article, linkOf } from '../../wire/article.ts';
import type { Site } from '../ports.ts';
import { imageOf, webAddress } from './teaser.ts';

/** What schema.org calls a `NewsArticle`: from this, not from the page's text, search engines take title and date. */
export const newsArticleOf = ({ house }: Pick<Site, 'house'>, article: Article, translations: readonly Article[]) => ({
  '@context': 'https://schema.org',
  ...namedOf(article, house.siteUrl),
  mainEntityOfPage: addressOf(article, house.siteUrl),
  ...(article.summary !== null && { description: article.summary }),
  datePublished: article.publishedAt,
  // The first version of an imported article came onto the wire long after it was written, and changed nothing.
  dateModified: article.revision > 1 ? article.updatedAt : article.publishedAt,
  ...(article.authors.length > 0 && { author: article.authors.map(({ name }) => ({ '@type': 'Person', name })) }),
  ...imageIn(article),
  ...licenceOf(article, house.newsroom.licence?.url),
  publisher: {
    '@type': 'Organization',
    name: house.newsroom.name,
    url: house.siteUrl,
    logo: { '@type': 'ImageObject', url: `${house.siteUrl}/assets/${house.newsroom.look.logo}` },
  },
  ...translationsIn(article, translations, house.siteUrl),
});

/**
 * JSON that may stand inside a `<script>` of HTML: without `<`, nothing in it can end the element or begin a comment
 * (HTML section 4.12.1.3). A data block is not run, so the pages' policy against scripts lets it be.
 */
export const scriptSafe = (value: unknown): string => JSON.stringify(value).replaceAll('<', '\\u003c');

/** An article that says who has its rights is not the newsroom's to license. */
const licenceOf = ({ rights }: Article, url: string | undefined) =>
  rights === null && url !== undefined ? { license: url } : {};

const namedOf = (article: Article, siteUrl: string) => ({
  '@type': 'NewsArticle',
  '@id': addressOf(article, siteUrl),
  url: addressOf(article, siteUrl),
  headline: article.title,
  inLanguage: article.language,
});

/** The canonical address, as the page's own `link` says it. */
const addressOf = (article: Article, siteUrl: string): string =>
  webAddress(article.url)?.href ?? linkOf({ ...article, url: null }, siteUrl);

const imageIn = (article: Article) => {
  const image = imageOf(article);
  if (!image) return {};
  const { url, alt, credit, width, height } = image;
  return {
    image: {
      '@type': 'ImageObject',
      url,
      ...(alt !== '' && { caption: alt }),
      ...(credit !== undefined && { creditText: credit }),
      ...(width !== undefined && { width }),
      ...(height !== undefined && { height }),
    },
  };
};

/** Nobody says which of a story's texts was written first. The one published first counts as that, of two the first id. */
const translationsIn = (article: Article, translations: readonly Article[], siteUrl: string) => {
  const named = (one: Article) => namedOf(one, siteUrl);
  const first = translations.reduce((a, b) => (isEarlier(b, a) ? b : a), article);
  if (first !== article) return { translationOfWork: named(first) };
  return translations.length > 0 ? { workTranslation: translations.map(named) } : {};
};

const isEarlier = (a: Article, b: Article): boolean =>
  a.publishedAt < b.publishedAt || (a.publishedAt === b.publishedAt && a.id < b.id);
