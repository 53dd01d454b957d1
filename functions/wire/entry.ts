import type { Instant } from '../shared/time.ts';
import type { Article } from './article.ts';

/**
 * What an entry says of its article. `aliased` is for the wire itself: an article became known under a further
 * identity, and nothing that a reader sees has changed.
 */
export type EntryKind = 'published' | 'revised' | 'retracted' | 'expired' | 'aliased';

/** One line of the wire. Written once; a later retraction blanks the article's text in it and nothing else. */
export interface Entry {
  /** From 1, without a gap. */
  readonly seq: number;
  readonly kind: EntryKind;
  readonly at: Instant;
  /** Whoever wrote it recognises it after an unclear answer by this id. */
  readonly attempt: string;
  /** Whether this entry is news: `false` for imports, first polls, and where the sender says so. */
  readonly announce: boolean;
  /** The `seq` of the article's first announced entry, this one included; `null` while there was none. Orders feeds. */
  readonly announcedSeq: number | null;
  readonly article: Article;
  /** Language and topics in the article's entry before this one: the lists it may have to leave. */
  readonly before: { readonly language: string; readonly topics: readonly string[] } | null;
  /** Why it was retracted, for readers. */
  readonly reason: string | null;
  /** What this revision puts right, for readers of what was there before. */
  readonly correction?: string;
  /** Hashed names this article is known by; see `append/identity.ts`. */
  readonly identities: readonly string[];
}

/** Whether a reader outside the wire is shown this entry. */
export const isPublic = (entry: Entry): boolean => entry.kind !== 'aliased';

export const isLive = (kind: EntryKind): boolean => kind === 'published' || kind === 'revised';
