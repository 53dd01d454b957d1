import type { SendResult } from '../../mail/mailer.ts';
import { addMs, HOUR_MS, type Instant } from '../../shared/time.ts';
import { mailAfter } from '../confirming/mailAfter.ts';
import { LINK_LIVES_MS, lastLetterOf } from '../erasing/erase.ts';
import type { Letter, Subscriber } from '../subscriber.ts';

/** What a letter is about; its number and what becomes of it are worked out here. */
export type Wanted = Omit<Letter, 'round' | 'mail'>;

export const letterOf = ({ letters = [] }: Subscriber, kind: Letter['kind']): Letter | undefined =>
  letters.find((one) => one.kind === kind);

/** The subscriber with this letter due, in place of an earlier one of its kind. Numbers only rise. */
export const withLetter = (subscriber: Subscriber, wanted: Wanted, now: Instant): Subscriber => {
  const { letters = [] } = subscriber;
  const round = lastLetterOf(subscriber) + 1;
  const letter: Letter = { ...wanted, round, mail: { state: 'due', since: now } };
  const others = letters.filter((one) => !isInPlaceOf(wanted, one));
  return { ...subscriber, letters: [...others, letter], lastLetter: round };
};

/** There is one letter of each kind, and one welcome for each newsletter. */
const isInPlaceOf = (wanted: Wanted, { kind, newsletter }: Letter): boolean =>
  kind === wanted.kind && (kind !== 'welcome' || newsletter === wanted.newsletter);

/** The welcomes that are to be sent now. Their sender is the digest: it has the news. */
export const welcomesDue = (subscriber: Subscriber, now: Instant): Letter[] =>
  lettersDue(subscriber, now).filter(({ kind }) => kind === 'welcome');

export const withoutWelcome = (subscriber: Subscriber, { round }: Letter): Subscriber => ({
  ...subscriber,
  letters: (subscriber.letters ?? []).filter((one) => one.kind !== 'welcome' || one.round !== round),
});

export const withoutLetter = (subscriber: Subscriber, kind: Letter['kind']): Subscriber => ({
  ...subscriber,
  letters: (subscriber.letters ?? []).filter((one) => one.kind !== kind),
});

export const lettersDue = ({ suppressed, letters = [] }: Subscriber, now: Instant): Letter[] =>
  suppressed ? [] : letters.filter(({ mail }) => mail.state === 'due' && mail.since <= now);

/** Takes a letter that is due. Whoever succeeds in saving this may send it, once; nobody else ever will. */
export const claimLetter = (subscriber: Subscriber, letter: Letter, claim: string, now: Instant): Subscriber =>
  withMail(subscriber, letter, { state: 'claimed', claim, at: now });

/** Writes down what became of a claimed letter; where another took its place meanwhile, nothing is left to write. */
export const settleLetter = (
  subscriber: Subscriber,
  letter: Letter,
  { claim, result, now }: { readonly claim: string; readonly result: SendResult; readonly now: Instant },
): { readonly subscriber: Subscriber } => {
  const there = (subscriber.letters ?? []).find(({ round }) => round === letter.round)?.mail;
  if (there?.state !== 'claimed' || there.claim !== claim) return { subscriber };
  return { subscriber: withMail(subscriber, letter, mailAfter(result, now)) };
};

const withMail = (subscriber: Subscriber, { round }: Letter, mail: Letter['mail']): Subscriber => ({
  ...subscriber,
  letters: (subscriber.letters ?? []).map((one) => (one.round === round ? { ...one, mail } : one)),
});

/** Another address is kept no longer than the link to it works. */
const lapsesAt = ({ to, mail }: Letter): Instant | undefined =>
  to === undefined || mail.state === 'due' ? undefined : addMs(mail.at, LINK_LIVES_MS + HOUR_MS);

/** When something is to be done about a letter: send it, or forget the address it went to. */
export const letterMoments = ({ suppressed, letters = [] }: Subscriber): Instant[] =>
  letters.flatMap((one) => (one.mail.state === 'due' ? (suppressed ? [] : [one.mail.since]) : (lapsesAt(one) ?? [])));

export const withoutLapsed = (subscriber: Subscriber, now: Instant): Subscriber => {
  const { letters = [] } = subscriber;
  const left = letters.filter((one) => (lapsesAt(one) ?? now) >= now);
  return left.length === letters.length ? subscriber : { ...subscriber, letters: left };
};
