import { errorFields, log } from '../../shared/log.ts';
import { addMs, DAY_MS, type Instant, MINUTE_MS, msOf, SECOND_MS } from '../../shared/time.ts';
import type { Edition } from '../ledger/edition.ts';
import { isQuotaPause, needsAPerson, TRIED_EVERY_MS } from '../planning/pause.ts';
import type { Planning } from '../planning/ports.ts';
import { inTime } from '../preflight/ports.ts';

type Quota = NonNullable<Edition['quota']>;

const ASK_EVERY_MS = MINUTE_MS;

/**
 * What SES grants newsletters at this moment, asked once a minute while an edition is going. `undefined`: nothing newer
 * is known.
 */
export const quotaFor = async (
  { checks, now }: Pick<Planning, 'checks' | 'now'>,
  { quota }: Pick<Edition, 'quota'>,
  done: number,
): Promise<Quota | null | undefined> => {
  const at = now();
  if (!checks || (quota && msOf(at) - msOf(quota.at) < ASK_EVERY_MS)) return undefined;
  try {
    const granted = await inTime(checks.account.quota(), checks.outOfTime(), undefined);
    if (!granted) return undefined;
    const { perSecond, perDay, sentLastDay } = granted;
    if (!Number.isFinite(perDay)) return null;
    const forNewsletters = Math.max(0, perDay - checks.keepsFree(perDay));
    return { at, perSecond, perDay: forNewsletters, left: Math.max(0, forNewsletters - sentLastDay), done };
  } catch (error) {
    // Without it the time that is left is told by the speed alone; sending does not wait for that.
    log.warn('edition.quota', errorFields(error));
    return undefined;
  }
};

interface Going {
  readonly rest: number;
  readonly done: number;
  /** Mails a second, as far as that is known. */
  readonly perSecond: number | null;
  readonly now: Instant;
}

export interface Outlook {
  readonly etaSeconds: number | null;
  readonly resumesAround?: Instant;
}

type Known = Pick<Edition, 'state'> & Partial<Pick<Edition, 'quota' | 'paused' | 'startedAt'>>;

/** When it will be done if it goes on like this: at its speed, and where the day's quota ends before, as that comes back. */
export const outlook = (edition: Known, going: Going): Outlook => {
  const { state, paused } = edition;
  if (state === 'complete') return { etaSeconds: 0 };
  if (state === 'paused' && paused) return pausedOutlook(edition, paused, going);
  if (state !== 'sending') return { etaSeconds: null };
  const { rest, done, perSecond, now } = going;
  const left = leftNow(edition, done) + comingBack(edition, now);
  if (rest > left) return overDays(edition, { rest: rest - left, perSecond, now });
  // Nothing was done for minutes: no number would be true.
  return { etaSeconds: perSecond ? Math.ceil(rest / perSecond) : null };
};

const pausedOutlook = (
  edition: Known,
  { because, at }: NonNullable<Edition['paused']>,
  { rest, now }: Going,
): Outlook => {
  if (needsAPerson(because)) return { etaSeconds: null };
  const nextTry = { etaSeconds: null, resumesAround: later(addMs(at, TRIED_EVERY_MS), now) };
  if (!isQuotaPause(because)) return nextTry;
  const perSecond = edition.quota?.perSecond ?? null;
  const left = comingBack(edition, now);
  if (rest > left) {
    const days = overDays(edition, { rest: rest - left, perSecond, now });
    return left > 0 ? { ...days, resumesAround: nextTry.resumesAround } : days;
  }
  return { ...nextTry, etaSeconds: perSecond ? Math.ceil(rest / perSecond) : null };
};

/** Of today's quota, since SES was asked; what SES sets no limit to has no end. */
const leftNow = ({ quota }: Known, done: number): number =>
  quota ? Math.max(0, quota.left - (done - quota.done)) : Number.POSITIVE_INFINITY;

/** A day after they went out, mails leave the count one after the other, as fast as they came into it. */
const comingBack = ({ quota, startedAt }: Known, now: Instant): number => {
  const ms = startedAt ? msOf(now) - msOf(startedAt) : 0;
  return quota && ms >= DAY_MS ? Math.max(0, quota.perDay - ((ms % DAY_MS) / SECOND_MS) * quota.perSecond) : 0;
};

/**
 * SES counts the last 24 hours: a day after the edition began at the latest, what it was sent first is out of the count,
 * and so on every day. `rest`: for whom there is no room before.
 */
const overDays = ({ quota, startedAt, paused }: Known, { rest, perSecond, now }: Omit<Going, 'done'>): Outlook => {
  const from = startedAt ?? paused?.at ?? now;
  const days = Math.floor((msOf(now) - msOf(from)) / DAY_MS) + 1;
  const resumesAround = addMs(from, days * DAY_MS);
  if (!quota || quota.perDay <= 0 || !perSecond) return { etaSeconds: null, resumesAround };
  const fullDays = Math.ceil(rest / quota.perDay) - 1;
  const ms = msOf(resumesAround) - msOf(now) + fullDays * DAY_MS;
  return { etaSeconds: Math.ceil(ms / SECOND_MS + (rest - fullDays * quota.perDay) / perSecond), resumesAround };
};

const later = (one: Instant, other: Instant): Instant => (one > other ? one : other);
