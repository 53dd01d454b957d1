import { addMs, DAY_MS, type Instant, msOf } from '../../shared/time.ts';
import { isErased, isMute } from '../erasing/erase.ts';
import {
  type Asked,
  type Choices,
  type Circumstances,
  choicesOf,
  differences,
  type Subscriber,
  type Subscription,
} from '../subscriber.ts';
import { subscriptionOf, withSubscription } from '../subscription.ts';

/** Somebody, perhaps the owner of the address, asks for this newsletter with these choices. */
export interface SignUp {
  readonly newsletter: string;
  readonly choices: Choices;
  readonly circumstances: Circumstances;
}

/** An address is asked at most once a day, for all that is open. */
const BETWEEN_MAILS_MS = DAY_MS;
/** So many mails may stay without an answer; whoever never asked for them gets no more than these. */
const MOST_UNANSWERED = 3;
/** Unanswered questions, and people of whom there is nothing else, are forgotten after this time. */
const FORGOTTEN_AFTER_MS = 30 * DAY_MS;

/**
 * What a sign-up makes of a subscriber. It never changes what is in force: at most it makes a mail due whose link does.
 * What that mail says is what its link confirms, so nobody else can change the question once it was mailed.
 */
export const signUp = (
  subscriber: Subscriber,
  wish: SignUp,
  now: Instant,
): { readonly is: 'mail-due' | 'nothing'; readonly subscriber: Subscriber } => {
  const nothing = { is: 'nothing', subscriber } as const;
  if (isMute(subscriber)) return nothing;
  const subscription = subscriptionOf(subscriber, wish.newsletter) ?? unasked(wish, subscriber.firstRound);
  if (subscription.state === 'active' && differences(subscription, wish.choices).length === 0) return nothing;
  if (subscription.asked?.mail.state === 'due') {
    // Nobody has seen the question yet, so the latest wish is the one to ask about.
    return { is: 'mail-due', subscriber: asking(subscriber, subscription, wish, subscription.asked.mail) };
  }
  if (!mayAsk(subscriber, subscription, now)) return nothing;
  // A mail that is still to come will ask for this too: nothing is added to what may stay without an answer.
  const joins = subscriber.subscriptions.some(({ asked }) => asked?.mail.state === 'due');
  if (!joins && tooManyUnanswered(subscriber, now)) return nothing;
  const asked = asking(subscriber, subscription, wish, { state: 'due', since: nextMailAt(subscriber, now) });
  return { is: 'mail-due', subscriber: joins ? asked : counted(asked, now) };
};

/** From when on this address may be asked again, whatever it was asked last. Who has answered waits for nothing. */
const nextMailAt = ({ subscriptions }: Subscriber, now: Instant): Instant =>
  subscriptions
    .flatMap(({ asked }) => (asked && asked.mail.state !== 'due' ? [addMs(asked.mail.at, BETWEEN_MAILS_MS)] : []))
    .concat(now)
    .sort()
    .at(-1) ?? now;

/** Whether this question may be put now; how many mails there were is another one. */
const mayAsk = (subscriber: Subscriber, { asked }: Subscription, now: Instant): boolean => {
  const within = (moment: Instant, ms: number): boolean => msOf(now) - msOf(moment) < ms;
  if (asked && asked.mail.state !== 'due' && within(asked.mail.at, BETWEEN_MAILS_MS)) return false;
  const { lastAt } = subscriber.unanswered;
  // Of an erased reader's questions only their number and the last moment are left.
  const unknown = isErased(subscriber) && subscriber.subscriptions.length === 0;
  return !(unknown && lastAt !== null && within(lastAt, BETWEEN_MAILS_MS));
};

/** Whether this address has had all the mails it may get without an answer. */
export const tooManyUnanswered = ({ unanswered: { mails, lastAt } }: Subscriber, now: Instant): boolean =>
  lastAt !== null && mails >= MOST_UNANSWERED && msOf(now) - msOf(lastAt) < FORGOTTEN_AFTER_MS;

/** One more mail that the owner of this address did not answer yet. */
export const counted = (subscriber: Subscriber, now: Instant): Subscriber => {
  const { mails, lastAt } = subscriber.unanswered;
  const forgotten = lastAt !== null && msOf(now) - msOf(lastAt) >= FORGOTTEN_AFTER_MS;
  const stays = isErased(subscriber) || subscriber.subscriptions.some((one) => one.state !== 'pending');
  return {
    ...subscriber,
    unanswered: { mails: forgotten ? 1 : mails + 1, lastAt: now },
    expiresAt: stays ? null : addMs(now, FORGOTTEN_AFTER_MS),
  };
};

const asking = (subscriber: Subscriber, subscription: Subscription, wish: SignUp, mail: Asked['mail']): Subscriber => {
  const { asked } = subscription;
  const same = asked !== null && differences(asked.choices, wish.choices).length === 0;
  // Only the same question in the same words keeps its round, so that an older mail's link confirms what that mail said.
  const round = same ? subscription.round : subscription.round + 1;
  const next = { choices: wish.choices, round, circumstances: wish.circumstances, mail };
  const shown = subscription.state === 'pending' ? choicesOf(wish.choices) : {};
  return withSubscription(subscriber, { ...subscription, ...shown, round, asked: next });
};

export const unasked = ({ newsletter, choices }: SignUp, firstRound = 0): Subscription => ({
  ...choices,
  newsletter,
  state: 'pending',
  confirmedAt: null,
  leftAt: null,
  history: [],
  asked: null,
  round: firstRound,
  confirmedRound: 0,
});
