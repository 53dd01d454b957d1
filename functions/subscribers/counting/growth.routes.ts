import * as z from 'zod';
import { InvalidInput } from '../../shared/errors.ts';
import { json } from '../../shared/http/answer.ts';
import { routeFor } from '../../shared/http/route.ts';
import { addMs, DAY_MS } from '../../shared/time.ts';
import type { NewsroomPorts } from '../door.ts';
import { newsletterOf } from '../joining/wish.ts';
import type { Sheet, Tally } from './growth.dynamo.ts';

const route = routeFor<NewsroomPorts>();

const NO_STORE = { 'cache-control': 'no-store' };

const tallyShown = z.object({
  total: z.int(),
  languages: z.record(z.string(), z.int()),
  topics: z.record(z.string(), z.int()),
  cadences: z.record(z.string(), z.int()),
});

const flowsShown = { joined: tallyShown, confirmed: tallyShown, left: tallyShown, bounced: tallyShown };

/** A topic or language that is back at nought says nothing. */
const tallyOf = ({ total, languages, topics, cadences }: Tally) => ({
  total,
  languages: withoutNoughts(languages),
  topics: withoutNoughts(topics),
  cadences: withoutNoughts(cadences),
});

const withoutNoughts = (counts: Readonly<Record<string, number>>): Record<string, number> =>
  Object.fromEntries(Object.entries(counts).filter(([, count]) => count !== 0));

const flowsOf = ({ joined, confirmed, left, bounced }: Sheet) => ({
  joined: tallyOf(joined),
  confirmed: tallyOf(confirmed),
  left: tallyOf(left),
  bounced: tallyOf(bounced),
});

const day = z.iso.date('it is a day such as 2026-05-01');

const MOST_DAYS = 366;

export const growthRoutes = [
  route({
    method: 'GET',
    path: '/api/v1/subscribers/counts',
    access: 'newsroom',
    summary: 'How many readers there are now',
    description:
      '`active` counts readers, by the language of their mails, by topic (whoever chose none is in `all`, whoever chose several in each) and by cadence; the others count what has ever happened. Up to two minutes old. One read, however many readers there are.',
    query: z.strictObject({ newsletter: z.string().max(100).optional() }),
    answers: {
      200: { is: 'The numbers', schema: z.object({ newsletter: z.string(), active: tallyShown, ...flowsShown }) },
      400: 'There is no such newsletter',
    },
    work: async ({ growth, house }, { query }) => {
      const { id } = newsletterOf(house.newsroom, query.newsletter);
      const sheet = await growth.total(id);
      return json(200, { newsletter: id, active: tallyOf(sheet.active), ...flowsOf(sheet) }, NO_STORE);
    },
  }),
  route({
    method: 'GET',
    path: '/api/v1/subscribers/growth',
    access: 'newsroom',
    summary: 'How many joined, confirmed, left and bounced, day by day',
    description:
      'Days are in UTC, `from` and `to` included, at most 366; without them the last 30. `joined`: asked for the newsletter, and the question was mailed; `confirmed`: became a reader (by a click, or by an import with a statement of consent); `left`: by themselves, or erased; `bounced`: mail came back for good, or was called spam. `active` is by how many readers there were more or fewer at the end of the day. A day on which nothing happened is left out. One query per month.',
    query: z.strictObject({ newsletter: z.string().max(100).optional(), from: day.optional(), to: day.optional() }),
    answers: {
      200: {
        is: 'The days, the earliest first',
        schema: z.object({
          newsletter: z.string(),
          from: z.string(),
          to: z.string(),
          items: z.array(z.object({ day: z.string(), active: tallyShown, ...flowsShown })),
        }),
      },
      400: 'A day is not valid, or there are too many',
    },
    work: async ({ growth, house, now }, { query }) => {
      const { id } = newsletterOf(house.newsroom, query.newsletter);
      const to = query.to ?? now().slice(0, 10);
      const from = query.from ?? addMs(`${to}T00:00:00.000Z`, -29 * DAY_MS).slice(0, 10);
      if (from > to) throw new InvalidInput('The day “from” is after the day “to”.', { field: 'from' });
      if (addMs(`${from}T00:00:00.000Z`, MOST_DAYS * DAY_MS).slice(0, 10) <= to)
        throw new InvalidInput(`There are more than ${MOST_DAYS} days from “from” to “to”.`, { field: 'from' });
      const days = await growth.days(id, from, to);
      const items = days.map((one) => ({ day: one.day, active: tallyOf(one.sheet.active), ...flowsOf(one.sheet) }));
      return json(200, { newsletter: id, from, to, items }, NO_STORE);
    },
  }),
];
