import type { Instant } from '../shared/time.ts';
import { change } from './change.ts';
import { CONSENT_WORDING, withConsent } from './joining/consent.ts';
import type { Subscribers } from './ports.ts';
import type { Subscriber, Suppression } from './subscriber.ts';

/** A complaint weighs more than a bounce, and an erasure more than both: whatever the order of events, the heaviest stays. */
const WEIGHT: Readonly<Record<Suppression, number>> = { bounce: 1, complaint: 2, erased: 3 };

/** Nothing is ever mailed to this subscriber again, whichever newsletter it is. */
export const suppressed = (
  subscriber: Subscriber,
  because: Suppression,
  at: Instant,
): { readonly is: 'suppressed' | 'already-suppressed'; readonly subscriber: Subscriber } => {
  const present = subscriber.suppressed;
  if (present && WEIGHT[present.because] >= WEIGHT[because]) return { is: 'already-suppressed', subscriber };
  const circumstances = { at, language: '', wording: CONSENT_WORDING, network: null };
  const silent = {
    ...subscriber,
    suppressed: { because, at },
    // A suppression is remembered for ever, also of somebody who never confirmed.
    expiresAt: null,
    subscriptions: subscriber.subscriptions.map((one) => ({ ...one, asked: null })),
  };
  return { is: 'suppressed', subscriber: withConsent(silent, 'suppressed', { newsletter: null, circumstances }) };
};

/** For feedback: after this, no edition and no confirmation goes to this subscriber. May be repeated, in any order. */
export const suppress = async (
  ports: { readonly subscribers: Pick<Subscribers, 'byId' | 'save'> },
  subscriberId: string,
  because: Suppression,
  at: Instant,
): Promise<'suppressed' | 'already-suppressed' | 'unknown'> => {
  const outcome = await change(ports.subscribers, subscriberId, (subscriber) => suppressed(subscriber, because, at));
  return outcome?.is ?? 'unknown';
};
