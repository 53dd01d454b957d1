import { log } from '../../shared/log.ts';
import { type Instant, MINUTE_MS, msOf, SECOND_MS } from '../../shared/time.ts';
import type { Edition } from '../ledger/edition.ts';
import type { Counts } from '../ledger/page.ts';
import type { Standing } from '../ledger/standing.ts';
import { type Outlook, outlook } from './quota.ts';

/** How far an edition is, how fast it goes, and how long that will take if it goes on like this. */
export interface Progress extends Outlook {
  /** Readers for whom nothing is left to do. */
  readonly done: number;
  readonly of: number;
  /** Readers a second over the last minutes; `null` while nothing can be said. */
  readonly perSecond: number | null;
}

const SAMPLE_EVERY_MS = 10 * SECOND_MS;
const LOOK_BACK_MS = 5 * MINUTE_MS;
/** What was done in less is chance. */
const LEAST_MS = 2 * SECOND_MS;

export const doneOf = ({ audience, ready, claimed, sending }: Counts): number => audience - ready - claimed - sending;

export const isSampleDue = ({ samples }: Pick<Edition, 'samples'>, now: Instant): boolean => {
  const newest = samples.at(-1);
  return !newest || msOf(now) - msOf(newest.at) >= SAMPLE_EVERY_MS;
};

/** The edition with one more sample, and without those that are too old to say anything; `undefined`: there is a fresh one. */
export const sampled = (edition: Edition, { counts }: Standing, now: Instant): Edition | undefined => {
  if (!isSampleDue(edition, now)) return undefined;
  const recent = edition.samples.filter(({ at }) => msOf(now) - msOf(at) <= LOOK_BACK_MS);
  const after = { ...edition, samples: [...recent, { at: now, done: doneOf(counts) }] };
  log.info('edition.progress', { edition: edition.id, ...progressOf(after, counts, now) });
  return after;
};

type Going = Pick<Edition, 'state' | 'samples'> & Partial<Pick<Edition, 'quota' | 'paused' | 'startedAt'>>;

export const progressOf = (edition: Going, counts: Counts, now: Instant): Progress => {
  const done = doneOf(counts);
  const of = counts.audience;
  const perSecond = edition.state === 'sending' ? rateOf(edition.samples, done, now) : null;
  return {
    ...{ done, of },
    perSecond: perSecond === null ? null : Math.round(perSecond * 10) / 10,
    ...outlook(edition, { rest: of - done, done, perSecond, now }),
  };
};

/** From the oldest sample that is young enough up to this moment. */
const rateOf = (samples: Edition['samples'], done: number, now: Instant): number | null => {
  const from = samples.find(({ at }) => msOf(now) - msOf(at) <= LOOK_BACK_MS) ?? samples.at(-1);
  const ms = from ? msOf(now) - msOf(from.at) : 0;
  return from && ms >= LEAST_MS ? Math.max(0, ((done - from.done) * SECOND_MS) / ms) : null;
};
