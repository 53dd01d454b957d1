import { addMs, DAY_MS, type Instant, msOf } from '../../shared/time.ts';
import { counted, tooManyUnanswered } from '../joining/signUp.ts';
import { letterOf, withLetter } from '../letters/letter.ts';
import type { Subscriber } from '../subscriber.ts';

/** The same as for questions: once a day, and three in all until the reader clicks on something. */
const BETWEEN_LETTERS_MS = DAY_MS;

/**
 * Somebody, perhaps the owner, has lost the link to his settings: a letter with it is due, to whoever ever confirmed.
 * Of a new address a line stays for a day, so that the same is written whether or not it is known.
 */
export const askForLink = (subscriber: Subscriber, now: Instant): Subscriber => {
  if (subscriber.version === 0) return { ...subscriber, expiresAt: addMs(now, DAY_MS) };
  const subscription = subscriber.subscriptions.find(({ state }) => state !== 'pending');
  if (!subscription || subscriber.suppressed || tooManyUnanswered(subscriber, now)) return subscriber;
  const last = letterOf(subscriber, 'link')?.mail;
  if (last && (last.state === 'due' || msOf(now) - msOf(last.at) < BETWEEN_LETTERS_MS)) return subscriber;
  const { newsletter, languages } = subscription;
  return counted(withLetter(subscriber, { kind: 'link', newsletter, language: languages[0] ?? 'en' }, now), now);
};
