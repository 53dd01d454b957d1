import { addMs, DAY_MS, type Instant } from '../../shared/time.ts';
import { withConsent } from '../joining/consent.ts';
import { type Circumstances, choicesOf, type Subscriber, type Subscription } from '../subscriber.ts';
import { proven, subscriptionOf, withSubscription } from '../subscription.ts';

/** Whoever wants more than a year of quiet is better served by leaving. */
export const LONGEST_PAUSE_DAYS = 366;
const MOST_PAUSES = 10;

/** Until when no edition goes to this reader, if that is so now. */
export const pausedUntil = ({ pauses = [] }: Pick<Subscription, 'pauses'>, at: Instant): Instant | null => {
  const last = pauses.at(-1);
  return last && last.from <= at && at < last.until ? last.until : null;
};

/** Whether a day may be paused until; further away than a year, or past, it may not. */
export const mayPauseUntil = (until: Instant, now: Instant): boolean =>
  until > now && until <= addMs(now, LONGEST_PAUSE_DAYS * DAY_MS);

export interface PauseOutcome {
  readonly is: 'paused' | 'resumed' | 'unchanged' | 'unknown';
  readonly subscriber: Subscriber;
}

/**
 * No editions until then (`null`: from now on again). Nobody has to bring the reader back: an edition looks at the
 * moments, and the first one after a pause takes up where the last one before it ended.
 */
export const pause = (
  subscriber: Subscriber,
  newsletter: string,
  until: Instant | null,
  circumstances: Circumstances,
): PauseOutcome => {
  const subscription = subscriptionOf(subscriber, newsletter);
  if (subscription?.state !== 'active' || subscriber.suppressed) return { is: 'unknown', subscriber };
  const before = pausedUntil(subscription, circumstances.at);
  if (before === until) return { is: 'unchanged', subscriber };
  const changed = { ...withPause(subscription, until, circumstances.at), undo: undoOf(subscription, circumstances.at) };
  const is = until === null ? 'resumed' : 'paused';
  const how = { newsletter, circumstances, ...(until !== null && { until }) };
  return { is, subscriber: withConsent(withSubscription(proven(subscriber), changed), is, how) };
};

/** Ends the pause there is, and begins another where `until` says so. What was paused before stays known. */
export const withPause = (subscription: Subscription, until: Instant | null, now: Instant): Subscription => {
  const { pauses = [] } = subscription;
  const past = pauses
    .map((one) => (one.until > now ? { ...one, until: now } : one))
    .filter((one) => one.from < one.until);
  if (until === null && past.length === 0 && pauses.length === 0) return subscription;
  const next = until === null ? past : [...past, { from: now, until }];
  return { ...subscription, pauses: next.slice(-MOST_PAUSES) };
};

/** What is to be known to take a change back. */
export const undoOf = (subscription: Subscription, at: Instant): NonNullable<Subscription['undo']> => ({
  at,
  choices: choicesOf(subscription),
  pausedUntil: pausedUntil(subscription, at),
});
