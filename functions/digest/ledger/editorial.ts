import * as z from 'zod';
import type { Instant } from '../../shared/time.ts';
import type { Edition } from './edition.ts';
import { preflightSchema } from './preflight.ts';

const instant: z.ZodType<Instant> = z.string();

/** What people have done to an edition before it is sent. */
export const editorialFields = {
  /** Approved, but not sent before this moment: its slot, or so long it can be stopped as if nothing had been said. */
  sendsAt: instant.nullable().default(null),
  /** Whoever asked for it wants so long to think it over. */
  undoMinutes: z.int().default(0),
  /** The version of its curation that counts. `id` names its item; `null` where everything was undone. */
  curation: z
    .object({ version: z.int(), id: z.string().nullable(), by: z.string().nullable(), at: instant })
    .nullable()
    .default(null),
  /** The version of its curation with which its pieces were composed. */
  composed: z.int().default(0),
  /** Names of the keys with which it was edited, and of the one with which it was approved. */
  editedBy: z.array(z.string()).readonly().default([]),
  approvedBy: z.string().nullable().default(null),
  /** When a person last said that it may go: it is not asked of him again. */
  letGoAt: instant.nullable().default(null),
  /** What was found before it went out; of the pieces it names. */
  preflight: preflightSchema.nullable().default(null),
};

export const UNTOUCHED = {
  sendsAt: null,
  undoMinutes: 0,
  curation: null,
  composed: 0,
  editedBy: [],
  approvedBy: null,
  letGoAt: null,
  preflight: null,
} as const;

/** What was approved is not what would be sent. */
export const unapproved = (edition: Edition): Edition => ({
  ...edition,
  approved: false,
  approvedBy: null,
  sendsAt: null,
  state: edition.state === 'approved' ? 'ready' : edition.state,
});

/** As `composed`: whatever its editors want, its pieces are to be made anew. */
export const NEVER_COMPOSED = -1;

type Curated = Readonly<{ curation: { readonly version: number } | null; composed: number }>;

/** Its pieces are older than what its editors want. */
export const isBehind = ({ curation, composed }: Curated): boolean => (curation?.version ?? 0) !== composed;
