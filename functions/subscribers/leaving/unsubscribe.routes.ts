import { z } from 'zod';
import { type Answer, json } from '../../shared/http/answer.ts';
import { type Ask, routeFor } from '../../shared/http/route.ts';
import { change } from '../change.ts';
import type { SignupPorts } from '../door.ts';
import {
  circumstancesOf,
  deadLink,
  languageOf,
  newsletterLabel,
  type PageQuery,
  PERSONAL,
  pageQuery,
  personalPage,
  wantsJson,
} from '../pages.ts';
import type { Subscriber } from '../subscriber.ts';
import { subscriptionOf } from '../subscription.ts';
import type { Claim } from '../token.ts';
import { canUndo, leave, undoLeaving } from './leave.ts';

type LinkAsk = Ask<PageQuery>;

const route = routeFor<SignupPorts>();

const answer = z.object({ state: z.enum(['left', 'active']), message: z.string() });

export const unsubscribeRoutes = [
  route({
    method: 'GET',
    path: '/unsubscribe/{token}',
    access: 'public',
    summary: 'The page behind the link for leaving. It changes nothing; its button does',
    query: pageQuery,
    answers: { 200: 'The page', 404: 'The link does not work' },
    work: async (ports, ask) => {
      const claim = await claimOf(ports, ask);
      if (!claim) return deadLink(ports.house, ask);
      const subscriber = await ports.subscribers.byId(claim.subscriber);
      const active = subscriber && subscriptionOf(subscriber, claim.newsletter)?.state === 'active';
      return active ? question(ports, ask, claim, subscriber) : result(ports, ask, claim, subscriber);
    },
  }),
  route({
    method: 'POST',
    path: '/unsubscribe/{token}',
    access: 'public',
    summary: 'Leave a newsletter, at once (RFC 8058)',
    description:
      'An empty body is enough, as is `List-Unsubscribe=One-Click`. It may be repeated. Within a day `undo=1` (or `{ "undo": true }`) takes it back.',
    query: pageQuery,
    // RFC 8058 section 3.1: form-encoded or multipart. Whatever a mailbox provider sends, it means to leave.
    accepts: {
      '': z.unknown(),
      'application/json': z.unknown(),
      'application/x-www-form-urlencoded': z.unknown(),
      'multipart/form-data': z.unknown(),
      'text/plain': z.unknown(),
    },
    mostBytes: 20_000,
    answers: { 200: { is: 'What the subscription is now', schema: answer }, 404: 'The link does not work' },
    work: (ports, ask) => takeLeaving(ports, ask),
  }),
];

const takeLeaving = async (ports: SignupPorts, ask: LinkAsk): Promise<Answer> => {
  const claim = await claimOf(ports, ask);
  if (!claim) return deadLink(ports.house, ask);
  const move = asksToUndo(ask.body) ? undoLeaving : leave;
  const outcome = await change(ports.subscribers, claim.subscriber, (subscriber) => {
    const reader = subscriptionOf(subscriber, claim.newsletter)?.languages[0];
    return move(subscriber, claim.newsletter, circumstancesOf(ask, languageOf(ports.house, ask, reader), ports.now()));
  });
  // Whoever is not known (any more) gets no mail either: for the one who asks, that is what he wanted.
  return result(ports, ask, claim, outcome?.subscriber);
};

const undo = z.union([z.object({ undo: z.literal(true) }), z.object({ undo: z.literal('1') })]);

const asksToUndo = (body: unknown): boolean => undo.safeParse(body).success;

const claimOf = async ({ links }: SignupPorts, ask: LinkAsk): Promise<Claim | undefined> => {
  const token = await links.read('unsubscribe', ask.params['token'] ?? '');
  return token.is === 'good' ? token.claim : undefined;
};

const question = ({ house }: SignupPorts, ask: LinkAsk, { newsletter }: Claim, subscriber: Subscriber): Answer => {
  const language = languageOf(house, ask, subscriptionOf(subscriber, newsletter)?.languages[0]);
  return personalPage(house, ask, 'unsubscribe', {
    language,
    address: subscriber.address,
    newsletter: newsletterLabel(house.newsroom, newsletter, language),
  });
};

const result = (ports: SignupPorts, ask: LinkAsk, claim: Claim, subscriber: Subscriber | undefined): Answer => {
  const { house } = ports;
  const subscription = subscriber && subscriptionOf(subscriber, claim.newsletter);
  const language = languageOf(house, ask, subscription?.languages[0]);
  const state = subscription?.state === 'active' ? 'active' : 'left';
  const newsletter = newsletterLabel(house.newsroom, claim.newsletter, language);
  if (wantsJson(ask)) {
    const message = house.templates.say(language, `subscribe.leaving.${state}`, { newsletter });
    return json(200, { state, message }, PERSONAL);
  }
  const undoable = !subscriber?.suppressed && canUndo(subscription?.leftAt ?? null, ports.now());
  return personalPage(house, ask, 'unsubscribe-done', {
    language,
    state,
    newsletter,
    newsletterId: claim.newsletter,
    undoable: state === 'left' && undoable,
  });
};
