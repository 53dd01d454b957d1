import { z } from 'zod';
import { parseAddress } from '../border/address.ts';
import { InvalidInput } from '../shared/errors.ts';
import { json } from '../shared/http/answer.ts';
import { routeFor } from '../shared/http/route.ts';
import type { SignupPorts } from './door.ts';
import type { Subscriber } from './subscriber.ts';

const route = routeFor<SignupPorts>();

const circumstances = z.object({
  at: z.string(),
  language: z.string(),
  wording: z.string(),
  network: z.string().nullable(),
});

const shown = z.object({
  id: z.string(),
  email: z.string(),
  createdAt: z.string(),
  suppressed: z.object({ because: z.string(), at: z.string() }).nullable(),
  subscriptions: z.array(
    z.object({
      newsletter: z.string(),
      state: z.enum(['pending', 'active', 'left']),
      languages: z.array(z.string()),
      topics: z.array(z.string()),
      cadence: z.string(),
      timeZone: z.string(),
      confirmedAt: z.string().nullable(),
      leftAt: z.string().nullable(),
    }),
  ),
  consent: z.array(
    z.object({ what: z.string(), newsletter: z.string().nullable(), circumstances, asked: circumstances.nullable() }),
  ),
});

const shownOf = ({ id, address, createdAt, suppressed, subscriptions, consent }: Subscriber) => ({
  id,
  email: address,
  createdAt,
  suppressed,
  subscriptions: subscriptions.map((one) => ({
    newsletter: one.newsletter,
    state: one.state,
    languages: one.languages,
    topics: one.topics,
    cadence: one.cadence,
    timeZone: one.timeZone,
    confirmedAt: one.confirmedAt,
    leftAt: one.leftAt,
  })),
  consent,
});

const NO_STORE = { 'cache-control': 'no-store' };

/** What the newsroom asks of its readers. */
export const subscriberRoutes = [
  route({
    method: 'GET',
    path: '/api/v1/subscribers',
    access: 'newsroom',
    summary: 'Find a subscriber by the exact address',
    query: z.strictObject({ email: z.string() }),
    answers: {
      200: { is: 'The subscriber, or an empty list', schema: z.object({ items: z.array(shown) }) },
      400: 'The address is missing or not valid',
    },
    work: async ({ subscribers }, { query }) => {
      const parsed = parseAddress(query.email);
      if (parsed.is === 'refused')
        throw new InvalidInput(`The field “email” is not an address: ${parsed.because}.`, { field: 'email' });
      const found = await subscribers.byAddress(parsed.address);
      return json(200, { items: found ? [shownOf(found)] : [] }, NO_STORE);
    },
  }),
  route({
    method: 'GET',
    path: '/api/v1/subscribers/{id}',
    access: 'newsroom',
    summary: 'One subscriber, with subscriptions and the record of consent',
    answers: { 200: { is: 'The subscriber', schema: shown }, 404: 'There is no subscriber of this id' },
    work: async ({ subscribers }, { params }) => {
      const id = params['id'] ?? '';
      const found = /^[0-9a-f]{32}$/.test(id) ? await subscribers.byId(id) : undefined;
      if (!found) throw new InvalidInput('There is no subscriber of this id.', { field: 'id', status: 404 });
      return json(200, shownOf(found), NO_STORE);
    },
  }),
];
