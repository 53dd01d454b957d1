import type { Instant } from '../shared/time.ts';
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

/** For feedback: after this, no edition and no confirmation goes to this subscriber. May be repeated, in any order. */
export const suppress = async (
  ports: { readonly subscribers: Pick<Subscribers, 'byId' | 'save'> },
  subscriberId: string,
  because: Reason,
  at: Instant,
  detail?: string,
): Promise<'suppressed' | 'already-suppressed' | 'unknown'> => {
  const outcome = await change(ports.subscribers, subscriberId, (one) => suppressed(one, because, at, detail));
  return outcome?.is ?? 'unknown';
};
