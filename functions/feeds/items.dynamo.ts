import * as z from 'zod';
import { sha256 } from '../shared/hash.ts';
import type { Item, Key } from '../shared/storage/table.ts';
import { type FeedName, feedKey } from './addresses.ts';
import { isAuthorList } from './authors.ts';
import type { Bound, Byline, DateRow, NewsRow, Place, Rewrite, StoryRow, Touch } from './read/listRows.ts';

/** The items of the table `feeds` and their keys; `docs/data.md` lists them. */

const SEQ_DIGITS = 12;
const padded = (seq: number): string => String(seq).padStart(SEQ_DIGITS, '0');

export const newsList = ({ language, topic }: FeedName): string => `NEWS#${language}#${topic}`;
export const newsSortKey = (announcedSeq: number): string => padded(announcedSeq);
export const dateList = ({ language, topic }: FeedName): string => `DATE#${language}#${topic}`;
/** Whatever an editor calls a story, the key is short and has no `#` in it. */
export const storyPartition = (story: string): string => `STORY#${sha256(story).slice(0, 40)}`;
export const boundList = ({ language, topic }: FeedName): string => `ARCHIVES#${language}#${topic}`;
export const boundSortKey = (through: number): string => padded(through);
export const rewriteList = ({ language, topic }: FeedName): string => `REWRITES#${language}#${topic}`;
export const rewriteSortKey = (ofSeq: number): string => padded(ofSeq);
/** `filling`: the name of a reader that fills some lists later, and remembers places of its own. */
export const placeKey = (id: string, filling?: string): Key => ({
  pk: `ARTICLE#${id}`,
  sk: filling === undefined ? 'PLACE' : `PLACE#${filling}`,
});
export const bylineList = (language: string): string => `BYLINES#${language}`;
/** After all of this entry's. */
export const bylinesThrough = (ofSeq: number): string => `${padded(ofSeq)}$`;

const seq = z.int().min(0);
const instant = z.string();

export const newsItem = z.object({
  seq,
  announcedSeq: seq,
  announcedAt: instant,
  id: z.string(),
  at: instant,
  gone: z.enum(['moved', 'retracted', 'expired']).nullable(),
  reason: z.string().nullable(),
});

export const boundItem = z.object({ seq, number: z.int().min(1), after: seq, through: seq });
export const bylineItem = z.object({ sk: z.string(), seq, topic: z.string(), name: z.string().nullable() });
export const rewriteItem = z.object({ seq, announcedSeq: seq });

export const dateItem = z.object({ sk: z.string(), id: z.string(), gone: z.boolean() });

export const storyItem = z.object({
  story: z.string(),
  language: z.string(),
  seq,
  at: instant,
  members: z.array(
    z.object({
      id: z.string(),
      topics: z.array(z.string()),
      authors: z.array(z.string()).default([]),
      announced: z.boolean(),
      url: z.string().nullable(),
      slug: z.string(),
    }),
  ),
});

export const placeItem = z.object({
  id: z.string(),
  seq,
  language: z.string(),
  topics: z.array(z.string()),
  /** Missing in what the first release wrote. */
  authors: z.array(z.string()).optional(),
  publishedAt: instant,
  story: z.string().nullable(),
  announcedSeq: seq.nullable(),
  announcedAt: instant.nullable(),
});

export const itemOfNews = ({ list, ...row }: NewsRow): Item => ({
  pk: newsList(list),
  sk: newsSortKey(row.announcedSeq),
  ...row,
});

export const itemOfDate = ({ list, publishedAt, ...row }: DateRow): Item => ({
  pk: dateList(list),
  sk: `${publishedAt}#${row.id}`,
  ...row,
});

export const itemOfBound = ({ list, ...bound }: Bound): Item => ({
  pk: boundList(list),
  sk: boundSortKey(bound.through),
  ...bound,
});

export const itemOfRewrite = ({ list, ...rewrite }: Rewrite): Item => ({
  pk: rewriteList(list),
  sk: rewriteSortKey(rewrite.seq),
  ...rewrite,
});

