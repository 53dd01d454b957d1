import { z } from 'zod';
import { parseAddress } from '../border/address.ts';
import { InvalidInput } from '../shared/errors.ts';
import { json } from '../shared/http/answer.ts';
import { routeFor } from '../shared/http/route.ts';
import { proofOf, shownProof, shownRecord } from './consent/proof.ts';
import type { SignupPorts } from './door.ts';
import { choicesOf, type Subscriber } from './subscriber.ts';

const route = routeFor<SignupPorts>();

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
  consent: z.array(shownRecord),
});

const shownOf = async ({ subscribers }: SignupPorts, subscriber: Subscriber) => {
  const { id, address, createdAt, suppressed, subscriptions } = subscriber;
  return {
    id,
    email: address,
    createdAt,
    suppressed,
    subscriptions: subscriptions.map((one) => ({
      newsletter: one.newsletter,
      state: one.state,
      ...choicesOf(one),
      confirmedAt: one.confirmedAt,
      leftAt: one.leftAt,
    })),
    consent: await subscribers.record(subscriber),
  };
};

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
    work: async (ports, { query }) => {
      const parsed = parseAddress(query.email);
      if (parsed.is === 'refused')
        throw new InvalidInput(`The field “email” is not an address: ${parsed.because}.`, { field: 'email' });
      const found = await ports.subscribers.byAddress(parsed.address);
      return json(200, { items: found ? [await shownOf(ports, found)] : [] }, NO_STORE);
    },
  }),
  route({
    method: 'GET',
    path: '/api/v1/subscribers/{id}',
    access: 'newsroom',
    summary: 'One subscriber, with subscriptions and the record of consent',
    answers: { 200: { is: 'The subscriber', schema: shown }, 404: 'There is no subscriber of this id' },
    work: async (ports, { params }) => json(200, await shownOf(ports, await found(ports, params['id'])), NO_STORE),
  }),
  route({
    method: 'GET',
    path: '/api/v1/subscribers/{id}/consent',
    access: 'newsroom',
    summary: 'The record of consent, as a proof that can be handed on',
    description:
      'Every line since the first click, each chained to the one before by its hash, with the verdict of a check and how to repeat it. There is no address in it, so it is kept, and stays whole, after an erasure.',
    answers: {
      200: { is: 'The record; `wordings` holds the texts of the present version', schema: shownProof },
      404: 'There is no subscriber of this id',
    },
    work: async (ports, { params }) => {
      const subscriber = await found(ports, params['id']);
      const records = await ports.subscribers.record(subscriber);
      return json(200, proofOf(ports.house, subscriber, records), {
        ...NO_STORE,
        'content-disposition': `attachment; filename="consent-${subscriber.id}.json"`,
      });
    },
  }),
];

const found = async ({ subscribers }: SignupPorts, id = ''): Promise<Subscriber> => {
  const subscriber = /^[0-9a-f]{32}$/.test(id) ? await subscribers.byId(id) : undefined;
  if (!subscriber) throw new InvalidInput('There is no subscriber of this id.', { field: 'id', status: 404 });
  return subscriber;
};
