import { CADENCES, type Cadence, cadencesOf, type Newsletter } from '../../shared/config.ts';
import { addMs, DAY_MS } from '../../shared/time.ts';
import { changeChoices } from '../preferences/changeChoices.ts';
import { pause, pausedUntil } from '../preferences/pause.ts';
import { type Circumstances, choicesOf, type Subscriber, type Subscription } from '../subscriber.ts';
import { subscriptionOf } from '../subscription.ts';

/** What the page for leaving offers to whoever wants fewer mails rather than none. */
export type Instead = 'weekly' | 'monthly' | 'pause';

const PAUSE_MS = 30 * DAY_MS;

const seldomer = (one: Cadence, other: Cadence): boolean => CADENCES.indexOf(one) > CADENCES.indexOf(other);

/** Only less than now: this link is for leaving, and can do no more than take mails away. */
export const insteadOf = (newsletter: Newsletter, subscription: Subscription, now: string): Instead[] => {
  const cadences = (['weekly', 'monthly'] as const).filter(
    (one) => cadencesOf(newsletter).includes(one) && seldomer(one, subscription.cadence),
  );
  return [...cadences, ...(pausedUntil(subscription, now) === null ? (['pause'] as const) : [])];
};

/** Takes what was offered; whatever is not offered (any more) changes nothing. */
export const takeInstead = (
  subscriber: Subscriber,
  newsletter: Newsletter,
  wish: Instead,
  circumstances: Circumstances,
): { readonly subscriber: Subscriber } => {
  const subscription = subscriptionOf(subscriber, newsletter.id);
  const { at } = circumstances;
  if (subscription?.state !== 'active' || !insteadOf(newsletter, subscription, at).includes(wish))
    return { subscriber };
  if (wish === 'pause') return pause(subscriber, newsletter.id, addMs(at, PAUSE_MS), circumstances);
  return changeChoices(subscriber, newsletter.id, { ...choicesOf(subscription), cadence: wish }, circumstances);
};
