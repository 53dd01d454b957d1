import type { Circumstances, Consent, Subscriber } from '../subscriber.ts';

/**
 * Version of what people agree to: the message `subscribe.consent`, on the page of sign-up and on that of the
 * confirmation, in every language. A test fails where a wording was changed and this was not, since the record of
 * consent would name a text that nobody saw.
 */
export const CONSENT_WORDING = '2026-11-24';

/** The first line says how the reader came; with the last ones it is kept when the record grows out of bounds. */
const MOST_LINES = 100;

/** The record with one line more. Lines are never changed. */
export const withConsent = (
  subscriber: Subscriber,
  what: Consent['what'],
  how: { newsletter: string | null; circumstances: Circumstances; asked?: Circumstances },
): Subscriber => {
  const line: Consent = {
    what,
    newsletter: how.newsletter,
    circumstances: how.circumstances,
    asked: how.asked ?? null,
  };
  const lines = [...subscriber.consent, line];
  const kept = lines.length <= MOST_LINES ? lines : [...lines.slice(0, 1), ...lines.slice(1 - MOST_LINES)];
  return { ...subscriber, consent: kept };
};
