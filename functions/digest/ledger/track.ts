import * as z from 'zod';
import { type Cadence, cadenceSchema } from '../../shared/config.ts';
import type { Instant } from '../../shared/time.ts';
import type { Edition } from './edition.ts';

const instant: z.ZodType<Instant> = z.string();

/** An edition that began sending, as later editions need to know it. */
const begun = z.object({ edition: z.string(), plannedAt: instant, startedAt: instant, upTo: z.int() });

/** What a newsletter's cadence has sent so far. It moves in one put, when an edition begins. */
export const trackSchema = z.object({
  newsletter: z.string(),
  cadence: cadenceSchema,
  version: z.int(),
  /** Since when this cadence has had the slots it has: what lies before was never missed. */
  since: instant,
  /** Which slots these are, in words; `null` where an earlier release has not said. */
  slots: z.string().nullable().default(null),
  /** What was covered before the first of `begun`. */
  first: z.int(),
  /** Announced entries up to here have had their edition. */
  coveredThrough: z.int(),
  /** Up to here nothing waits on the wire for whoever wants each article at once. */
  looked: z.int().default(0),
  /** The edition that is sending. */
  sending: z.string().nullable(),
  /** Newest last. Enough for every change of cadence that still matters. */
  begun: z.array(begun).readonly(),
});

export type Track = Readonly<z.infer<typeof trackSchema>>;
export type Begun = z.infer<typeof begun>;

/** Two months of daily editions; of each article at once, as many as an item has room for. */
const mostBegun = (cadence: Cadence): number => (cadence === 'immediate' ? 1500 : 70);

export const newTrack = (newsletter: string, cadence: Cadence, since: Instant, coveredThrough: number): Track => ({
  newsletter,
  cadence,
  version: 1,
  since,
  slots: null,
  first: coveredThrough,
  coveredThrough,
  looked: 0,
  sending: null,
  begun: [],
});

/**
 * The cadence as the configuration has it today. Slots that another timetable would have had were never missed under
 * this one. An earlier release did not write down which it followed: it is taken to have been the one of today.
 */
export const following = (track: Track, slots: string, now: Instant): Track | undefined =>
  track.slots === slots ? undefined : { ...track, slots, since: track.slots === null ? track.since : now };

/**
 * `wait`: another one is sending. `superseded`: what it covers has had an edition by now, or it was planned on another
 * footing; it must not be sent.
 */
export type Beginning = { readonly is: 'begins'; readonly track: Track } | { readonly is: 'wait' | 'superseded' };

type WithBounds = Pick<Edition, 'id' | 'startedAt'> & {
  readonly after: number;
  readonly upTo: number;
  readonly plannedAt: Instant;
};

export const beginOn = (track: Track, edition: WithBounds, now: Instant): Beginning => {
  if (track.sending === edition.id) return { is: 'begins', track };
  if (track.sending !== null) return { is: 'wait' };
  // It began before, and now sends to those who were missing: nothing is covered anew.
  if (edition.startedAt !== null) return { is: 'begins', track: { ...track, sending: edition.id } };
  if (track.coveredThrough !== edition.after) return { is: 'superseded' };
  return { is: 'begins', track: { ...covering(track, edition, now), sending: edition.id } };
};

const covering = (track: Track, { id, plannedAt, upTo }: WithBounds, startedAt: Instant): Track => {
  const all = [...track.begun, { edition: id, plannedAt, startedAt, upTo }];
  const most = mostBegun(track.cadence);
  const forgotten = all.length > most ? all[0] : undefined;
  return { ...track, coveredThrough: upTo, first: forgotten?.upTo ?? track.first, begun: all.slice(-most) };
};

/**
 * An edition of each article at once that had no reader: its articles are not kept for whoever comes next, who asked
 * for news and not for a month of it.
 */
export const passedOver = (track: Track, edition: WithBounds, now: Instant): Track | undefined =>
  track.coveredThrough === edition.after ? covering(track, edition, now) : undefined;

/** When the track says this edition began. */
export const startOf = (track: Track, edition: string): Instant | undefined =>
  track.begun.findLast((one) => one.edition === edition)?.startedAt;

/**
 * The edition is over, and the next may begin. One that took the track but was cancelled before its first page gives
 * back what it would have covered.
 */
export const releasedBy = (track: Track, edition: Edition): Track | undefined => {
  if (track.sending !== edition.id) return undefined;
  const freed = { ...track, sending: null };
  if (edition.startedAt !== null || edition.after === null) return freed;
  return {
    ...freed,
    coveredThrough: edition.after,
    begun: track.begun.filter((one) => one.edition !== edition.id),
  };
};
