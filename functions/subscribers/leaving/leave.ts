import { DAY_MS, msOf } from '../../shared/time.ts';
import { withConsent } from '../joining/consent.ts';
import { type Circumstances, choicesOf, type Subscriber } from '../subscriber.ts';
import { activated, subscriptionOf, withSubscription } from '../subscription.ts';

/** Ends a subscription at once. An open question is void: whoever leaves does not want to be asked. */
export const leave = (
  subscriber: Subscriber,
  newsletter: string,
  circumstances: Circumstances,
): { readonly is: 'left' | 'already-left' | 'unknown'; readonly subscriber: Subscriber } => {
  const subscription = subscriptionOf(subscriber, newsletter);
  if (!subscription || subscription.state === 'pending') return { is: 'unknown', subscriber };
  if (subscription.state === 'left') {
    const unasked = subscription.asked && withSubscription(subscriber, { ...subscription, asked: null });
    return { is: 'already-left', subscriber: unasked ?? subscriber };
  }
  const gone = { ...subscription, state: 'left' as const, leftAt: circumstances.at, asked: null };
  return {
    is: 'left',
    subscriber: withConsent(withSubscription(subscriber, gone), 'left', { newsletter, circumstances }),
  };
};

/** So long the link for leaving also takes the leaving back; after that, joining again needs a confirmation. */
const UNDO_MS = DAY_MS;

/** Takes a leaving back: a slip, or a mail program that pressed the button. Everything is as it was. */
export const undoLeaving = (
  subscriber: Subscriber,
  newsletter: string,
  circumstances: Circumstances,
): { readonly is: 'rejoined' | 'already-active' | 'too-late' | 'unknown'; readonly subscriber: Subscriber } => {
  const subscription = subscriptionOf(subscriber, newsletter);
  if (!subscription || subscriber.suppressed || subscription.state === 'pending') return { is: 'unknown', subscriber };
  if (subscription.state === 'active') return { is: 'already-active', subscriber };
  if (!canUndo(subscription.leftAt, circumstances.at)) return { is: 'too-late', subscriber };
  const { confirmedAt } = subscription;
  const back = { ...activated(subscription, choicesOf(subscription), circumstances.at), confirmedAt };
  return {
    is: 'rejoined',
    subscriber: withConsent(withSubscription(subscriber, back), 'rejoined', {
      newsletter,
      circumstances,
      choices: choicesOf(subscription),
    }),
  };
};

export const canUndo = (leftAt: string | null, now: string): boolean =>
  leftAt !== null && msOf(now) - msOf(leftAt) < UNDO_MS;
