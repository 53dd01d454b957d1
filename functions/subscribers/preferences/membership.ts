import type { Newsletter } from '../../shared/config.ts';
import type { Ask } from '../../shared/http/route.ts';
import type { SignupPorts } from '../door.ts';
import { type Choices, choicesOf, type Subscriber, type Subscription } from '../subscriber.ts';
import { subscriptionOf } from '../subscription.ts';

export interface Membership {
  readonly subscriber: Subscriber;
  readonly subscription: Subscription;
  readonly newsletter: Newsletter;
}

/** Whom the link is for: somebody who once confirmed, for a newsletter there still is. */
export const membershipOf = async (
  { links, subscribers, house }: SignupPorts,
  ask: Ask,
): Promise<Membership | undefined> => {
  const token = await links.read('preferences', ask.params['token'] ?? '');
  if (token.is === 'bad') return undefined;
  const subscriber = await subscribers.byId(token.claim.subscriber);
  return subscriber && membershipIn(house.newsroom.newsletters, subscriber, token.claim.newsletter);
};

export const membershipIn = (
  newsletters: readonly Newsletter[],
  subscriber: Subscriber,
  id: string,
): Membership | undefined => {
  const newsletter = newsletters.find((one) => one.id === id);
  const subscription = subscriptionOf(subscriber, id);
  if (!newsletter || !subscription || subscription.state === 'pending') return undefined;
  return { subscriber, subscription, newsletter };
};

/** What the newsletter no longer offers is no longer chosen: a removed language or cadence must not block every change. */
export const offered = (newsletter: Newsletter, subscription: Subscription): Choices => {
  const languages = subscription.languages.filter((language) => newsletter.languages.includes(language));
  return { ...choicesOf(subscription), languages: languages.length > 0 ? languages : newsletter.languages.slice(0, 1) };
};

/** Where the settings of this link are, without what comes behind it. */
export const settingsPath = ({ params }: Pick<Ask, 'params'>): string => `/preferences/${params['token'] ?? ''}`;
