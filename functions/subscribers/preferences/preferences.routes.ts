import { z } from 'zod';
import type { Newsletter } from '../../shared/config.ts';
import { InvalidInput, unreachable } from '../../shared/errors.ts';
import { type Answer, json } from '../../shared/http/answer.ts';
import { type Ask, routeFor } from '../../shared/http/route.ts';
import { change } from '../change.ts';
import { choicesForm, choicesInWords } from '../choicesShown.ts';
import type { SignupPorts } from '../door.ts';
import { choicesFrom, type Fields, fields, wishFields, wishOf } from '../joining/wish.ts';
import {
  circumstancesOf,
  deadLink,
  languageOf,
  type PageQuery,
  PERSONAL,
  pageQuery,
  personalPage,
  wantsJson,
} from '../pages.ts';
import { type Choices, choicesOf, differences, type Subscriber, type Subscription } from '../subscriber.ts';
import { subscriptionOf } from '../subscription.ts';
import { unsubscribeUrl } from '../token.ts';
import { type ChangeOutcome, changeChoices } from './changeChoices.ts';

const route = routeFor<SignupPorts>();

const answer = z.object({
  state: z.enum(['changed', 'rejoined', 'unchanged', 'suppressed']),
  changed: z.array(z.enum(['languages', 'topics', 'cadence', 'timeZone'])),
  ...{ languages: z.array(z.string()), topics: z.array(z.string()), cadence: z.string(), timeZone: z.string() },
});

export const preferencesRoutes = [
  route({
    method: 'GET',
    path: '/preferences/{token}',
    access: 'public',
    summary: 'The page on which a reader changes a subscription. It changes nothing by itself',
    query: pageQuery,
    answers: { 200: 'The page', 404: 'The link does not work' },
    work: async (ports, ask) => {
      const membership = await membershipOf(ports, ask);
      return membership ? formPage(ports, ask, membership) : deadLink(ports.house, ask);
    },
  }),
  route({
    method: 'POST',
    path: '/preferences/{token}',
    access: 'public',
    summary: 'Change languages, topics, cadence or time zone of a subscription, at once',
    description: 'In JSON, what is not named stays as it is. The answer says what changed. Whoever had left is back.',
    query: pageQuery,
    accepts: { 'application/json': z.strictObject(wishFields), 'application/x-www-form-urlencoded': fields },
    mostBytes: 20_000,
    answers: {
      200: { is: 'What changed, and what holds now', schema: answer },
      400: 'A choice is not valid; the sentence names the field',
      404: 'The link does not work',
    },
    work: (ports, ask) => takeChoices(ports, ask),
  }),
];

interface Membership {
  readonly subscriber: Subscriber;
  readonly subscription: Subscription;
  readonly newsletter: Newsletter;
}

/** Whom the link is for: somebody who once confirmed, for a newsletter there still is. */
const membershipOf = async ({ links, subscribers, house }: SignupPorts, ask: Ask): Promise<Membership | undefined> => {
  const token = await links.read('preferences', ask.params['token'] ?? '');
  if (token.is === 'bad') return undefined;
  const subscriber = await subscribers.byId(token.claim.subscriber);
  return subscriber && membershipIn(house.newsroom.newsletters, subscriber, token.claim.newsletter);
};

const membershipIn = (newsletters: Newsletter[], subscriber: Subscriber, id: string): Membership | undefined => {
  const newsletter = newsletters.find((one) => one.id === id);
  const subscription = subscriptionOf(subscriber, id);
  if (!newsletter || !subscription || subscription.state === 'pending') return undefined;
  return { subscriber, subscription, newsletter };
};

const takeChoices = async (ports: SignupPorts, ask: Ask<PageQuery, Fields>): Promise<Answer> => {
  const membership = await membershipOf(ports, ask);
  if (!membership) return deadLink(ports.house, ask);
  const { newsletter, subscription } = membership;
  // A form leaves out what is not ticked; a program leaves out what is to stay.
  const sent = wantsJson(ask) ? ask.body : { topics: [], ...ask.body };
  const circumstances = circumstancesOf(ask, languageOf(ports.house, ask, subscription.languages[0]), ports.now());
  let outcome: ChangeOutcome | undefined;
  try {
    outcome = await change(ports.subscribers, membership.subscriber.id, (subscriber) => {
      const present = subscriptionOf(subscriber, newsletter.id) ?? subscription;
      const otherwise = offered(newsletter, present);
      const choices = choicesFrom(ports.house.newsroom, newsletter, wishOf(sent), otherwise);
      return changeChoices(subscriber, newsletter.id, choices, circumstances);
    });
  } catch (error) {
    // A program is told by a problem document; a person gets the form back, unchanged.
    if (!(error instanceof InvalidInput) || wantsJson(ask)) throw error;
    return formPage(ports, ask, membership, { wrong: error.field }, 400);
  }
  const now = outcome && membershipIn([newsletter], outcome.subscriber, newsletter.id);
  return outcome && now ? changed(ports, ask, { before: subscription, now, outcome }) : deadLink(ports.house, ask);
};

/** What the newsletter no longer offers is no longer chosen: a removed language or cadence must not block every change. */
const offered = (newsletter: Newsletter, subscription: Subscription): Choices => {
  const languages = subscription.languages.filter((language) => newsletter.languages.includes(language));
  return { ...choicesOf(subscription), languages: languages.length > 0 ? languages : newsletter.languages.slice(0, 1) };
};

interface Change {
  readonly before: Subscription;
  readonly now: Membership;
  readonly outcome: ChangeOutcome;
}

const changed = (
  ports: SignupPorts,
  ask: Ask<PageQuery>,
  { before, now, outcome }: Change,
): Answer | Promise<Answer> => {
  if (outcome.is === 'unknown') return deadLink(ports.house, ask);
  const what = differences(before, now.subscription);
  if (wantsJson(ask)) {
    return json(200, { state: outcome.is, changed: what, ...choicesOf(now.subscription) }, PERSONAL);
  }
  switch (outcome.is) {
    case 'changed':
    case 'rejoined':
    case 'unchanged':
      return formPage(ports, ask, now, { outcome: outcome.is, before, what });
    case 'suppressed':
      return formPage(ports, ask, now);
    default:
      return unreachable(outcome.is);
  }
};

interface Shown {
  readonly outcome?: string;
  readonly before?: Subscription;
  readonly what?: readonly (keyof Choices)[];
  readonly wrong?: string | undefined;
}

const formPage = async (
  { house, links }: SignupPorts,
  ask: Ask<PageQuery>,
  { subscriber, subscription, newsletter }: Membership,
  shown: Shown = {},
  status = 200,
): Promise<Answer> => {
  const language = languageOf(house, ask, subscription.languages[0]);
  const token = await links.make({ purpose: 'unsubscribe', subscriber: subscriber.id, newsletter: newsletter.id });
  const words = choicesInWords(house, subscription, language);
  const earlier = shown.before && choicesInWords(house, shown.before, language);
  const data = {
    language,
    ...choicesForm(house, newsletter, offered(newsletter, subscription), language),
    address: subscriber.address,
    state: subscriber.suppressed ? 'suppressed' : subscription.state,
    outcome: shown.outcome,
    changes: (shown.what ?? []).map((name) => ({ name, from: earlier?.[name], to: words[name] })),
    wrong: shown.wrong,
    leaveUrl: unsubscribeUrl(house.siteUrl, token),
  };
  return personalPage(house, ask, 'preferences', data, status);
};
