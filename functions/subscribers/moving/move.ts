import { HOUR_MS, type Instant, msOf } from '../../shared/time.ts';
import { withConsent } from '../joining/consent.ts';
import { letterOf, withLetter, withoutLetter } from '../letters/letter.ts';
import type { Circumstances, Letter, Subscriber } from '../subscriber.ts';
import { proven, subscriptionOf } from '../subscription.ts';

/** A slip of the pen can be put right after this time. */
const BETWEEN_REQUESTS_MS = HOUR_MS;

/** The reader asks to get the mails at another address: a letter to it is due, and nothing else changes. */
export const askToMove = (
  subscriber: Subscriber,
  { newsletter, to, language }: { readonly newsletter: string; readonly to: string; readonly language: string },
  now: Instant,
): { readonly is: 'asked' | 'too-soon' | 'unknown'; readonly subscriber: Subscriber } => {
  const subscription = subscriptionOf(subscriber, newsletter);
  if (!subscription || subscription.state === 'pending' || subscriber.suppressed) return { is: 'unknown', subscriber };
  const last = letterOf(subscriber, 'address')?.mail;
  if (last && (last.state === 'due' || msOf(now) - msOf(last.at) < BETWEEN_REQUESTS_MS))
    return { is: 'too-soon', subscriber };
  return { is: 'asked', subscriber: withLetter(subscriber, { kind: 'address', newsletter, language, to }, now) };
};

/** The letter that a link for another address answers, as long as it is the latest of its kind. */
export const moveOf = (subscriber: Subscriber, round: number): (Letter & { readonly to: string }) | undefined => {
  const letter = (subscriber.letters ?? []).find((one) => one.round === round);
  if (!letter || letter.to === undefined || (letter.kind !== 'address' && letter.kind !== 'notice')) return undefined;
  return { ...letter, to: letter.to };
};

/** Whether this link did its work before. */
export const hasMoved = (subscriber: Subscriber, round: number): boolean =>
  (subscriber.letters ?? []).some(
    (one) => one.round === round + 1 && (one.kind === 'notice' || one.kind === 'takenBack'),
  );

/**
 * From now on mails go to the address the letter went to, and the address before is told so. By the link in that
 * notice the former address takes it back; then that is final, or two would play ball.
 */
export const move = (
  subscriber: Subscriber,
  round: number,
  circumstances: Circumstances,
): { readonly is: 'moved' | 'already-moved' | 'unknown'; readonly subscriber: Subscriber } => {
  const letter = moveOf(subscriber, round);
  if (subscriber.suppressed) return { is: 'unknown', subscriber };
  if (!letter) return { is: hasMoved(subscriber, round) ? 'already-moved' : 'unknown', subscriber };
  const back = letter.kind === 'notice';
  const told = withLetter(
    { ...proven(subscriber), address: letter.to, movedAt: circumstances.at },
    {
      kind: back ? 'takenBack' : 'notice',
      newsletter: letter.newsletter,
      language: letter.language,
      to: subscriber.address,
    },
    circumstances.at,
  );
  const done = withoutLetter(told, letter.kind);
  return { is: 'moved', subscriber: withConsent(done, 'moved', { newsletter: null, circumstances }) };
};
