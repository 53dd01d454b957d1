import { type Article, linkOf } from '../../wire/article.ts';
import type { CurrentArticle } from '../../wire/ports.ts';
import { ALL_TOPICS, type FeedInfo, feedKey } from '../addresses.ts';
import { authorSlugs, slugIn } from '../authors.ts';
import { storyKey } from '../read/draft.ts';
import type { ListRows, NewsRow, StoryRow } from '../read/listRows.ts';
import type { RecentArticles } from './recentArticles.ts';
import { MOST_ROWS, NEWEST, windowOf } from './window.ts';

/** A little more than a current document needs, so that one query is enough nearly always. */
const FIRST_LOOK = NEWEST + 15;

/** What the documents of some feeds are made from. What two of them share is read once. */
export interface Gathered {
  /** By `feedKey`; newest first. */
  readonly windows: ReadonlyMap<string, readonly NewsRow[]>;
  readonly articles: ReadonlyMap<string, CurrentArticle>;
  readonly stories: ReadonlyMap<string, StoryRow>;
}

interface Sources {
  readonly rows: ListRows;
  readonly articles: RecentArticles;
  readonly languages: readonly string[];
}

export const gather = async ({ rows, articles, languages }: Sources, feeds: readonly FeedInfo[]): Promise<Gathered> => {
  const windows = new Map(
    await Promise.all(feeds.map(async (feed) => [feedKey(feed), await readWindow(rows, feed)] as const)),
  );
  const wanted = new Map<string, NewsRow>();
  for (const row of [...windows.values()].flat())
    if (!row.gone && (wanted.get(row.id)?.seq ?? 0) < row.seq) wanted.set(row.id, row);
  const found = await articles.at([...wanted.values()]);
  const stories = new Set([...found.values()].flatMap(({ article }) => article.story ?? []));
  const members = await rows.stories(
    [...stories].flatMap((story) => languages.map((language) => ({ story, language }))),
  );
  return { windows, articles: found, stories: new Map(members.map((row) => [storyKey(row), row])) };
};

const readWindow = async (rows: ListRows, { list }: FeedInfo): Promise<NewsRow[]> => {
  const newest = await rows.news(list, FIRST_LOOK);
  const window = windowOf(newest);
  // All that was read is in, and there may be more.
  if (window.length === FIRST_LOOK) return windowOf(await rows.news(list, MOST_ROWS));
  return window;
};

/** Whether the article is, by what it says itself, one that the feed shows: lists may be a moment behind it. */
export const belongs = ({ state, article }: CurrentArticle, { list }: FeedInfo): boolean => {
  if (state !== 'live' || article.language !== list.language) return false;
  const slug = slugIn(list);
  if (slug !== null) return authorSlugs(article.authors).includes(slug);
  // A list's name is made of all the ids that its topic has had.
  return list.topic === ALL_TOPICS || list.topic.split('+').some((id) => article.topics.includes(id));
};

/** The rows that say who translates the article; none where the story does not know it. */
export const storyRowsOf = (
  { id, story, language }: Article,
  stories: Gathered['stories'],
  languages: readonly string[],
): StoryRow[] => {
  const of = (one: string): StoryRow | undefined =>
    story === null ? undefined : stories.get(storyKey({ story, language: one }));
  if (!of(language)?.members.some((member) => member.id === id)) return [];
  return languages.flatMap((one) => of(one) ?? []);
};

/** Where the article is read in the other languages. */
export const translationsIn = (
  rows: readonly StoryRow[],
  own: string,
  siteUrl: string,
): { language: string; url: string }[] =>
  rows.flatMap(({ language, members }) => {
    const newest = members.at(-1);
    return newest && language !== own ? [{ language, url: linkOf({ ...newest, language }, siteUrl) }] : [];
  });