export const itemOfByline = ({ list: { language, topic }, ...byline }: Byline): Item => ({
  pk: bylineList(language),
  sk: `${padded(byline.seq)}#${topic}`,
  topic,
  ...byline,
});

export const itemOfStory = (row: StoryRow): Item => ({ pk: storyPartition(row.story), sk: row.language, ...row });

export const itemOfPlace = (place: Place, filling?: string): Item => ({ ...placeKey(place.id, filling), ...place });

/** The partition that says how each feed stands: a few small items for each, read with one query. */
export const STATES = 'FEEDS';
export const SETTINGS_SORT_KEY = 'SETTINGS';
/** Authors come and go by the hundred, so how their feeds stand is not read with all others. */
const statesOf = (feed: FeedName): string => (isAuthorList(feed) ? `AUTHOR#${feed.language}#${feed.topic}` : STATES);
const TOUCHED = 'TOUCHED#';
const BUILT = 'BUILT#';
const ARCHIVED = 'ARCHIVED#';
/** What an archive item of the first release, whose documents were plain bytes only, does not end in: it counts as none. */
const ENCODED = '#encoded';

export const settingsItem = z.object({ sk: z.literal(SETTINGS_SORT_KEY), hash: z.string(), generation: z.int() });
const shelving = z.object({ closed: seq, through: seq, newest: seq, count: seq, changedSeq: seq });
export const touchedItem = z.object({ sk: z.string().startsWith(TOUCHED), feed: z.string(), seq, shelving });
export const archivedItem = z.object({ sk: z.string().startsWith(ARCHIVED), feed: z.string(), archivedSeq: seq });
export const isArchivedPlain = ({ sk }: Item): boolean => sk.startsWith(ARCHIVED) && !sk.endsWith(ENCODED);
export const builtItem = z.object({ sk: z.string().startsWith(BUILT), feed: z.string(), seq, generation: z.int() });

export const touchKey = (feed: FeedName): Key => ({
  pk: statesOf(feed),
  sk: `${TOUCHED}${feed.language}#${feed.topic}`,
});

export const itemOfTouch = ({ feed, seq, shelving }: Touch): Item => ({
  ...touchKey(feed),
  feed: feedKey(feed),
  seq,
  shelving,
});

/** A feed's archive is on the shelf as of this entry, in every encoding. */
export const itemOfArchived = (feed: FeedName, archivedSeq: number): Item => ({
  ...archivedKey(feed),
  feed: feedKey(feed),
  archivedSeq,
});

export const archivedKey = (feed: FeedName): Key => ({
  pk: statesOf(feed),
  sk: `${ARCHIVED}${feed.language}#${feed.topic}${ENCODED}`,
});

/** Authors' feeds of a language are on the shelf as of this byline. */
const AUTHORS = 'AUTHORS#';
export const authorsItem = z.object({
  sk: z.string().startsWith(AUTHORS),
  language: z.string(),
  through: z.string(),
  generation: z.int(),
});
export const itemOfAuthors = (language: string, progress: { through: string; generation: number }): Item => ({
  pk: STATES,
  sk: `${AUTHORS}${language}`,
  language,
  ...progress,
});

/** What readers get of a feed. Read by whoever replaces it, and by nobody else. */
export const shownItem = z.object({ announcedSeqs: z.array(seq), generation: z.int() });
export const shownKey = ({ language, topic }: FeedName): Key => ({ pk: `SHOWN#${language}#${topic}`, sk: 'SHOWN' });

/** These lists hold what was on the wire before there were such lists, too. */
const FILLED = 'FILLED#';
export const filledItem = z.object({ sk: z.string().startsWith(FILLED), filling: z.string() });
export const filledKey = (filling: string): Key => ({ pk: STATES, sk: `${FILLED}${filling}` });

export const itemOfBuilt = ({ language, topic }: FeedName, built: { seq: number; generation: number }): Item => ({
  pk: STATES,
  sk: `${BUILT}${language}#${topic}`,
  feed: `${language}/${topic}`,
  ...built,
});
