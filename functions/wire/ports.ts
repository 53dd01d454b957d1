import type { Instant } from '../shared/time.ts';
import type { Article, Content } from './article.ts';
import type { Entry } from './entry.ts';

/** Reading the wire. */
export interface Wire {
  /** The highest `seq`; 0 for an empty wire. Never beyond a hole. */
  head(): Promise<number>;
  /** Entries with a higher `seq` in order, at most `limit`; never across a hole. */
  after(seq: number, limit: number): Promise<Entry[]>;
}

/** What the wire says of an article now. */
export interface CurrentArticle {
  readonly seq: number;
  readonly state: 'live' | 'retracted' | 'expired';
  readonly announcedSeq: number | null;
  readonly article: Article;
  readonly reason: string | null;
}

/** Current articles: the fold of the wire. */
export interface Articles {
  byId(id: string): Promise<CurrentArticle | undefined>;
  /** In the order of the ids; unknown ones are left out. */
  byIds(ids: readonly string[]): Promise<CurrentArticle[]>;
  /** The article that has, or once had, this slug in this language. */
  bySlug(language: string, slug: string): Promise<CurrentArticle | undefined>;
}

/** An article that is not public yet. */
export interface Draft {
  readonly id: string;
  readonly content: Content;
  readonly dueAt: Instant;
  readonly announce: boolean;
}

/** What a door hands over to be put on the wire. */
export interface Submission {
  readonly content: Content;
  /** The sender's own name for it: `null` where it has none. */
  readonly externalId: string | null;
  /** Keeps apart sources that use the same external ids; `api` for the newsroom API. */
  readonly source: string;
  /** Which of two versions is newer; the later one wins. The moment of arrival where the sender has no version. */
  readonly version: number;
  /** `undefined`: announced if it is new, and as before if it is a revision. */
  readonly announce: boolean | undefined;
  /** Not before this moment; past or `null`: at once. */
  readonly dueAt: Instant | null;
}

export type Outcome =
  | { readonly is: 'new' | 'revised' | 'unchanged'; readonly current: CurrentArticle }
  /** A newer version is there already. */
  | { readonly is: 'older'; readonly current: CurrentArticle }
  /** What was retracted stays away. */
  | { readonly is: 'retracted'; readonly current: CurrentArticle }
  /** It waits outside the wire. */
  | { readonly is: 'drafted' | 'unchanged-draft'; readonly draft: Draft };

/** Writing to the wire. Every call may be repeated: the same again answers `unchanged`. */
export interface Publisher {
  submit(submission: Submission): Promise<Outcome>;
  /**
   * The next revision of an article known by its id. `ifRevision`: only in place of that one, else `conflict`.
   */
  revise(
    id: string,
    content: Content,
    how: { ifRevision?: number; announce?: boolean },
  ): Promise<Outcome | { readonly is: 'unknown' } | { readonly is: 'conflict'; readonly current: CurrentArticle }>;
  retract(
    id: string,
    reason: string,
  ): Promise<{ readonly is: 'retracted' | 'already-retracted'; readonly current: CurrentArticle } | { readonly is: 'unknown' } | { readonly is: 'draft-removed'; readonly draft: Draft }>;
  draft(id: string): Promise<Draft | undefined>;
  /** Publishes the drafts whose moment has come and ends the articles whose time is over. Says how many. */
  ringClock(): Promise<{ published: number; expired: number }>;
}
