import { log } from '../../shared/log.ts';
import { type Instant, MINUTE_MS, msOf, SECOND_MS } from '../../shared/time.ts';
import type { Edition } from '../ledger/edition.ts';
import type { Counts } from '../ledger/page.ts';
import type { Standing } from '../ledger/standing.ts';

/** How far an edition is, how fast it goes, and how long that will take if it goes on like this. */
export interface Progress {
  /** Readers for whom nothing is left to do. */
  readonly done: number;
  readonly of: number;
  /** Readers a second over the last minutes; `null` while nothing can be said. */
  readonly perSecond: number | null;
  /** `null` while nobody knows: it has just begun, waits, or stands still. */
  readonly etaSeconds: number | null;
}

const SAMPLE_EVERY_MS = 10 * SECOND_MS;
const LOOK_BACK_MS = 5 * MINUTE_MS;
/** What was done in less is chance. */
const LEAST_MS = 2 * SECOND_MS;

const doneOf = ({ audience, ready, claimed, sending }: Counts): number => audience - ready - claimed - sending;

/** The edition with one more sample, and without those that are too old to say anything; `undefined`: there is a fresh one. */
export const sampled = (edition: Edition, { counts }: Standing, now: Instant): Edition | undefined => {
  const newest = edition.samples.at(-1);
  if (newest && msOf(now) - msOf(newest.at) < SAMPLE_EVERY_MS) return undefined;
  const recent = edition.samples.filter(({ at }) => msOf(now) - msOf(at) <= LOOK_BACK_MS);
  const after = { ...edition, samples: [...recent, { at: now, done: doneOf(counts) }] };
  log.info('edition.progress', { edition: edition.id, ...progressOf(after, counts, now) });
  return after;
};

export const progressOf = (edition: Pick<Edition, 'state' | 'samples'>, counts: Counts, now: Instant): Progress => {
  const done = doneOf(counts);
  const of = counts.audience;
  if (edition.state !== 'sending')
    return { done, of, perSecond: null, etaSeconds: edition.state === 'complete' ? 0 : null };
  const perSecond = rateOf(edition.samples, done, now);
  // Nothing was done for minutes: no number would be true.
  const etaSeconds = perSecond ? Math.ceil((of - done) / perSecond) : null;
  return { done, of, perSecond: perSecond === null ? null : Math.round(perSecond * 10) / 10, etaSeconds };
};

/** From the oldest sample that is young enough up to this moment. */
const rateOf = (samples: Edition['samples'], done: number, now: Instant): number | null => {
  const from = samples.find(({ at }) => msOf(now) - msOf(at) <= LOOK_BACK_MS) ?? samples.at(-1);
  const ms = from ? msOf(now) - msOf(from.at) : 0;
  return from && ms >= LEAST_MS ? Math.max(0, ((done - from.done) * SECOND_MS) / ms) : null;
};
