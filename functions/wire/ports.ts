import type { Instant } from '../shared/time.ts';
import type { Article, Content } from './article.ts';
import type { Entry } from './entry.ts';

/** Reading the wire. */
export interface Wire {
  /** The highest `seq`; 0 for an empty wire. Never beyond a hole. */
  head(): Promise<number>;
  /** Entries with a higher `seq` in order, at most `limit`; never across a hole. Those that are not `isPublic` too. */
  after(seq: number, limit: number): Promise<Entry[]>;
}

/** Where long texts lie: beside the table, whose items end at 400 KB. */
export interface Bodies {
  /** Keeps this text for the article; the same again is the same key. */
  keep(articleId: string, html: string): Promise<string>;
  read(key: string): Promise<string | undefined>;
  /** Removes every text that was ever kept for the article. */
  forget(articleId: string): Promise<void>;
}

/** How far a reader of the wire has come, and how often it has failed at what comes next. */
export interface Position {
  readonly seq: number;
  readonly failures: number;
}

/** The cursors of a room, by the name of the reader. */
export interface Cursors {
  /** `{ seq: 0, failures: 0 }` for a reader that has never moved. */
  read(name: string): Promise<Position>;
  /** `refused`: it no longer stands at `from`; somebody else reads under the same name. */
  move(name: string, from: Position, to: Position): Promise<'written' | 'refused'>;
}

/** What the wire says of an article now. */
export interface CurrentArticle {
  /** Of its latest entry that readers see. */
  readonly seq: number;
  readonly state: 'live' | 'retracted' | 'expired';
  readonly announcedSeq: number | null;
  readonly article: Article;
  readonly reason: string | null;
  /** What its latest revision put right. */
  readonly correction?: string;
}

/** Current articles: the fold of the wire. */
export interface Articles {
  byId(id: string): Promise<CurrentArticle | undefined>;
  /** In the order of the ids; unknown ones are left out. */
  byIds(ids: readonly string[]): Promise<CurrentArticle[]>;
  /** The article that has, or once had, this slug in this language. */
  bySlug(language: string, slug: string): Promise<CurrentArticle | undefined>;
}

/** The moment of a draft that nobody has finished yet: none that a clock will see. */
export const UNFINISHED: Instant = '9999-12-31T23:59:59.999Z';

/** An article that is not public yet. */
export interface Draft {
  readonly id: string;
  readonly content: Content;
  /** `UNFINISHED`: not before somebody says so. */
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
  /**
   * Not before this moment; past or `null`: at once. An article that is out stays out, whatever this says; what is
   * `UNFINISHED` is then refused, since its text would be public at once.
   */
  readonly dueAt: Instant | null;
  /**
   * The sender gave no publication date, and `content.publishedAt` is only the moment of arrival. It then says nothing
   * about whether the content is the same, and a revision keeps the date the article has.
   */
  readonly undated?: boolean;
  /** What this revision puts right, for readers of what was there before; a new article has nothing to put right. */
  readonly correction?: string;
}

export type Outcome =
  | { readonly is: 'new' | 'revised' | 'unchanged'; readonly current: CurrentArticle }
  /** A newer version is there already. */
  | { readonly is: 'older'; readonly current: CurrentArticle }
  /** What was retracted stays away. */
  | { readonly is: 'retracted'; readonly current: CurrentArticle }
  /** The article is out, and what was sent is `UNFINISHED`: nothing was changed. */
  | { readonly is: 'public'; readonly current: CurrentArticle }
  /** It waits outside the wire. */
  | { readonly is: 'drafted' | 'unchanged-draft'; readonly draft: Draft };

/** Writing to the wire. Every call may be repeated: the same again answers `unchanged`. */
export interface Publisher {
  submit(submission: Submission): Promise<Outcome>;
  /**
   * The next revision of an article known by its id; it wins over every version before. A draft is changed and goes on
   * waiting. `ifRevision`: only in place of that one, else `conflict`. `undated`: as in a `Submission`. `dueAt`: the
   * new moment of a draft (`null` or past: now); without it, the draft keeps its own. `UNFINISHED` is refused for an
   * article that is out.
   */
  revise(
    id: string,
    content: Content,
    how: { ifRevision?: number; announce?: boolean; correction?: string; undated?: boolean; dueAt?: Instant | null },
  ): Promise<Outcome | { readonly is: 'unknown' } | { readonly is: 'conflict'; readonly current: CurrentArticle }>;
  retract(id: string, reason: string): Promise<Retraction>;
  draft(id: string): Promise<Draft | undefined>;
  /** In the order of their moments, those that nobody has finished last; `after`: the `next` of the page before. */
  drafts(how: { after: string | undefined; limit: number }): Promise<{ items: Draft[]; next: string | undefined }>;
  /** Publishes the drafts whose moment has come and ends the articles whose time is over. Says how many. */
  ringClock(): Promise<{ published: number; expired: number }>;
}

export type Retraction =
  | { readonly is: 'retracted' | 'already-retracted'; readonly current: CurrentArticle }
  | { readonly is: 'draft-removed'; readonly draft: Draft }
  | { readonly is: 'unknown' };
