import { addMs, HOUR_MS, type Instant } from '../../shared/time.ts';
import { withConsent } from '../joining/consent.ts';
import { type Circumstances, newSubscriber, type Subscriber } from '../subscriber.ts';

export const isErased = ({ suppressed }: Subscriber): boolean => suppressed?.because === 'erased';

/**
 * Whether nothing at all may be mailed. Whoever was erased and never bounced or complained may sign up afresh, and is
 * then asked like anybody else; until the click he stays erased, so no import and no stranger brings him back.
 */
export const isMute = ({ suppressed }: Subscriber): boolean =>
  suppressed !== null && (suppressed.because !== 'erased' || suppressed.formerly !== undefined);

/**
 * Takes everything out but what proves consent and keeps the address from being revived: the id, the record (which has
 * no address), that it was erased, and how often it was asked in vain, so that erasing does not open it to more mails.
 */
export const erase = (
  subscriber: Subscriber,
  circumstances: Circumstances,
  because: string,
): { readonly is: 'erased' | 'already-erased'; readonly subscriber: Subscriber } => {
  const before = subscriber.suppressed;
  if (before?.because === 'erased') {
    const forgotten = subscriber.address === '' ? subscriber : erasedStub(subscriber, before);
    return { is: 'already-erased', subscriber: forgotten };
  }
  const stub = erasedStub(subscriber, {
    because: 'erased',
    at: circumstances.at,
    ...(before && { formerly: before.because }),
  });
  return { is: 'erased', subscriber: withConsent(stub, 'erased', { newsletter: null, circumstances, because }) };
};

export const erasedStub = (subscriber: Subscriber, suppressed: NonNullable<Subscriber['suppressed']>): Subscriber => {
  const { id, version, createdAt, movedAt, unanswered, consent, subscriptions, firstRound = 0 } = subscriber;
  const lastLetter = lastLetterOf(subscriber);
  return {
    ...newSubscriber(id, '', createdAt),
    version,
    ...(movedAt !== undefined && { movedAt }),
    unanswered,
    consent,
    suppressed,
    firstRound: Math.max(firstRound, ...subscriptions.map(({ round }) => round)),
    // Links of before live on for a while: none of them may answer a letter of afterwards.
    ...(lastLetter > 0 && { lastLetter }),
  };
};

/** The number of the last letter, whether or not it is still there. */
export const lastLetterOf = ({ letters = [], lastLetter = 0 }: Subscriber): number =>
  Math.max(lastLetter, ...letters.map(({ round }) => round));

/** How long the link in a confirmation mail works. */
export const LINK_LIVES_MS = 72 * HOUR_MS;

/** When the address that an erased reader was asked at again is to be forgotten: when the last link to it has died. */
export const forgottenAt = (subscriber: Subscriber): Instant | undefined => {
  if (!isErased(subscriber) || subscriber.address === '') return undefined;
  const ends = subscriber.subscriptions.map(({ asked }) =>
    asked && asked.mail.state !== 'due' ? addMs(asked.mail.at, LINK_LIVES_MS) : '',
  );
  return ends.includes('') ? undefined : ends.sort().at(-1);
};

/** The question was not answered in time: all is as it was after the erasure. */
export const forgotten = (subscriber: Subscriber, now: Instant): { readonly subscriber: Subscriber } => {
  const end = forgottenAt(subscriber);
  if (end === undefined || end > now || !subscriber.suppressed) return { subscriber };
  return { subscriber: erasedStub(subscriber, subscriber.suppressed) };
};
