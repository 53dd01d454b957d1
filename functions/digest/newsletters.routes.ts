import * as z from 'zod';
import { cadenceSchema, type Newsletter } from '../shared/config.ts';
import { InvalidInput } from '../shared/errors.ts';
import { type Answer, json } from '../shared/http/answer.ts';
import { type Ask, type Route, routeFor } from '../shared/http/route.ts';
import { countedView, editionIn, noEdition } from './asking/found.ts';
import { listEditions } from './asking/listed.ts';
import { askForEdition, type Newsletters, takeAction } from './asking/newsletters.ts';
import { newsletterSchema, newsletterView, shortEdition, shortView, wholeEdition } from './asking/shown.ts';
import { curationRoutes } from './curation.routes.ts';
import { deliveryRoutes } from './deliveries.routes.ts';
import { partsOfId } from './ledger/edition.ts';
import type { Action } from './ledger/moves.ts';
import { preflightRoutes } from './preflight.routes.ts';
import { previewRoutes } from './preview.routes.ts';

const route = routeFor<Newsletters>();

const listed = <T extends z.ZodType>(items: T) => z.object({ items: z.array(items), next: z.string().optional() });

const newsletters = route({
  method: 'GET',
  path: '/api/v1/newsletters',
  access: 'newsroom',
  summary: 'The newsletters, their cadences, and when each comes next',
  description:
    'An edition goes out at its slot (`next`). Where its cadence has a cut-off, it is made so many hours before (`cutOff`), covers what was announced up to then, and can be looked at, edited and approved until its slot. What is announced after the cut-off is for the edition after it; what is corrected or retracted after it counts as always.',
  answers: { 200: { is: 'The newsletters of the configuration.', schema: listed(newsletterSchema) } },
  work: ({ press, now }) => {
    const from = now();
    return json(200, { items: press.newsroom.newsletters.map((one) => newsletterView(one, from)) });
  },
});

const editions = route({
  method: 'GET',
  path: '/api/v1/newsletters/{id}/editions',
  access: 'newsroom',
  summary: 'The editions of a newsletter, newest first',
  description:
    'Without those of each article at once that had no reader: nothing went out. They are still found by their ids.',
  query: z.strictObject({
    limit: z.coerce.number().int().min(1).max(100).default(25),
    before: z.string().max(200).optional(),
  }),
  answers: {
    200: { is: '`next` is the `before` of the next page.', schema: listed(shortEdition) },
    400: 'The place or the limit is none.',
    404: 'There is no such newsletter.',
  },
  work: async (room, { params, query }) => {
    const newsletter = newsletterIn(room, params);
    const { limit, before } = query;
    if (before !== undefined && partsOfId(before)?.newsletter !== newsletter.id) {
      throw new InvalidInput('It must be the `next` of the page before.', { field: 'before' });
    }
    const { found, next } = await listEditions(room.ledger, newsletter.id, { limit, before });
    return json(200, { items: found.map(shortView), ...(next !== undefined && { next }) });
  },
});

const plan = route({
  method: 'POST',
  path: '/api/v1/newsletters/{id}/editions',
  access: 'newsroom',
  summary: 'Plans an edition now',
  description:
    'It covers everything announced since the last edition of this cadence (with `correctionsAlone`, also where only corrections came) and, unless the newsletter asks for an approval, is sent at once, whatever slot or cut-off the cadence has. An edition of a slot that is made already and waits is `superseded` when this one begins: to send that one now, `POST …/send` on it. With an `Idempotency-Key`, asking again answers the same edition.',
  accepts: {
    'application/json': z.strictObject({
      cadence: cadenceSchema,
      undoMinutes: z.int().min(0).max(240).default(0).describe('So long it can still be stopped once it may go.'),
    }),
  },
  answers: {
    201: { is: 'The edition; it is planned and sent behind the scenes.', schema: wholeEdition },
    200: { is: 'Nothing new has been announced: there is no edition.', schema: z.object({ empty: z.literal(true) }) },
    400: 'The newsletter has no such cadence.',
    404: 'There is no such newsletter.',
  },
  work: async (room, { params, body, headers }) => {
    const newsletter = newsletterIn(room, params);
    if (!newsletter.cadences[body.cadence]) {
      throw new InvalidInput(`The newsletter “${newsletter.id}” is not sent ${body.cadence}.`, { field: 'cadence' });
    }
    const edition = await askForEdition(room, newsletter, body.cadence, {
      request: headers['idempotency-key'],
      undoMinutes: body.undoMinutes,
    });
    return edition ? json(201, await countedView(room, edition)) : json(200, { empty: true });
  },
});

const edition = route({
  method: 'GET',
  path: '/api/v1/editions/{id}',
  access: 'newsroom',
  summary: 'An edition, how far it is, and what became of its deliveries',
  description:
    '`deliveries` adds up to its `audience` at every moment. `progress` says how fast it goes and when it will be done at that speed. Where a newsletter sends some readers first, it waits in between for what SES has to tell (`waitsUntil`). `preflight` says what was found before it went out; one that is refused is held.',
  answers: { 200: { is: 'The edition.', schema: wholeEdition }, 404: 'There is no such edition.' },
  work: async (room, { params }) => {
    return json(200, await countedView(room, await editionIn(room, params)), { 'cache-control': 'no-store' });
  },
});

