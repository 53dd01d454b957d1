import { plainOf } from '../../border/plain.ts';
import { topicsNow } from '../../shared/config/topics.ts';
import { labelIn, type Newsroom } from '../../shared/config.ts';
import { type Article, guidOf, type Image, linkOf } from '../../wire/article.ts';
import { rslContent } from '../rsl.ts';
import type { FeedItem } from './document.ts';
import { soundLine, soundXml, webAddress } from './text.ts';

export interface Around {
  readonly newsroom: Newsroom;
  readonly siteUrl: string;
}

/** Throws where the article cannot be in a feed: without a title, a date or an address. */
export const itemOf = (
  article: Article,
  translations: FeedItem['translations'],
  { newsroom, siteUrl }: Around,
): FeedItem => {
  const title = soundLine(article.title);
  if (title === '') throw new TypeError('The article has no title.');
  const html = soundXml(article.html);
  const link = webAddress(linkOf(article, siteUrl));
  // Whoever has the rights of this article has not said what the newsroom says of its own.
  const licence = article.rights === null ? newsroom.licence : undefined;
  return {
    guid: guidOf(article, newsroom.tagAuthority),
    link,
    title,
    summary: soundLine(article.summary ?? '') || opening(html),
    html: newsroom.feeds.text === 'summary' ? '' : html,
    language: article.language,
    authors: article.authors.flatMap(({ name, email }) => authorOf(soundLine(name), email)),
    categories: topicsNow(newsroom, article.topics).flatMap((id) => categoryOf(id, article.language, newsroom)),
    publishedAt: moment(article.publishedAt),
    updatedAt: moment(article.updatedAt),
    isRevised: article.revision > 1,
    rights: article.rights === null ? null : soundLine(article.rights),
    licence: licence?.url ?? null,
    rsl: rslContent(licence, link),
    image: article.image && imageOf(article.image),
    translations,
  };
};

const LONGEST_OPENING = 300;

/** The first words of an article that brought no summary. */
const opening = (html: string): string => {
  const text = soundLine(plainOf(html));
  if (text.length <= LONGEST_OPENING) return text;
  const whole = text
    .slice(0, LONGEST_OPENING)
    .toWellFormed()
    .replace(/\s\S*$/, '');
  return `${whole}…`;
};

/** An instant that really is one: a bad date must not reach a reader as “Invalid Date”. */
const moment = (instant: string): string => new Date(instant).toISOString();

const EMAIL = /^[^\s@<>()"]+@[^\s@<>()"]+$/;

const authorOf = (name: string, email: string | undefined): FeedItem['authors'] => {
  if (name === '') return [];
  return [email !== undefined && EMAIL.test(email) ? { name, email } : { name }];
};

/** Topics that the config knows no more have no name to show. */
const categoryOf = (id: string, language: string, newsroom: Newsroom): FeedItem['categories'] => {
  const topic = newsroom.topics.find((one) => one.id === id);
  return topic ? [{ id, label: soundLine(labelIn(topic.label, language, newsroom)) }] : [];
};

const imageOf = ({ url, alt, credit, width, height, type, bytes }: Image): Image | null => {
  const address = URL.parse(url);
  if (address?.protocol !== 'https:' && address?.protocol !== 'http:') return null;
  return {
    url: address.href,
    alt: soundLine(alt),
    ...(credit !== undefined && { credit: soundLine(credit) }),
    ...(width !== undefined && { width }),
    ...(height !== undefined && { height }),
    ...(type !== undefined && { type }),
    ...(bytes !== undefined && { bytes }),
  };
};
