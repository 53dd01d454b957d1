import type { Instant } from '../../shared/time.ts';
import type { FeedName } from '../addresses.ts';

/** Why an article is in a list no more. `moved`: it lives on in another language or topic. */
type Gone = 'moved' | 'retracted' | 'expired';

interface Row {
  /** Of the entry that says so. A row is replaced only by one with a higher `seq`, and never deleted. */
  readonly seq: number;
}

/** An announced article in the list of a feed; keyed by its `announcedSeq`. */
export interface NewsRow extends Row {
  readonly list: FeedName;
  readonly announcedSeq: number;
  readonly announcedAt: Instant;
  readonly id: string;
  /** When the entry `seq` was written. */
  readonly at: Instant;
  readonly gone: Gone | null;
  /** Why it was retracted, for readers. */
  readonly reason: string | null;
}

/** An article in the list by publication date; keyed by that date and its id. */
export interface DateRow extends Row {
  readonly list: FeedName;
  readonly publishedAt: Instant;
  readonly id: string;
  readonly gone: boolean;
}

/** The live articles of one story in one language. There is one, unless an editor gave the story twice. */
export interface StoryRow extends Row {
  readonly story: string;
  readonly language: string;
  readonly at: Instant;
  readonly members: readonly StoryMember[];
}

export interface StoryMember {
  readonly id: string;
  readonly topics: readonly string[];
  /** Their slugs. */
  readonly authors: readonly string[];
  readonly announced: boolean;
  readonly url: string | null;
  readonly slug: string;
}

/** Where the lists have an article: what its next entry has to take it out of. */
export interface Place extends Row {
  readonly id: string;
  readonly language: string;
  readonly topics: readonly string[];
  /** Their slugs. */
  readonly authors: readonly string[];
  readonly publishedAt: Instant;
  readonly story: string | null;
  readonly announcedSeq: number | null;
  readonly announcedAt: Instant | null;
}

/** The last entry that changed a feed's list, or what the feed says of an article in it. */
export interface Touch extends Row {
  readonly feed: FeedName;
  readonly shelving: Shelving;
}

/** How far a feed's archive goes. */
export interface Shelving {
  /** Documents that are full; they are numbered from 1, the oldest. */
  readonly closed: number;
  /** The highest `announcedSeq` in them. */
  readonly through: number;
  /** The highest `announcedSeq` of all. */
  readonly newest: number;
  /** Articles that came into the list since the last document was full. */
  readonly count: number;
  /** The last entry that changed an archive document. */
  readonly changedSeq: number;
}

/** What an archive document spans: articles announced after the one, through the other. Never changes. */
export interface Bound extends Row {
  readonly list: FeedName;
  readonly number: number;
  readonly after: number;
  readonly through: number;
}

/** An entry, `seq`, that changed the archive document with this article in it. */
export interface Rewrite extends Row {
  readonly list: FeedName;
  readonly announcedSeq: number;
}

/** An entry, `seq`, that touched an author's feed. Never changes. */
export interface Byline extends Row {
  readonly list: FeedName;
  /** The author's name where the entry put an article of theirs there. */
  readonly name: string | null;
}

/** Lists that are filled with what was on the wire before there were such lists. */
export interface Filling {
  /** Distinguishes it from others. */
  readonly name: string;
  readonly holds: (list: FeedName) => boolean;
}

/** The name of the reader that fills the lists of authors. */
export const AUTHORS_FILLING = 'authors';

/** What some entries make of the lists. */
export interface Changes {
  readonly news: readonly NewsRow[];
  readonly dates: readonly DateRow[];
  readonly stories: readonly StoryRow[];
  readonly bounds: readonly Bound[];
  readonly rewrites: readonly Rewrite[];
  readonly bylines: readonly Byline[];
  readonly touches: readonly Touch[];
  readonly places: readonly Place[];
}

/** The lists as their keeper sees them, tombstones and all. */
export interface ListRows {
  /** Newest first. */
  news(list: FeedName, limit: number): Promise<NewsRow[]>;
  stories(of: readonly { readonly story: string; readonly language: string }[]): Promise<StoryRow[]>;
  places(ids: readonly string[]): Promise<Place[]>;
  /** How feeds were last touched; those that never were are left out. */
  touches(of: readonly FeedName[]): Promise<Touch[]>;
  /** The rows that an archive document spans, newest first. */
  newsWithin(bound: Pick<Bound, 'list' | 'after' | 'through'>): Promise<NewsRow[]>;
  /** In the order of their entries. */
  rewrites(list: FeedName, how: { readonly after: number; readonly limit: number }): Promise<Rewrite[]>;
  /** The archive document with this place in it, the one before it and the one after it, as far as there are such. */
  boundsAround(list: FeedName, announcedSeq: number): Promise<{ before?: Bound; here?: Bound; next?: Bound }>;
  /** What touched the authors' feeds of a language, in the order of the entries; `after`: the `key` of the last one seen. */
  bylines(
    language: string,
    how: { readonly after: string; readonly through: number; readonly limit: number },
  ): Promise<{ key: string; seq: number; list: FeedName }[]>;
  /** The same rows for a reader that fills some lists later: it remembers articles' places of its own, and writes no other list. */
  filling(filling: Filling): ListRows;
  /**
   * Writes the lists, then the touches, then the places. So whoever reads a touch finds everything that it stands for
   * in the lists, and whoever reads a place finds all of that entry done.
   */
  keep(changes: Changes): Promise<void>;
}
