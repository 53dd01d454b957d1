import { type FeedInfo, type FeedName, feedKey } from '../addresses.ts';
import { NOTHING_ARCHIVED } from '../read/draft.ts';
import type { Shelving } from '../read/listRows.ts';

/** What a feed was built from. Neither number ever goes back in what readers get. */
export interface Version {
  /** The last entry that touched the feed; 0 for a feed that nothing was ever in. */
  readonly seq: number;
  /** Counts the newsroom's settings: with every change of them it grows by one. */
  readonly generation: number;
}

/** How each feed stands, by the `feedKey` of its list. */
export interface FeedStates {
  readonly settings: { readonly hash: string; readonly generation: number } | null;
  readonly touched: ReadonlyMap<string, { readonly seq: number; readonly shelving: Shelving }>;
  readonly built: ReadonlyMap<string, Version>;
  /** The last entry whose changes of archive documents readers get. */
  readonly archived: ReadonlyMap<string, number>;
  /** How far the authors' feeds of each language are what they should be. */
  readonly authors: ReadonlyMap<string, AuthorsBuilt>;
  /** Lists that hold what was on the wire before them, by their filling's name. */
  readonly filled: ReadonlySet<string>;
}

export interface Shown {
  readonly announcedSeqs: readonly number[];
  readonly generation: number;
}

export interface AuthorsBuilt {
  /** The key of the last byline. */
  readonly through: string;
  readonly generation: number;
}

/** Remembers how each feed stands. */
export interface StateKeeper {
  read(): Promise<FeedStates>;
  /** `refused`: the settings are no longer those that were read. */
  settle(
    settings: { hash: string; generation: number },
    former: FeedStates['settings'],
  ): Promise<'written' | 'refused'>;
  /** Says that readers get the feed as of this version, or of a later one. */
  keepBuilt(feed: FeedName, version: Version): Promise<void>;
  keepArchived(feed: FeedName, seq: number): Promise<void>;
  /** As in `FeedStates.archived`, for an author's feed. */
  archivedOf(feed: FeedName): Promise<number>;
  keepAuthors(language: string, built: AuthorsBuilt): Promise<void>;
  keepFilled(filling: string): Promise<void>;
  /** What readers get of a feed, by `announcedSeq`; `undefined` where nobody noted it. */
  shownOf(feed: FeedName): Promise<Shown | undefined>;
  keepShown(feed: FeedName, shown: Shown): Promise<void>;
}

export interface WaitingFeed {
  readonly feed: FeedInfo;
  /** What it is to be built as. */
  readonly version: Version;
  readonly shelving: Shelving;
  readonly archivedSeq: number;
}

/**
 * The feeds that are not what they should be: touched by an entry since they were built, built under other settings,
 * or never built. So a changed config needs no word of its own, and a language or topic that is new has its feeds from
 * the first start on, empty as they may be.
 */
export const waitingFeeds = (
  feeds: readonly FeedInfo[],
  { touched, built, archived }: FeedStates,
  generation: number,
): WaitingFeed[] =>
  feeds.flatMap((feed) => {
    const key = feedKey(feed.list);
    const { seq, shelving } = touched.get(key) ?? { seq: 0, shelving: NOTHING_ARCHIVED };
    const archivedSeq = archived.get(key) ?? 0;
    const there = built.get(key);
    const isCurrent = there !== undefined && there.seq >= seq && there.generation >= generation;
    const isArchived = archivedSeq >= shelving.changedSeq;
    return isCurrent && isArchived ? [] : [{ feed, version: { seq, generation }, shelving, archivedSeq }];
  });

/** The key of the last byline whose feed readers get under these settings. */
export const bylinesBuilt = (built: AuthorsBuilt | undefined, generation: number): string =>
  built?.generation === generation ? built.through : '';
