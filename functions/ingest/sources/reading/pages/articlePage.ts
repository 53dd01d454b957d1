import { textOfBytes } from '../../../../border/charset.ts';
import { plainOf, wordsOf } from '../../../../border/text.ts';
import { sha256 } from '../../../../shared/hash.ts';
import { pixels } from '../feeds/media.ts';
import {
  absolute,
  dateIn,
  type ForeignDocument,
  type FoundImage,
  type FoundItem,
  htmlOfText,
  lineOfHtml,
  summaryOf,
} from '../found.ts';
import { mainTextOf } from './mainText.ts';
import type { NewsArticle } from './newsArticle.ts';
import { type PageFacts, pageFactsOf } from './pageFacts.ts';

export type PageReading =
  | { readonly is: 'article'; readonly item: FoundItem }
  | { readonly is: 'no-article'; readonly because: string };

const EMPTY: Partial<NewsArticle> = {};

/**
 * The article on a page of a site, if it says that it is one: JSON-LD first, then OpenGraph, then what stands there. Its
 * text is read off the page; where far less of it is found than JSON-LD holds, JSON-LD's counts.
 */
export const readArticlePage = (document: ForeignDocument): PageReading => {
  const html = textOfBytes(document.bytes, document.contentType);
  const facts = pageFactsOf(html);
  const { article = EMPTY } = facts;
  const meta = (...names: string[]): string | undefined => names.flatMap((name) => facts.meta.get(name) ?? [])[0];
  const isArticle = facts.article !== undefined || meta('og:type') === 'article' || meta('article:published_time');
  if (!isArticle) return { is: 'no-article', because: 'its page does not say that it is an article' };
  const url = absolute(facts.canonical ?? meta('og:url'), document.url) ?? document.url;
  const title = lineOfHtml(article.headline ?? article.name ?? meta('og:title') ?? facts.title);
  if (title === '') return { is: 'no-article', because: 'its page has no title' };
  const item: FoundItem = {
    guid: null,
    url,
    title,
    summary: summaryOf(article.description ?? meta('og:description', 'description')),
    html: textOf(html, article.articleBody),
    base: document.url,
    publishedAt: dateIn(article.datePublished ?? meta('article:published_time', 'date'), document),
    modifiedAt: dateIn(article.dateModified ?? meta('article:modified_time'), document),
    authors: authorsOf(article, facts),
    categories: [...(article.articleSection ?? []), ...(article.keywords ?? []), ...tagsOf(facts)]
      .map(lineOfHtml)
      .filter(Boolean),
    image: imageOf(article, meta, document.url),
    language: null,
    story: storyOf(facts, document.url),
    rights: null,
  };
  return { is: 'article', item };
};

const textOf = (html: string, articleBody = ''): string => {
  const found = mainTextOf(html);
  const words = wordsOf(plainOf(found)).length;
  return wordsOf(articleBody).length > words * 2 ? htmlOfBody(articleBody) : found;
};

/** Plain text by the standard, but some sites put their markup there. */
const htmlOfBody = (body: string): string => {
  if (/<p[\s>]/i.test(body)) return body;
  return htmlOfText(/\n\s*\n/.test(body) ? body : body.replaceAll('\n', '\n\n'));
};

const tagsOf = ({ meta }: PageFacts): string[] => [
  ...(meta.get('article:section') ?? []),
  ...(meta.get('article:tag') ?? []),
];

const authorsOf = ({ author = [] }: Partial<NewsArticle>, { meta }: PageFacts): string[] => {
  const named = author.length > 0 ? author : [...(meta.get('author') ?? []), ...(meta.get('article:author') ?? [])];
  // `article:author` is mostly the address of a profile.
  return [...new Set(named.map(lineOfHtml))].filter((name) => name !== '' && !/^https?:/i.test(name));
};

const imageOf = (
  { image = [] }: Partial<NewsArticle>,
  meta: (...names: string[]) => string | undefined,
  base: string,
): FoundImage | null => {
  const url = absolute(image[0]?.url ?? meta('og:image', 'og:image:url', 'twitter:image'), base);
  if (url === null) return null;
  const isSame = url === absolute(meta('og:image', 'og:image:url'), base);
  const width = pixels(sizeIn(image[0], 'width') ?? (isSame ? meta('og:image:width') : undefined));
  const height = pixels(sizeIn(image[0], 'height') ?? (isSame ? meta('og:image:height') : undefined));
  const alt = lineOfHtml((isSame ? meta('og:image:alt', 'twitter:image:alt') : undefined) ?? '');
  return { url, alt, ...(width !== undefined && height !== undefined && { width, height }) };
};

const sizeIn = (picture: NewsArticle['image'][number] | undefined, side: 'width' | 'height'): unknown =>
  picture && side in picture ? Object.entries(picture).find(([name]) => name === side)?.[1] : undefined;

/** Translations name one another; the first of their addresses names the story. */
const storyOf = ({ alternates }: PageFacts, base: string): string | null => {
  const pages = alternates.filter(({ language }) => language !== 'x-default');
  const addresses = [...new Set(pages.flatMap(({ href }) => absolute(href, base) ?? []))].sort();
  const [first] = addresses;
  if (first === undefined || addresses.length < 2) return null;
  return first.length <= 200 ? first : sha256(first);
};
