import * as z from 'zod';
import { sha256 } from '../../shared/hash.ts';

const finding = z.object({
  code: z.string(),
  /** Of the mails it concerns; without it, all of them. */
  language: z.string().optional(),
  /** For a person; whole, with its full stop. */
  sentence: z.string(),
});

export type Finding = Readonly<z.infer<typeof finding>>;

const findings = z.array(finding).readonly();

/** What was found before an edition went out. It holds for these pieces and no others. */
export const preflightSchema = z.object({
  pieces: z.string(),
  at: z.string(),
  /** For any of these it is not sent by itself. */
  refusals: findings,
  warnings: findings,
  /** What nobody could tell in time. */
  unchecked: findings,
  /** Pictures that are dead, by their marks: mails go without them. */
  leftOut: z.array(z.string()).readonly().default([]),
  /** A person has let it go in spite of its refusals. */
  accepted: z.object({ by: z.string().nullable(), at: z.string() }).nullable().default(null),
});

export type Preflight = Readonly<z.infer<typeof preflightSchema>>;

/** Stands for a picture’s address, which may have two thousand characters. */
export const pictureMark = (url: string): string => sha256(url).slice(0, 16);

/** The one of the pieces that are to be sent; `undefined`: they are still to be checked. */
export const currentPreflight = ({
  pieces,
  preflight,
}: {
  readonly pieces: string | null;
  readonly preflight: Preflight | null;
}): Preflight | undefined => (preflight && preflight.pieces === pieces ? preflight : undefined);

/**
 * Nobody may send in spite of these: readers could not leave, and mailbox providers would hold it against every mail to
 * come. All else ends well: a quota comes back, and whoever could not be sent to in the sandbox can be retried.
 */
const FIRM: ReadonlySet<string> = new Set(['one-click', 'header', 'not-composed']);

export const firmRefusal = (preflight: Preflight | undefined): Finding | undefined =>
  preflight?.refusals.find(({ code }) => FIRM.has(code));
