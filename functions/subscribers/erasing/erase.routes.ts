import * as z from 'zod';
import { InvalidInput } from '../../shared/errors.ts';
import { type Answer, json } from '../../shared/http/answer.ts';
import { type Ask, routeFor } from '../../shared/http/route.ts';
import { change } from '../change.ts';
import type { SignupPorts } from '../door.ts';
import { CONSENT_WORDING } from '../joining/consent.ts';
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
import { settingsPath } from '../preferences/membership.ts';
import type { Subscriber } from '../subscriber.ts';
import { erase, isErased } from './erase.ts';

const route = routeFor<SignupPorts>();

export const eraseRoutes = [
  route({
    method: 'GET',
    path: '/preferences/{token}/erase',
    access: 'public',
    summary: 'The page that asks whether to erase the reader. It changes nothing; its button does',
    query: pageQuery,
    answers: { 200: 'The page', 404: 'The link does not work' },
    work: async (ports, ask) => {
      const subscriber = await readerOf(ports, ask);
      if (!subscriber) return deadLink(ports.house, ask);
      return isErased(subscriber) ? done(ports, ask) : question(ports, ask, subscriber);
    },
  }),
  route({
    method: 'POST',
    path: '/preferences/{token}/erase',
    access: 'public',
    summary: 'Erase the reader: address and choices are gone at once, for good',
    description:
      'What stays is the record of consent, which has no address in it, and the address’s keyed hash, so that no import revives it. It may be repeated.',
    query: pageQuery,
    accepts: { '': z.unknown(), 'application/json': z.unknown(), 'application/x-www-form-urlencoded': z.unknown() },
    mostBytes: 20_000,
    answers: {
      200: { is: 'Erased', schema: z.object({ state: z.literal('erased'), message: z.string() }) },
      404: 'The link does not work',
    },
    work: async (ports, ask) => {
      const subscriber = await readerOf(ports, ask);
      if (!subscriber) return deadLink(ports.house, ask);
      const reader = subscriber.subscriptions[0]?.languages[0];
      const circumstances = circumstancesOf(ask, languageOf(ports.house, ask, reader), ports.now());
      await change(ports.subscribers, subscriber.id, (one) => erase(one, circumstances, 'reader'));
      return done(ports, ask, reader);
    },
  }),
];

const readerOf = async ({ links, subscribers }: SignupPorts, ask: Ask): Promise<Subscriber | undefined> => {
  const token = await links.read('preferences', ask.params['token'] ?? '');
  return token.is === 'bad' ? undefined : subscribers.byId(token.claim.subscriber);
};

const question = ({ house }: SignupPorts, ask: Ask<PageQuery>, { address, subscriptions }: Subscriber): Answer =>
  personalPage(house, ask, 'preferences-erase', {
    language: languageOf(house, ask, subscriptions[0]?.languages[0]),
    address,
    settings: settingsPath(ask),
    erased: false,
  });

const done = ({ house }: SignupPorts, ask: Ask<PageQuery>, reader?: string): Answer => {
  const language = languageOf(house, ask, reader);
  if (wantsJson(ask))
    return json(200, { state: 'erased', message: house.templates.say(language, 'reader.erase.done') }, PERSONAL);
  return personalPage(house, ask, 'preferences-erase', { language, erased: true });
};

/** Why, as the newsroom says it. It stays in the record, so it must not name whom it is about. */
const reason = z
  .string()
  .max(200)
  .regex(/^[^@\p{Cc}]*$/u, 'it may have no address in it, since it is kept')
  .optional();

export const newsroomEraseRoutes = [
  route({
    method: 'DELETE',
    path: '/api/v1/subscribers/{id}',
    access: 'newsroom',
    summary: 'Erase a subscriber, for good',
    description:
      'Address and choices are gone at once. The id, the record of consent and the address’s keyed hash stay: no import revives the address; its owner may sign up afresh. `reason` stays in the record and may have no address in it. It may be repeated.',
    query: z.strictObject({ reason }),
    answers: {
      200: { is: 'Erased', schema: z.object({ id: z.string(), state: z.literal('erased') }) },
      400: 'The reason is too long or has an address in it',
      404: 'There is no subscriber of this id',
    },
    work: async (ports, { params, query }) => {
      const id = params['id'] ?? '';
      const how = {
        at: ports.now(),
        language: '',
        wording: CONSENT_WORDING,
        network: null,
        page: '/api/v1/subscribers',
      };
      const because = query.reason ? `newsroom: ${query.reason}` : 'newsroom';
      const known = /^[0-9a-f]{32}$/.test(id);
      const outcome = known ? await change(ports.subscribers, id, (one) => erase(one, how, because)) : undefined;
      if (!outcome) throw new InvalidInput('There is no subscriber of this id.', { field: 'id', status: 404 });
      return json(200, { id, state: 'erased' }, { 'cache-control': 'no-store' });
    },
  }),
];
