import type { Instant } from '../../shared/time.ts';
import { isMute } from '../erasing/erase.ts';
import { withConsent } from '../joining/consent.ts';
import { withPause } from '../preferences/pause.ts';
import type { Asked, Circumstances, Subscriber, Subscription } from '../subscriber.ts';
import { activated, proven, subscriptionOf, withSubscription } from '../subscription.ts';

/** What a confirmation link means at this moment. */
export type LinkState =
  /** It answers the open question. */
  | { readonly is: 'open'; readonly subscription: Subscription; readonly asked: Asked }
  /** It did its work before, and the reader is a member. */
  | { readonly is: 'used'; readonly subscription: Subscription }
  /** It did its work before, and the reader has left since. */
  | { readonly is: 'left'; readonly subscription: Subscription }
  /** Its question was replaced by a newer one, or answered in another way. */
  | { readonly is: 'replaced'; readonly subscription: Subscription }
  /** There is nobody it could be for. */
  | { readonly is: 'unknown' };

export interface ConfirmationLink {
  readonly newsletter: string;
  readonly round: number;
}

export const stateOfLink = (subscriber: Subscriber | undefined, link: ConfirmationLink): LinkState => {
  const subscription = subscriber && subscriptionOf(subscriber, link.newsletter);
  if (!subscription || isMute(subscriber)) return { is: 'unknown' };
  const { asked } = subscription;
  if (asked?.round === link.round) return { is: 'open', subscription, asked };
  if (subscription.state === 'left' && !asked) return { is: 'left', subscription };
  return {
    is: subscription.state === 'active' && link.round <= subscription.confirmedRound ? 'used' : 'replaced',
    subscription,
  };
};

/** What became of a link, in a word for all that it asked. */
type Outcome = { readonly is: 'confirmed' | Exclude<LinkState['is'], 'open'>; readonly subscriber: Subscriber };

/**
 * The reader presses the button behind a link that answers several questions: each that is open is confirmed as its mail
 * put it, the others stay as they are. Where none was open, the first one says what is.
 */
export const confirmAll = (
  subscriber: Subscriber,
  links: readonly ConfirmationLink[],
  circumstances: Circumstances,
): Outcome & { readonly confirmed: readonly string[] } => {
  const [first] = links;
  const is = first ? stateOfLink(subscriber, first).is : 'unknown';
  const open = links.filter((link) => stateOfLink(subscriber, link).is === 'open');
  const confirmed = open.map(({ newsletter }) => newsletter);
  return {
    is: is === 'open' || open.length > 0 ? 'confirmed' : is,
    subscriber: open.reduce((before, link) => confirm(before, link, circumstances).subscriber, subscriber),
    confirmed,
  };
};

/** One question of it. Works once; after that it only says what is. */
export const confirm = (subscriber: Subscriber, link: ConfirmationLink, circumstances: Circumstances): Outcome => {
  const state = stateOfLink(subscriber, link);
  if (state.is !== 'open') return { is: state.is, subscriber };
  const { subscription, asked } = state;
  const now: Instant = circumstances.at;
  // Whoever asks for it again wants it now: that ends a pause.
  const member = { ...withPause(activated(subscription, asked.choices, now), null, now), confirmedRound: asked.round };
  const recorded = withConsent(
    // Whoever was erased and signed up afresh is back with this click, and not before.
    withSubscription({ ...proven(subscriber), suppressed: null }, member),
    subscription.state === 'pending' ? 'joined' : subscription.state === 'left' ? 'rejoined' : 'changed',
    { newsletter: link.newsletter, circumstances, asked: asked.circumstances, choices: asked.choices },
  );
  return { is: 'confirmed', subscriber: recorded };
};
