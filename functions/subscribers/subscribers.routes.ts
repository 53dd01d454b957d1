import { InvalidInput } from '../shared/errors.ts';
import { json } from '../shared/http/answer.ts';
import { routeFor } from '../shared/http/route.ts';
import { proofOf, shownProof } from './consent/proof.ts';
import type { SignupPorts } from './door.ts';
import { newsroomEraseRoutes } from './erasing/erase.routes.ts';
import type { Subscriber } from './subscriber.ts';
import { shownOf, shownWithRecord } from './subscriberShown.ts';

const route = routeFor<SignupPorts>();

const withRecord = async ({ subscribers }: SignupPorts, subscriber: Subscriber) => ({
  ...shownOf(subscriber),
  consent: await subscribers.record(subscriber),
});

const NO_STORE = { 'cache-control': 'no-store' };

/** What the newsroom asks of one reader; lists and numbers are in `newsroom.routes.ts`. */
export const subscriberRoutes = [
  ...newsroomEraseRoutes,
  route({
    method: 'GET',
    path: '/api/v1/subscribers/{id}',
    access: 'newsroom',
    summary: 'One subscriber, with subscriptions and the record of consent',
    answers: { 200: { is: 'The subscriber', schema: shownWithRecord }, 404: 'There is no subscriber of this id' },
    work: async (ports, { params }) => json(200, await withRecord(ports, await found(ports, params['id'])), NO_STORE),
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