const retryBody = z.strictObject({ unknown: z.boolean().default(false) });
const noBody = z.string().transform(() => ({ unknown: false }));

const acting = (action: Action, summary: string, description: string): Route<Newsletters> =>
  route({
    method: 'POST',
    path: `/api/v1/editions/{id}/${action}`,
    access: 'newsroom',
    summary,
    description,
    ...(action === 'retry' && { accepts: { 'application/json': retryBody, '': noBody } }),
    answers: {
      200: { is: 'The edition; the same where this was done already.', schema: wholeEdition },
      ...(action === 'approve' && { 403: 'Somebody else must approve it.' }),
      404: 'There is no such edition.',
      409: 'Its state does not allow this.',
    },
    work: (room, ask) => act(room, action, ask),
  });

const act = async (room: Newsletters, action: Action, { params, body, caller }: Ask): Promise<Answer> => {
  const retry = retryBody.safeParse(body ?? {});
  const outcome = await takeAction(room, params['id'] ?? '', action, {
    unknown: retry.data?.unknown ?? false,
    by: caller ?? null,
  });
  switch (outcome.is) {
    case 'done':
      return json(200, await countedView(room, outcome.edition));
    case 'missing':
      throw noEdition();
    case 'illegal':
      throw new InvalidInput(`The edition is ${outcome.state}, and so it cannot be ${PARTICIPLE[action]}.`, {
        status: 409,
      });
    case 'unapproved':
      throw new InvalidInput(`The edition is ${outcome.state} and must be approved before it is sent.`, {
        status: 409,
      });
    case 'grounded':
      throw new InvalidInput(
        `${outcome.because ?? 'Its pre-flight refused it.'} Mend it, then ask for another pre-flight.`,
        { status: 409 },
      );
    case 'nameless':
      throw new InvalidInput('Somebody else must approve this newsletter, and this key does not say whose it is.', {
        status: 403,
      });
    case 'own':
      throw new InvalidInput('Whoever has edited this edition may not approve it: somebody else must.', {
        status: 403,
      });
  }
};

const PARTICIPLE: Readonly<Record<Action, string>> = {
  approve: 'approved',
  send: 'sent',
  hold: 'held',
  cancel: 'cancelled',
  retry: 'tried again',
};

export const newsletterRoutes: readonly Route<Newsletters>[] = [
  ...curationRoutes,
  ...previewRoutes,
  ...preflightRoutes,
  ...deliveryRoutes,
  newsletters,
  editions,
  plan,
  edition,
  acting(
    'approve',
    'Approves an edition',
    'It goes out at `sendsAt` (not before its slot), and as soon as no other edition of its cadence is being sent; until then `hold` and `cancel` stop it. Where the newsletter says `"approvalBy": "someone-else"`, the name of the key must be none of those in `editedBy`. An article revised afterwards, so that mails would say something else, takes the approval back where one is needed. What its pre-flight warns of is no hindrance; whoever approves one that was refused accepts the reasons, but for `one-click`, `header` and `not-composed`, in spite of which nobody may send.',
  ),
  acting(
    'send',
    'Sends an edition now',
    'One that is held, paused or waits until `sendsAt` goes on at once, also before its slot; one that needs an approval must have it, and of refusals of its pre-flight the same holds as for `approve`. One that stopped by itself (`pausedBecause` is `TooManyBounces` or `TooManyComplaints`) goes on too: what was heard of its mails up to now is accepted, and only what comes after that can stop it again. `EverybodyRefused`: SES refused a whole page of readers for one reason, which the log line `edition.halted` names as `code`; mend it before it goes on, and `retry` those readers when it is complete. `DailyQuotaReserved`, `DailyQuotaExceeded` and whatever else SES says end by themselves: it is tried again every quarter of an hour.',
  ),
  acting('hold', 'Stops an edition', 'Before it has begun it is held; half-way it is paused. `send` lets it go on.'),
  acting('cancel', 'Cancels an edition for good', 'Who has not been sent it does not get it.'),
  acting(
    'retry',
    'Tries those again who are missing',
    'For a complete edition: its deliveries that failed, each once, and nobody else. With `{ "unknown": true }` also those of which nobody knows whether they went out: these readers may then get the edition twice. Who was suppressed has left or had nothing to read, and gets nothing; a cancelled edition stays cancelled. Who was sent again, when, and what had become of the first try stays in the ledger.',
  ),
];

const newsletterIn = ({ press }: Newsletters, params: Ask['params']): Newsletter => {
  const found = press.newsroom.newsletters.find(({ id }) => id === params['id']);
  if (!found) throw new InvalidInput('There is no such newsletter.', { field: 'id', status: 404 });
  return found;
};
