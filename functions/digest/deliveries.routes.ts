import * as z from 'zod';
import { InvalidInput } from '../shared/errors.ts';
import { json } from '../shared/http/answer.ts';
import { routeFor } from '../shared/http/route.ts';
import { FROM_THE_START, listDeliveries } from './asking/deliveries.ts';
import { editionIn } from './asking/found.ts';
import type { Newsletters } from './asking/newsletters.ts';
import { deliveryStates, readDeliveryId } from './ledger/page.ts';

const route = routeFor<Newsletters>();

const states = z
  .string()
  .max(200)
  .transform((value) => value.split(',').map((one) => one.trim()))
  .pipe(z.array(z.enum(deliveryStates, `it has words that are none of ${deliveryStates.join(', ')}`)))
  .optional()
  .describe(`Of ${deliveryStates.join(', ')}, with commas; without it, all.`);

const delivery = z.object({
  id: z.string().describe('Its name in the edition, as in the tag `delivery` of its mail.'),
  reader: z.string().describe('The id of the subscriber; who that is, `GET /api/v1/subscribers/{id}` says.'),
  state: z.enum(deliveryStates),
  because: z
    .string()
    .optional()
    .describe('Why it failed, was suppressed or is unknown: a word of ours or a code of SES.'),
  since: z.string().optional().describe('Since when it is unknown.'),
});

export const deliveryRoutes = [
  route({
    method: 'GET',
    path: '/api/v1/editions/{id}/deliveries',
    access: 'newsroom',
    summary: 'What became of an edition, reader by reader',
    description:
      'In the order of the ledger, without addresses. `?state=failed,unknown` are those who are missing. A request looks at 25,000 deliveries at most: where there is a `next`, there may be more, also behind an empty page.',
    query: z.strictObject({
      state: states,
      after: z.string().max(20).optional().describe('The `next` of the page before.'),
      limit: z.coerce.number().int().min(1).max(1000).default(100),
    }),
    answers: {
      200: {
        is: '`next` is the `after` of the next page.',
        schema: z.object({ items: z.array(delivery), next: z.string().optional() }),
      },
      400: 'A state, the place or the limit is none.',
      404: 'There is no such edition.',
    },
    work: async (room, { params, query: { state = [], after, limit } }) => {
      const edition = await editionIn(room, params);
      const { items, next } = await listDeliveries(room.ledger, edition, {
        states: new Set(state),
        after: placeIn(after),
        limit,
      });
      return json(200, { items, ...(next !== undefined && { next }) }, { 'cache-control': 'no-store' });
    },
  }),
];

const placeIn = (after: string | undefined) => {
  const place = after === undefined ? FROM_THE_START : readDeliveryId(after);
  if (place) return place;
  throw new InvalidInput('It must be the `next` of the page before.', { field: 'after' });
};
