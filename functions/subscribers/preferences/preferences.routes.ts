import * as z from 'zod';
import { InvalidInput, unreachable } from '../../shared/errors.ts';
import { type Answer, json } from '../../shared/http/answer.ts';
import { type Ask, routeFor } from '../../shared/http/route.ts';
import { change } from '../change.ts';
import type { SignupPorts } from '../door.ts';
import { choicesFrom, type Fields, fields, wishFields, wishOf } from '../joining/wish.ts';
import { circumstancesOf, deadLink, languageOf, type PageQuery, PERSONAL, pageQuery, wantsJson } from '../pages.ts';
import { choicesOf, differences, type Subscription } from '../subscriber.ts';
import { subscriptionOf } from '../subscription.ts';
import { type ChangeOutcome, changeChoices } from './changeChoices.ts';
import { type Membership, membershipIn, membershipOf, offered } from './membership.ts';
import { preferencesPage } from './preferencesPage.ts';

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
      return membership ? preferencesPage(ports, ask, membership) : deadLink(ports.house, ask);
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
    return preferencesPage(ports, ask, membership, { wrong: error.field, status: 400 });
  }
  const now = outcome && membershipIn([newsletter], outcome.subscriber, newsletter.id);
  return outcome && now ? changed(ports, ask, { before: subscription, now, outcome }) : deadLink(ports.house, ask);
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
      return preferencesPage(ports, ask, now, { outcome: outcome.is, before, what });
    case 'suppressed':
      return preferencesPage(ports, ask, now);
    default:
      return unreachable(outcome.is);
  }
};
