import { labelIn, type Newsroom } from '../shared/config.ts';
import { sha256 } from '../shared/hash.ts';
import { slugOf } from '../wire/append/slug.ts';
import { type FeedInfo, type FeedName, infoOf } from './addresses.ts';

const AUTHORS = 'authors/';

/**
 * The author's part of an address, the same for every spelling of the name that differs in case or accents only; `null`
 * for a name without a letter or digit. A name in another script than Latin has no letters that every program takes in
 * an address, so its own hash stands for them.
 */
export const authorSlug = (name: string): string | null => {
  if (!/[\p{L}\p{N}]/u.test(name)) return null;
  const slug = slugOf(name);
  return /^[a-z0-9-]+$/.test(slug) ? slug : `author-${sha256(slug).slice(0, 12)}`;
};

/** The slugs of an article's authors, each once. */
export const authorSlugs = (authors: readonly { readonly name: string }[]): string[] => [
  ...new Set(authors.flatMap(({ name }) => authorSlug(name) ?? [])),
];

/** The list and feed of an author in a language: `authors/{slug}` stands where a topic stands. */
export const authorList = (language: string, slug: string): FeedName => ({ language, topic: `${AUTHORS}${slug}` });

export const isAuthorList = ({ topic }: Pick<FeedName, 'topic'>): boolean => topic.startsWith(AUTHORS);

/** The slug, or `null` where it is a topic's feed. */
export const slugIn = (feed: Pick<FeedName, 'topic'>): string | null =>
  isAuthorList(feed) ? feed.topic.slice(AUTHORS.length) : null;

/** An author's feed. `names`: as its articles spell the author, the newest first. */
export const authorFeed = (newsroom: Newsroom, list: FeedName, names: readonly string[]): FeedInfo => {
  const { language, topic } = list;
  const label = newsroom.languages.find(({ id }) => id === language)?.label ?? language;
  const name = newsroom.languages.length > 1 ? `${newsroom.name} (${label})` : newsroom.name;
  const tagline = labelIn(newsroom.tagline, language, newsroom);
  // Two people of the same name, or two spellings of one, share a feed: its description says whose it is.
  const whose = names.length > 0 ? names : [slugIn(list) ?? topic];
  return infoOf(list, `${name} – ${whose[0]}`, `${whose.join(', ')} – ${tagline}`, `/${language}/feeds/${topic}`);
};

/** How these articles spell the author, each spelling once. */
export const spellingsOf = (
  list: FeedName,
  articles: Iterable<{ readonly authors: readonly { readonly name: string }[] }>,
): string[] => {
  const slug = slugIn(list);
  const all = [...articles].flatMap(({ authors }) => authors.map(({ name }) => name));
  return [...new Set(all.filter((name) => authorSlug(name) === slug))];
};
