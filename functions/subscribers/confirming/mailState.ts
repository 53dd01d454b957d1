import type { SendResult } from '../../mail/mailer.ts';
import { unreachable } from '../../shared/errors.ts';
import { addMs, type Instant, MINUTE_MS } from '../../shared/time.ts';
import { forgottenAt, isMute } from '../erasing/erase.ts';
import type { Asked, Subscriber, Subscription } from '../subscriber.ts';
import { subscriptionOf, withSubscription } from '../subscription.ts';

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

/** A throttled mail waits for the next sweep; where sending stands still, a look every ten minutes is enough. */
const mailAfter = (result: SendResult, now: Instant): Asked['mail'] => {
  switch (result.is) {
    case 'sent':
      return { state: 'sent', at: now, messageId: result.messageId };
    case 'refused':
    case 'unknown':
      return { state: result.is, at: now, code: result.code };
    case 'throttled':
    case 'not-reached':
      return { state: 'due', since: now };
    case 'paused':
      return { state: 'due', since: addMs(now, 10 * MINUTE_MS) };
    default:
      return unreachable(result);
  }
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
  return [...mails, forgottenAt(subscriber) ?? []].flat().sort().at(0);
};
