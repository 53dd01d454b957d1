import type { Cadence } from '../shared/config.ts';
import { DAY_MS, type Instant, msOf } from '../shared/time.ts';
import { type Choices, differences, type Subscriber, type Subscription } from './subscriber.ts';

export const subscriptionOf = (subscriber: Subscriber, newsletter: string): Subscription | undefined =>
  subscriber.subscriptions.find((one) => one.newsletter === newsletter);

/** The subscriber with this subscription in place of the one for the same newsletter, or beside the others. */
export const withSubscription = (subscriber: Subscriber, subscription: Subscription): Subscriber => {
  const known = subscriber.subscriptions.some((one) => one.newsletter === subscription.newsletter);
  return {
    ...subscriber,
    subscriptions: known
      ? subscriber.subscriptions.map((one) => (one.newsletter === subscription.newsletter ? subscription : one))
      : [...subscriber.subscriptions, subscription],
  };
};

/** Whoever acts with a link from our mail has shown that the address is his: he is a member, and the count begins anew. */
export const proven = (subscriber: Subscriber): Subscriber => ({
  ...subscriber,
  expiresAt: null,
  unanswered: { mails: 0, lastAt: null },
});

/** An active subscription with these choices from now on. What was asked meanwhile is answered by it. */
export const activated = (subscription: Subscription, choices: Choices, now: Instant): Subscription => {
  const stays = subscription.state === 'active';
  return {
    ...subscription,
    ...choices,
    state: 'active',
    confirmedAt: stays ? subscription.confirmedAt : now,
    leftAt: null,
    history: historyWith(subscription, choices.cadence, now),
    earlierChoices: earlierWith(subscription, choices, now),
    asked: null,
  };
};

const MOST_HISTORY = 10;
/** Whoever comes back within a week takes up where he left; later he begins with the edition in the making. */
const TAKEN_UP_MS = 7 * DAY_MS;

const historyWith = (before: Subscription, cadence: Cadence, now: Instant): Subscription['history'] => {
  const until = heldUntil(before, now);
  if (until === undefined) return [];
  if (before.cadence === cadence) return before.history;
  return [...before.history, { cadence: before.cadence, until }].slice(-MOST_HISTORY);
};

const earlierWith = (
  before: Subscription,
  choices: Choices,
  now: Instant,
): NonNullable<Subscription['earlierChoices']> => {
  const until = heldUntil(before, now);
  if (until === undefined) return [];
  const { languages, topics, earlierChoices = [] } = before;
  const changed = differences(before, choices).some((what) => what === 'languages' || what === 'topics');
  return changed ? [...earlierChoices, { languages, topics, until }].slice(-MOST_HISTORY) : earlierChoices;
};

/** Until when the choices before this one were in force; `undefined` where that no longer matters. */
const heldUntil = ({ state, leftAt }: Subscription, now: Instant): Instant | undefined => {
  const until = state === 'active' ? now : leftAt;
  return until === null || msOf(now) - msOf(until) > TAKEN_UP_MS ? undefined : until;
};
