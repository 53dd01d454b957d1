import { log } from '../../shared/log.ts';
import { change } from '../change.ts';
import type { Confirming } from '../confirming/sendConfirmation.ts';
import type { Letter, Subscriber } from '../subscriber.ts';
import { claimLetter, lettersDue, settleLetter, welcomesDue } from './letter.ts';
import { letterMail } from './letterMail.ts';

/** Sends the letters of one subscriber that are due, each claimed before SES is called; for a welcome another one is rung. */
export const sendLetters = async (sending: Confirming, subscriber: Subscriber): Promise<void> => {
  for (const letter of lettersDue(subscriber, sending.now())) {
    if (letter.kind === 'welcome') continue;
    // The mail that tells of another address is what makes sure that the row of the old one is gone.
    if (letter.to !== undefined && letter.kind !== 'address') {
      await sending.subscribers.settleAddress(subscriber.id, { keep: subscriber.address, release: letter.to });
    }
    await sendOne(sending, subscriber.id, letter);
  }
  if (welcomesDue(subscriber, sending.now()).length > 0) await sending.welcomes.ring({ subscriber: subscriber.id });
};

const MOST_TRIES = 10;

const sendOne = async (sending: Confirming, id: string, { kind }: Letter): Promise<void> => {
  const { subscribers, mailer, now, newClaim } = sending;
  for (let tries = 0; tries < MOST_TRIES; tries++) {
    const subscriber = await subscribers.byId(id);
    const letter = subscriber && lettersDue(subscriber, now()).find((one) => one.kind === kind);
    if (!letter) return;
    const claim = newClaim();
    const mail = await letterMail(sending, subscriber, letter, { claim, at: now() });
    const claimed = claimLetter(subscriber, letter, claim, now());
    if ((await subscribers.save(subscriber, claimed)) === 'conflict') continue;
    const result = await mailer.send(mail);
    if (result.is !== 'sent') log.warn('letter.not-sent', { subscriber: id, outcome: result.is });
    await change(subscribers, id, (there) => settleLetter(there, letter, { claim, result, now: now() }));
    return;
  }
  throw new Error('A subscriber was changed by others ten times in a row.');
};
