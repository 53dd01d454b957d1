import * as z from 'zod';
import { type Answer, json } from '../../shared/http/answer.ts';
import { type Ask, routeFor } from '../../shared/http/route.ts';
import { dayIn } from '../../shared/page/templates.ts';
import { change } from '../change.ts';
import { choicesInWords } from '../choicesShown.ts';
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
import { pausedUntil } from '../preferences/pause.ts';
import type { Subscriber, Subscription } from '../subscriber.ts';
import { subscriptionOf } from '../subscription.ts';
import type { Claim } from '../token.ts';
import { type Instead, insteadOf, takeInstead } from './instead.ts';
import { canUndo, leave, undoLeaving } from './leave.ts';
import { masked } from './masked.ts';
import type { Over } from './over.ts';

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
      'An empty body is enough, as is `List-Unsubscribe=One-Click`. It may be repeated. Within a day `undo=1` (or `{ "undo": true }`) takes it back. `instead=weekly`, `monthly` or `pause` (30 days) makes it less instead.',
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
  const instead = insteadAsked(ask.body);
  if (instead) return takeLess(ports, ask, claim, instead);
  const move = asksToUndo(ask.body) ? undoLeaving : leave;
  const over = await overOf(ports, ask, claim);
  const outcome = await change(ports.subscribers, claim.subscriber, (subscriber) => {
    const reader = subscriptionOf(subscriber, claim.newsletter)?.languages[0];
    const circumstances = circumstancesOf(ask, languageOf(ports.house, ask, reader), ports.now());
    return { ...move(subscriber, claim.newsletter, circumstances), over };
  });
  // Whoever is not known (any more) gets no mail either: for the one who asks, that is what he wanted.
  return result(ports, ask, claim, outcome?.subscriber);
};

const fewer = z.object({ instead: z.enum(['weekly', 'monthly', 'pause']) });

const insteadAsked = (body: unknown): Instead | undefined => fewer.safeParse(body).data?.instead;

const takeLess = async (ports: SignupPorts, ask: LinkAsk, claim: Claim, instead: Instead): Promise<Answer> => {
  const newsletter = ports.house.newsroom.newsletters.find(({ id }) => id === claim.newsletter);
  const outcome = await change(ports.subscribers, claim.subscriber, (subscriber) => {
    const reader = subscriptionOf(subscriber, claim.newsletter)?.languages[0];
    const circumstances = circumstancesOf(ask, languageOf(ports.house, ask, reader), ports.now());
    return newsletter ? takeInstead(subscriber, newsletter, instead, circumstances) : { subscriber };
  });
  return result(ports, ask, claim, outcome?.subscriber, instead);
};

const undo = z.union([z.object({ undo: z.literal(true) }), z.object({ undo: z.literal('1') })]);

const asksToUndo = (body: unknown): boolean => undo.safeParse(body).success;

const claimOf = async ({ links }: SignupPorts, ask: LinkAsk): Promise<Claim | undefined> => {
  const token = await links.read('unsubscribe', ask.params['token'] ?? '');
  return token.is === 'good' ? token.claim : undefined;
};

/** By the link of which edition somebody leaves. Ids of editions begin with their newsletter's. */
const overOf = async ({ links }: SignupPorts, { query }: LinkAsk, { newsletter }: Claim): Promise<Over | undefined> => {
  const over = query.over === undefined ? undefined : await links.over(query.over);
  return over?.edition.startsWith(`${newsletter}-`) ? over : undefined;
};

const question = ({ house, now }: SignupPorts, ask: LinkAsk, { newsletter }: Claim, subscriber: Subscriber): Answer => {
  const subscription = subscriptionOf(subscriber, newsletter);
  const language = languageOf(house, ask, subscription?.languages[0]);
  const there = house.newsroom.newsletters.find(({ id }) => id === newsletter);
  return personalPage(house, ask, 'unsubscribe', {
    language,
    // The mail may have been forwarded: the page says whose subscription it is, and no more.
    address: masked(subscriber.address),
    less: ask.query.less !== undefined,
    over: ask.query.over,
    instead: there && subscription ? insteadOf(there, subscription, now()) : [],
    newsletter: newsletterLabel(house.newsroom, newsletter, language),
  });
};

const result = (
  ports: SignupPorts,
  ask: LinkAsk,
  claim: Claim,
  subscriber: Subscriber | undefined,
  instead?: Instead,
): Answer => {
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
    over: ask.query.over,
    ...(subscription && instead && lessShown(ports, subscription, instead, language)),
    undoable: state === 'left' && undoable,
  });
};

const lessShown = (
  { house, now }: SignupPorts,
  subscription: Subscription,
  instead: Instead,
  language: string,
): { readonly less?: string; readonly paused?: string | null } => {
  if (subscription.state !== 'active') return {};
  if (instead !== 'pause') return { less: choicesInWords(house, subscription, language).cadence };
  const until = pausedUntil(subscription, now());
  return { paused: until && dayIn(language, house.newsroom.timeZone, until, 'long') };
};
