import { withConsent } from '../joining/consent.ts';
import { type Choices, type Circumstances, differences, type Subscriber } from '../subscriber.ts';
import { activated, proven, subscriptionOf, withSubscription } from '../subscription.ts';
import { undoOf, withPause } from './pause.ts';

export interface ChangeOutcome {
  readonly is: 'changed' | 'rejoined' | 'unchanged' | 'unknown' | 'suppressed';
  readonly subscriber: Subscriber;
}

/**
 * The reader chooses anew on the page behind the link in his mails. It takes effect at once: the link has shown that
 * the address is his. A question that is still open is void then, since this is the later wish.
 */
export const changeChoices = (
  subscriber: Subscriber,
  newsletter: string,
  choices: Choices,
  circumstances: Circumstances,
): ChangeOutcome => {
  const subscription = subscriptionOf(subscriber, newsletter);
  if (!subscription || subscription.state === 'pending') return { is: 'unknown', subscriber };
  if (subscriber.suppressed) return { is: 'suppressed', subscriber };
  const what = differences(subscription, choices);
  const back = subscription.state === 'left';
  if (!back && what.length === 0 && !subscription.asked) return { is: 'unchanged', subscriber };
  const now = circumstances.at;
  const active = {
    ...activated(subscription, choices, now),
    ...(what.length > 0 && { undo: undoOf(subscription, now) }),
  };
  // Whoever comes back wants mail now; whoever changes something during a pause still has it.
  const changed = withSubscription(proven(subscriber), back ? { ...withPause(active, null, now), undo: null } : active);
  if (!back && what.length === 0) return { is: 'unchanged', subscriber: changed };
  const recorded = withConsent(changed, back ? 'rejoined' : 'changed', { newsletter, circumstances, choices });
  return { is: back ? 'rejoined' : 'changed', subscriber: recorded };
};
