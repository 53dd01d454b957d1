import * as z from 'zod';
import { parseAddress } from '../../border/address.ts';
import { InvalidInput } from '../../shared/errors.ts';
import { json } from '../../shared/http/answer.ts';
import { routeFor } from '../../shared/http/route.ts';
import type { NewsroomPorts } from '../door.ts';
import { newsletterOf } from '../joining/wish.ts';
import { shownOf, shownSubscriber, shownWithRecord } from '../subscriberShown.ts';
import { type Filter, filter, listFor, matching } from './filter.ts';

const route = routeFor<NewsroomPorts>();

const NO_STORE = { 'cache-control': 'no-store' };

/** Readers looked at for one answer, however few of them are whom the filter means. */
const MOST_LOOKED_AT = 500;

const query = filter.extend({
  address: z.string().max(1000).optional(),
  /** The older name of `address`. */
  email: z.string().max(1000).optional(),
  limit: z.coerce.number().int().min(1).max(100).default(50),
  next: z.string().max(200).optional(),
});

const shown = shownSubscriber.extend({ consent: shownWithRecord.shape.consent.optional() });

export const listRoutes = [
  route({
    method: 'GET',
    path: '/api/v1/subscribers',
    access: 'newsroom',
    summary: 'Find a subscriber by the exact address, or list those of a kind',
    description:
      'With `address` (or `email`), the one subscriber of that address with the record of consent, or none: two reads. Else a list, filtered by `newsletter`, `state`, `language` (that of the mails), `topic` (whoever chose none gets all, and is in it) and `cadence`, in no order that means anything. An answer looks at 500 readers at most, so it may hold fewer than `limit`, even none, and still have a `next`: go on until there is none. Cheapest with `state=active`, `newsletter` and `cadence` together, which reads nobody else. Without `state`: everybody who ever confirmed something; those who never did are under `state=pending`.',
    query,
    answers: {
      200: {
        is: 'The subscribers; `next` where there may be more',
        schema: z.object({ items: z.array(shown), next: z.string().optional() }),
      },
      400: 'The address or a filter is not valid',
    },
    work: async (ports, { query: asked }) => {
      const { address, email, limit, next, ...wanted } = asked;
      const exact = address ?? email;
      if (exact !== undefined)
        return json(200, { items: await byAddress(ports, exact, address ? 'address' : 'email') }, NO_STORE);
      if (wanted.newsletter !== undefined) newsletterOf(ports.house.newsroom, wanted.newsletter);
      return json(200, await page(ports, wanted, { limit, next }), NO_STORE);
    },
  }),
];

const byAddress = async ({ subscribers }: NewsroomPorts, text: string, field: string) => {
  const parsed = parseAddress(text);
  if (parsed.is === 'refused')
    throw new InvalidInput(`The field “${field}” is not an address: ${parsed.because}.`, { field });
  const found = await subscribers.byAddress(parsed.address);
  return found ? [{ ...shownOf(found), consent: await subscribers.record(found) }] : [];
};

const page = async (
  { directory, subscribers }: NewsroomPorts,
  wanted: Filter,
  { limit, next }: { limit: number; next: string | undefined },
) => {
  const items: ReturnType<typeof shownOf>[] = [];
  let from = next;
  for (let looked = 0; looked < MOST_LOOKED_AT; ) {
    const rows = await directory.page(listFor(wanted), { from, limit: limit - items.length });
    const found = await subscribers.byIds(rows.ids);
    items.push(...found.filter((one) => matching(one, wanted).length > 0).map(shownOf));
    from = rows.next;
    looked += rows.ids.length;
    if (from === undefined) return { items };
    if (items.length >= limit) break;
  }
  return { items, next: from };
};
