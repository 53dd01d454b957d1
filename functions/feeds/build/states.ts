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

/** How each feed stands, by `feedKey`. */
export interface FeedStates {
  readonly settings: { readonly hash: string; readonly generation: number } | null;
  readonly touched: ReadonlyMap<string, { readonly seq: number; readonly shelving: Shelving }>;
  readonly built: ReadonlyMap<string, Version>;
  /** The last entry whose changes of archive documents readers get. */
  readonly archived: ReadonlyMap<string, number>;
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
    const { seq, shelving } = touched.get(feedKey(feed)) ?? { seq: 0, shelving: NOTHING_ARCHIVED };
    const archivedSeq = archived.get(feedKey(feed)) ?? 0;
    const there = built.get(feedKey(feed));
    const isCurrent = there !== undefined && there.seq >= seq && there.generation >= generation;
    const isArchived = archivedSeq >= shelving.changedSeq;
    return isCurrent && isArchived ? [] : [{ feed, version: { seq, generation }, shelving, archivedSeq }];
  });
