import { type Instant, MINUTE_MS } from '../../shared/time.ts';
import { type Edition, reached } from '../ledger/edition.ts';
import type { Ledger } from '../ledger/ports.ts';
import { type Standing, standingOf } from '../ledger/standing.ts';

/** Why an edition is paused, where it was not SES. */
export const BY_A_PERSON = 'person';
/** The rest of the day's quota is kept for mails that people wait for. */
export const QUOTA_RESERVED = 'DailyQuotaReserved';
/** There is nothing left of it (`mail/sesError.ts`). */
const QUOTA_EXCEEDED = 'DailyQuotaExceeded';

export const isQuotaPause = (because: string): boolean => because === QUOTA_RESERVED || because === QUOTA_EXCEEDED;

/** So often we ask whether SES takes mail again. */
export const TRIED_EVERY_MS = 15 * MINUTE_MS;

/** It stopped by itself: a person lets it go on, or cancels it. */
export const TOO_MANY_BOUNCES = 'TooManyBounces';
export const TOO_MANY_COMPLAINTS = 'TooManyComplaints';
/** SES refused one reader after the other, all for one reason. */
export const EVERYBODY_REFUSED = 'EverybodyRefused';

/** Nobody but a person lets it go on. */
export const needsAPerson = (because: string): boolean =>
  because === BY_A_PERSON || because === EVERYBODY_REFUSED || isHalt(because);

const isHalt = (because: string): boolean => because === TOO_MANY_BOUNCES || because === TOO_MANY_COMPLAINTS;

export const paused = (edition: Edition, because: string, at: Instant): Edition | undefined =>
  edition.state === 'sending' || (because === BY_A_PERSON && goesOnByItself(edition))
    ? { ...edition, state: 'paused', paused: { because, at }, touchedAt: at }
    : undefined;

const goesOnByItself = ({ state, paused }: Edition): boolean =>
  state === 'paused' && paused !== null && !needsAPerson(paused.because);

/** Lets a paused edition go on: the doorbells of its pages are long gone, and ring again from the first that is open. */
export const resuming = async (
  { ledger, now }: { readonly ledger: Ledger; readonly now: () => Instant },
  id: string,
): Promise<(edition: Edition) => Edition | undefined> => {
  const [first] = await ledger.openPages(id, 1);
  const there = await ledger.edition(id);
  const halted = there?.paused && isHalt(there.paused.because) ? await standingOf(ledger, there) : undefined;
  return (edition) => {
    if (edition.state !== 'paused') return undefined;
    return {
      ...edition,
      ...(halted && accepting(edition, halted)),
      state: 'sending',
      paused: null,
      reach: reached(edition),
      rung: Math.min(edition.rung, first ? first.page - 1 : edition.rung),
      samples: [],
      touchedAt: now(),
    };
  };
};

/** A person has looked: what was heard up to now does not stop it again, and nobody waits for the first ones. */
const accepting = ({ first }: Edition, { counts, bounced, complained }: Standing): Partial<Edition> => ({
  accepted: { sent: counts.sent, bounced, complained },
  first: first && { ...first, passed: true },
});
