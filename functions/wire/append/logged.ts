import * as z from 'zod';
import type { Entry } from '../entry.ts';
import type { Identity } from './identity.ts';

export type State = 'live' | 'retracted' | 'expired';

/**
 * An entry together with what only the wire needs: to judge what comes next for this article, and to project the entry
 * without looking at anything else. An article's latest logged entry is its current state.
 */
export interface LoggedEntry extends Entry {
  readonly state: State;
  /** The article's latest entry that readers see: this one, unless it is `aliased`. */
  readonly publicSeq: number;
  /** The article's entry before this one: a retraction walks back along these. */
  readonly previousSeq: number | null;
  /** Which of two contents is newer; later wins. */
  readonly version: number;
  readonly contentHash: string;
  /** Every content seen at this version: of two contents at one version the second counts, and the first stays known. */
  readonly seenHashes: readonly string[];
  /** Those of `identities` that this entry brings. */
  readonly newIdentities: readonly Identity[];
  /** Where the text lies if it is too long for the table; `article.html` is empty then. */
  readonly bodyKey: string | null;
}

const text = z.string();
const texts = z.array(text);
const orNull = text.nullable();
const count = z.int().min(1);

export const contentFields = {
  language: text,
  title: text,
  summary: orNull,
  section: orNull,
  html: text,
  topics: texts,
  authors: z.array(z.object({ name: text, email: text.exactOptional() })),
  url: orNull,
  image: z
    .object({
      url: text,
      alt: text,
      credit: text.exactOptional(),
      width: z.number().exactOptional(),
      height: z.number().exactOptional(),
      type: text.exactOptional(),
      bytes: z.number().exactOptional(),
    })
    .nullable(),
  publishedAt: text,
  expiresAt: orNull,
  story: orNull,
  rights: orNull,
};

/** What comes back from the table, keys left out. */
export const loggedEntry: z.ZodType<LoggedEntry> = z.object({
  seq: count,
  kind: z.enum(['published', 'revised', 'retracted', 'expired', 'aliased']),
  at: text,
  attempt: text,
  announce: z.boolean(),
  announcedSeq: count.nullable(),
  article: z.object({ id: text, revision: count, slug: text, updatedAt: text, ...contentFields }),
  before: z.object({ language: text, topics: texts }).nullable(),
  reason: orNull,
  correction: text.exactOptional(),
  identities: texts,
  state: z.enum(['live', 'retracted', 'expired']),
  publicSeq: count,
  previousSeq: count.nullable(),
  version: z.number(),
  contentHash: text,
  seenHashes: texts,
  newIdentities: texts,
  bodyKey: orNull,
});
