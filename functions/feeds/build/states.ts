import { type FeedInfo, type FeedName, feedKey } from '../addresses.ts';

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
  readonly touched: ReadonlyMap<string, number>;
  readonly built: ReadonlyMap<string, Version>;
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
}

export interface WaitingFeed {
  readonly feed: FeedInfo;
  /** What it is to be built as. */
  readonly version: Version;
}

/**
 * The feeds that are not what they should be: touched by an entry since they were built, built under other settings,
 * or never built. So a changed config needs no word of its own, and a language or topic that is new has its feeds from
 * the first start on, empty as they may be.
 */
export const waitingFeeds = (
  feeds: readonly FeedInfo[],
  { touched, built }: FeedStates,
  generation: number,
): WaitingFeed[] =>
  feeds.flatMap((feed) => {
    const seq = touched.get(feedKey(feed)) ?? 0;
    const there = built.get(feedKey(feed));
    const isCurrent = there !== undefined && there.seq >= seq && there.generation >= generation;
    return isCurrent ? [] : [{ feed, version: { seq, generation } }];
  });
