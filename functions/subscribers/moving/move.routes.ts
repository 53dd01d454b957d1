import * as z from 'zod';
import { parseAddress } from '../../border/address.ts';
import { InvalidInput } from '../../shared/errors.ts';
import { type Answer, json, problem } from '../../shared/http/answer.ts';
import { type Ask, routeFor } from '../../shared/http/route.ts';
import { change } from '../change.ts';
import type { SignupPorts } from '../door.ts';
import { rung } from '../joining/enrol.ts';
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
import { membershipOf } from '../preferences/membership.ts';
import { preferencesPage } from '../preferences/preferencesPage.ts';
import type { Subscriber } from '../subscriber.ts';
import { hasMoved, move, moveOf } from './move.ts';
import { requestMove } from './requestMove.ts';

const route = routeFor<SignupPorts>();

const wanted = z.object({ email: z.string().max(1000) });

export const moveRoutes = [
  route({
    method: 'POST',
    path: '/preferences/{token}/address',
    access: 'public',
    summary: 'Ask to get the mails at another address',
    description:
      'A mail goes to the new address; the change is made when its button is pressed, and the old address is told. The answer is the same whatever is known of the new address.',
    query: pageQuery,
    accepts: { 'application/json': wanted, 'application/x-www-form-urlencoded': wanted },
    mostBytes: 20_000,
    answers: {
      202: { is: 'Taken', schema: z.object({ state: z.enum(['asked', 'too-soon']) }) },
      400: 'It is not an address',
      404: 'The link does not work',
    },
    work: (ports, ask) => takeRequest(ports, ask),
  }),
  route({
    method: 'GET',
    path: '/preferences/{token}/new-address',
    access: 'public',
    summary: 'The page behind the link for a new address. It changes nothing; its button does',
    query: pageQuery,
    answers: { 200: 'The page', 404: 'The link does not work, or no longer' },
    work: async (ports, ask) => {
      const link = await linkOf(ports, ask);
      const letter = link && moveOf(link.subscriber, link.round);
      if (link && !letter && hasMoved(link.subscriber, link.round)) return done(ports, ask, link.subscriber);
      if (!link || !letter || link.subscriber.suppressed) return deadLink(ports.house, ask);
      const data = { language: languageOf(ports.house, ask, letter.language), address: letter.to, state: 'open' };
      return personalPage(ports.house, ask, 'preferences-address', data);
    },
  }),
  route({
    method: 'POST',
    path: '/preferences/{token}/new-address',
    access: 'public',
    summary: 'Get all mails at the address this link was mailed to',
    query: pageQuery,
    accepts: { '': z.unknown(), 'application/json': z.unknown(), 'application/x-www-form-urlencoded': z.unknown() },
    mostBytes: 20_000,
    answers: {
      200: { is: 'Changed', schema: z.object({ state: z.literal('moved') }) },
      404: 'The link does not work, or no longer',
      409: 'There is a subscription at this address already',
    },
    work: (ports, ask) => takeMove(ports, ask),
  }),
];

const takeRequest = async (ports: SignupPorts, ask: Ask<PageQuery, z.infer<typeof wanted>>): Promise<Answer> => {
  const membership = await membershipOf(ports, ask);
  if (!membership) return deadLink(ports.house, ask);
  const parsed = parseAddress(ask.body.email);
  if (parsed.is === 'refused') {
    if (!wantsJson(ask)) return preferencesPage(ports, ask, membership, { wrong: 'email', status: 400 });
    throw new InvalidInput(`The field “email” is not an address: ${parsed.because}.`, { field: 'email' });
  }
  const { subscriber, newsletter, subscription } = membership;
  const language = languageOf(ports.house, ask, subscription.languages[0]);
  const asked = { newsletter: newsletter.id, to: parsed.address, language };
  const outcome = await requestMove(ports.subscribers, subscriber, asked, ports.now());
  if (outcome === 'unknown') return deadLink(ports.house, ask);
  await rung(ports, subscriber.id);
  if (wantsJson(ask)) return json(202, { state: outcome }, PERSONAL);
  return preferencesPage(ports, ask, membership, { did: outcome, status: 202 });
};

const takeMove = async (ports: SignupPorts, ask: Ask<PageQuery>): Promise<Answer> => {
  const link = await linkOf(ports, ask);
  if (!link) return deadLink(ports.house, ask);
  const letter = moveOf(link.subscriber, link.round);
  const { id } = link.subscriber;
  if (letter && (await ports.subscribers.claimAddress(id, letter.to, ports.now())) === 'taken') {
    return taken(ports, ask, letter.language);
  }
  const language = languageOf(ports.house, ask, letter?.language);
  const outcome = await change(ports.subscribers, id, (one) =>
    move(one, link.round, circumstancesOf(ask, language, ports.now())),
  );
  if (!outcome || outcome.is === 'unknown') return deadLink(ports.house, ask);
  await rung(ports, id);
  return done(ports, ask, outcome.subscriber);
};

const linkOf = async (
  { links, subscribers }: SignupPorts,
  ask: Ask,
): Promise<{ subscriber: Subscriber; round: number } | undefined> => {
  const token = await links.read('address', ask.params['token'] ?? '');
  if (token.is === 'bad' || token.claim.round === undefined) return undefined;
  const subscriber = await subscribers.byId(token.claim.subscriber);
  return subscriber && { subscriber, round: token.claim.round };
};

const done = ({ house }: SignupPorts, ask: Ask<PageQuery>, { address, subscriptions }: Subscriber): Answer => {
  if (wantsJson(ask)) return json(200, { state: 'moved' }, PERSONAL);
  const language = languageOf(house, ask, subscriptions[0]?.languages[0]);
  return personalPage(house, ask, 'preferences-address', { language, address, state: 'done' });
};

const taken = ({ house }: SignupPorts, ask: Ask<PageQuery>, reader: string): Answer => {
  const language = languageOf(house, ask, reader);
  if (wantsJson(ask)) return problem(409, house.templates.say(language, 'reader.address.taken'), { headers: PERSONAL });
  return personalPage(house, ask, 'preferences-address', { language, state: 'taken' }, 409);
};
