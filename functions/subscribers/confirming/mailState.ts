import type { SendResult } from '../../mail/mailer.ts';
import type { Instant } from '../../shared/time.ts';
import { forgottenAt, isMute } from '../erasing/erase.ts';
import { letterMoments } from '../letters/letter.ts';
import type { Asked, Subscriber, Subscription } from '../subscriber.ts';
import { subscriptionOf, withSubscription } from '../subscription.ts';
import { mailAfter } from './mailAfter.ts';

/** Takes a mail that is due. Whoever succeeds in saving this may send it, once; nobody else ever will. */
export const claimMail = (subscriber: Subscriber, newsletter: string, claim: string, now: Instant): Subscriber => {
  const subscription = subscriptionOf(subscriber, newsletter);
  if (!subscription || !isDue(subscription, now)) throw new Error('Only a mail that is due can be claimed.');
  const counted = { firstAskedAt: now, ...subscription };
  return withMail(withSubscription(subscriber, counted), counted, { state: 'claimed', claim, at: now });
};

/** The subscriptions whose question is to be mailed now. */
export const dueOf = (subscriber: Subscriber, now: Instant): Subscription[] =>
  isMute(subscriber) ? [] : subscriber.subscriptions.filter((one) => isDue(one, now));

const isDue = ({ asked }: Subscription, now: Instant): boolean =>
  asked?.mail.state === 'due' && asked.mail.since <= now;

/**
 * Writes down what became of a claimed mail. Only what certainly was not sent is due again. `not-ours`: the claim is
 * no longer there, because the reader acted or was suppressed meanwhile; nothing is left to write down.
 */
export const settleMail = (
  subscriber: Subscriber,
  { newsletter, claim, result, now }: { newsletter: string; claim: string; result: SendResult; now: Instant },
): { readonly is: 'settled' | 'not-ours'; readonly subscriber: Subscriber } => {
  const subscription = subscriptionOf(subscriber, newsletter);
  const mail = subscription?.asked?.mail;
  if (!subscription || mail?.state !== 'claimed' || mail.claim !== claim) return { is: 'not-ours', subscriber };
  return { is: 'settled', subscriber: withMail(subscriber, subscription, mailAfter(result, now)) };
};

const withMail = (subscriber: Subscriber, subscription: Subscription, mail: Asked['mail']): Subscriber => {
  if (!subscription.asked) return subscriber;
  return withSubscription(subscriber, { ...subscription, asked: { ...subscription.asked, mail } });
};

/** Since when something is to be done for the subscriber: a mail to be sent, an address to be forgotten. */
export const dueSince = (subscriber: Subscriber): Instant | undefined => {
  if (isMute(subscriber)) return undefined;
  const mails = subscriber.subscriptions.flatMap(({ asked }) =>
    asked?.mail.state === 'due' ? [asked.mail.since] : [],
  );
  return [...mails, ...letterMoments(subscriber), forgottenAt(subscriber) ?? []].flat().sort().at(0);
};
