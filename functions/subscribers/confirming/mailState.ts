import type { SendResult } from '../../mail/mailer.ts';
import { addMs, type Instant } from '../../shared/time.ts';
import { forgottenAt, isMute, LINK_LIVES_MS } from '../erasing/erase.ts';
import { letterMoments } from '../letters/letter.ts';
import type { Asked, Subscriber, Subscription } from '../subscriber.ts';
import { withSubscription } from '../subscription.ts';
import { MOST_QUESTIONS } from '../token.ts';
import { mailAfter } from './mailAfter.ts';

/** While a link to it works; after that it is asked again only if somebody wants it anew. */
const isOpen = ({ asked }: Subscription, now: Instant): boolean =>
  asked !== null && (asked.mail.state === 'due' || addMs(asked.mail.at, LINK_LIVES_MS) > now);

const isDue = ({ asked }: Subscription, now: Instant): boolean =>
  asked?.mail.state === 'due' && asked.mail.since <= now;

/**
 * What the mail that is due now asks for: nothing before one question's time has come, and then all that are open, those
 * that wait first. So there is one mail a day for an address, with one link for all that was chosen.
 */
export const questionsDue = (subscriber: Subscriber, now: Instant): Subscription[] => {
  const { subscriptions } = subscriber;
  if (isMute(subscriber) || !subscriptions.some((one) => isDue(one, now))) return [];
  const waits = (one: Subscription): number => (isDue(one, now) ? 0 : 1);
  return subscriptions
    .filter((one) => isOpen(one, now))
    .sort((a, b) => waits(a) - waits(b))
    .slice(0, MOST_QUESTIONS);
};

/** Takes the mail that is due. Whoever succeeds in saving this may send it, once; nobody else ever will. */
export const claimMail = (subscriber: Subscriber, claim: string, now: Instant): Subscriber => {
  const questions = questionsDue(subscriber, now);
  if (questions.length === 0) throw new Error('Only a mail that is due can be claimed.');
  return questions.reduce((before, one): Subscriber => {
    const counted = { firstAskedAt: now, ...one };
    return withMail(before, counted, { state: 'claimed', claim, at: now });
  }, subscriber);
};

/**
 * Writes down what became of a claimed mail. Only what certainly was not sent is due again. `not-ours`: the claim is
 * no longer there, because the reader acted or was suppressed meanwhile; nothing is left to write down.
 */
export const settleMail = (
  subscriber: Subscriber,
  { claim, result, now }: { readonly claim: string; readonly result: SendResult; readonly now: Instant },
): { readonly is: 'settled' | 'not-ours'; readonly subscriber: Subscriber } => {
  const mine = subscriber.subscriptions.filter(
    ({ asked }) => asked?.mail.state === 'claimed' && asked.mail.claim === claim,
  );
  if (mine.length === 0) return { is: 'not-ours', subscriber };
  const mail = mailAfter(result, now);
  return { is: 'settled', subscriber: mine.reduce((before, one) => withMail(before, one, mail), subscriber) };
};

const withMail = (subscriber: Subscriber, subscription: Subscription, mail: Asked['mail']): Subscriber =>
  subscription.asked
    ? withSubscription(subscriber, { ...subscription, asked: { ...subscription.asked, mail } })
    : subscriber;

/** Since when something is to be done for the subscriber: a mail to be sent, an address to be forgotten. */
export const dueSince = (subscriber: Subscriber): Instant | undefined => {
  if (isMute(subscriber)) return undefined;
  const mails = subscriber.subscriptions.flatMap(({ asked }) =>
    asked?.mail.state === 'due' ? [asked.mail.since] : [],
  );
  return [...mails, ...letterMoments(subscriber), forgottenAt(subscriber) ?? []].flat().sort().at(0);
};
