import { DAY_MS, type Instant, msOf } from '../../shared/time.ts';
import { withConsent } from '../joining/consent.ts';
import { type Circumstances, differences, type Subscriber, type Subscription } from '../subscriber.ts';
import { activated, subscriptionOf, withSubscription } from '../subscription.ts';
import { pausedUntil, undoOf, withPause } from './pause.ts';

/** So long a change can be taken back. */
const UNDO_MS = DAY_MS;

/** What the last change can be taken back to at this moment. */
export const undoable = (subscription: Subscription, now: Instant): NonNullable<Subscription['undo']> | undefined => {
  const { undo } = subscription;
  return subscription.state === 'active' && undo && msOf(now) - msOf(undo.at) < UNDO_MS ? undo : undefined;
};

/** Takes the reader's last change back: all is as it was before, and that can be taken back as well. */
export const undoChange = (
  subscriber: Subscriber,
  newsletter: string,
  circumstances: Circumstances,
): { readonly is: 'undone' | 'unchanged' | 'unknown'; readonly subscriber: Subscriber } => {
  const subscription = subscriptionOf(subscriber, newsletter);
  if (!subscription || subscriber.suppressed) return { is: 'unknown', subscriber };
  const now = circumstances.at;
  const undo = undoable(subscription, now);
  if (!undo) return { is: 'unchanged', subscriber };
  // A pause that would be over by now does not begin again.
  const until = undo.pausedUntil !== null && undo.pausedUntil > now ? undo.pausedUntil : null;
  const repaused = pausedUntil(subscription, now) === until ? subscription : withPause(subscription, until, now);
  const back = { ...activated(repaused, undo.choices, now), undo: undoOf(subscription, now) };
  const what = differences(subscription, undo.choices).length > 0 ? 'changed' : until === null ? 'resumed' : 'paused';
  const how = { newsletter, circumstances, choices: undo.choices, ...(until !== null && { until }) };
  return { is: 'undone', subscriber: withConsent(withSubscription(subscriber, back), what, how) };
};
