import { addMs, type Instant, MINUTE_MS } from '../shared/time.ts';
import { change } from './change.ts';
import { erasedStub, isErased } from './erasing/erase.ts';
import { CONSENT_WORDING, withConsent } from './joining/consent.ts';
import type { Subscribers } from './ports.ts';
import type { Subscriber, Suppression } from './subscriber.ts';

type Reason = Exclude<Suppression, 'erased'>;

/** A complaint weighs more than a bounce: whatever the order of events, the heavier stays. */
const WEIGHT: Readonly<Record<Reason, number>> = { bounce: 1, complaint: 2 };

/** Nothing is ever mailed to this subscriber again, whichever newsletter it is. `detail`: SES's status, `5.1.1`. */
export const suppressed = (
  subscriber: Subscriber,
  because: Reason,
  at: Instant,
  detail?: string,
): { readonly is: 'suppressed' | 'already-suppressed'; readonly subscriber: Subscriber } => {
  const present = reasonOf(subscriber);
  if (present && WEIGHT[present] >= WEIGHT[because]) return { is: 'already-suppressed', subscriber };
  const circumstances = { at, language: '', wording: CONSENT_WORDING, network: null };
  const how = { newsletter: null, circumstances, because: detail === undefined ? because : `${because} ${detail}` };
  return { is: 'suppressed', subscriber: withConsent(silenced(subscriber, because, at), 'suppressed', how) };
};

const reasonOf = ({ suppressed: present }: Subscriber): Reason | undefined =>
  present?.because === 'erased' ? present.formerly : present?.because;

const silenced = (subscriber: Subscriber, because: Reason, at: Instant): Subscriber => {
  // Whoever was erased stays so; what was written down for a question since then goes as well.
  if (isErased(subscriber)) return erasedStub(subscriber, { because: 'erased', at, formerly: because });
  return {
    ...subscriber,
    suppressed: { because, at },
    // A suppression is remembered for ever, also of somebody who never confirmed.
    expiresAt: null,
    subscriptions: subscriber.subscriptions.map((one) => ({ ...one, asked: null })),
  };
};

/** A mail that was on its way when the reader moved went to the address of before. */
const ON_ITS_WAY_MS = MINUTE_MS;

/** From then on mails went to the address the reader has now; `undefined`: he had no other. */
export const mailedHereSince = ({ movedAt }: Subscriber): Instant | undefined =>
  movedAt && addMs(movedAt, ON_ITS_WAY_MS);

interface Told {
  readonly at: Instant;
  /** SES's status, `5.1.1`. */
  readonly status?: string | undefined;
  /** When the mail it is told of was sent. */
  readonly sentAt: Instant;
}

/**
 * For feedback: after this, no edition and no confirmation goes to this subscriber. May be repeated, in any order. What
 * is told of a mail to an address that the reader has left says nothing of the one he has.
 */
export const suppress = async (
  ports: { readonly subscribers: Pick<Subscribers, 'byId' | 'save'> },
  subscriberId: string,
  because: Reason,
  { at, status, sentAt }: Told,
): Promise<'suppressed' | 'already-suppressed' | 'former-address' | 'unknown'> => {
  const outcome = await change(ports.subscribers, subscriberId, (one) =>
    sentAt < (mailedHereSince(one) ?? '')
      ? { is: 'former-address' as const, subscriber: one }
      : suppressed(one, because, at, status),
  );
  return outcome?.is ?? 'unknown';
};
