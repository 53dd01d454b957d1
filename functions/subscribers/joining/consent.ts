import type { Circumstances, Consent, Subscriber } from '../subscriber.ts';

/**
 * Version of what people agree to: the message `subscribe.consent`, on the page of sign-up and on that of the
 * confirmation, in every language. A test fails where a wording was changed and this was not, since the record of
 * consent would name a text that nobody saw.
 */
export const CONSENT_WORDING = '2026-11-24';

/** What a line says beside what happened. */
export interface Recorded extends Pick<Consent, 'choices' | 'because' | 'until'> {
  readonly newsletter: string | null;
  readonly circumstances: Circumstances;
  readonly asked?: Circumstances;
}

/** The record with one line more. Lines are never changed; the store numbers and chains them when it saves. */
export const withConsent = (subscriber: Subscriber, what: Consent['what'], how: Recorded): Subscriber => ({
  ...subscriber,
  consent: [...subscriber.consent, { ...how, what, asked: how.asked ?? null }],
});
