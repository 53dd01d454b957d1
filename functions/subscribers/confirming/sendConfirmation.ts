import type { Mailer } from '../../mail/mailer.ts';
import { log } from '../../shared/log.ts';
import type { Doorbell } from '../../shared/storage/doorbell.ts';
import type { Instant } from '../../shared/time.ts';
import { change } from '../change.ts';
import { forgotten } from '../erasing/erase.ts';
import { withoutLapsed } from '../letters/letter.ts';
import { sendLetters } from '../letters/sendLetters.ts';
import type { ConfirmationDoorbell, Subscribers } from '../ports.ts';
import type { Subscriber } from '../subscriber.ts';
import { type Composing, confirmationMail } from './confirmationMail.ts';
import { claimMail, questionsDue, settleMail } from './mailState.ts';

/** What it takes to send the mail that asks for confirmation, and those about a reader's own settings. */
export interface Confirming extends Composing {
  readonly subscribers: Pick<Subscribers, 'byId' | 'save' | 'settleAddress'>;
  readonly mailer: Pick<Mailer, 'send'>;
  /** Rung for whoever has a welcome to come. */
  readonly welcomes: Doorbell<ConfirmationDoorbell>;
  readonly now: () => Instant;
  /** Names a claim, and its mail: letters, digits, `-` and `_`, never the same twice. */
  readonly newClaim: () => string;
}

/**
 * Sends the confirmation mail of one subscriber that is due, and his letters. Each is claimed before SES is called, so
 * however often the bell rings, and whoever dies, no question is mailed twice.
 */
export const sendConfirmations = async (confirming: Confirming, bell: ConfirmationDoorbell): Promise<void> => {
  const subscriber = await confirming.subscribers.byId(bell.subscriber);
  if (!subscriber) return;
  const now = confirming.now();
  if (tidied(subscriber, now) !== subscriber) {
    await change(confirming.subscribers, subscriber.id, (there) => ({ subscriber: tidied(there, now) }));
  }
  await sendQuestions(confirming, subscriber.id);
  await sendLetters(confirming, subscriber);
};

/** Without the addresses whose time is over. */
const tidied = (subscriber: Subscriber, now: Instant): Subscriber =>
  withoutLapsed(forgotten(subscriber, now).subscriber, now);

const MOST_TRIES = 10;

const sendQuestions = async (confirming: Confirming, id: string): Promise<void> => {
  const { subscribers, mailer, now, newClaim } = confirming;
  for (let tries = 0; tries < MOST_TRIES; tries++) {
    const subscriber = await subscribers.byId(id);
    const questions = subscriber ? questionsDue(subscriber, now()) : [];
    if (!subscriber || questions.length === 0) return;
    const claim = newClaim();
    // Composed before the claim: whatever goes wrong up to there is tried again, and after it only sending is left.
    const mail = await confirmationMail(confirming, { subscriber, questions }, { claim, at: now() });
    const claimed = claimMail(subscriber, claim, now());
    if ((await subscribers.save(subscriber, claimed)) === 'conflict') continue;
    const result = await mailer.send(mail);
    if (result.is !== 'sent') log.warn('confirmation.not-sent', { subscriber: id, outcome: result.is });
    await change(subscribers, id, (there) => settleMail(there, { claim, result, now: now() }));
    return;
  }
  throw new Error('A subscriber was changed by others ten times in a row.');
};
