import { z } from 'zod';
import { InvalidInput } from '../shared/errors.ts';
import { type Answer, json, html as page, text } from '../shared/http/answer.ts';
import { type Ask, routeFor } from '../shared/http/route.ts';
import { checkCuration } from './asking/checkCuration.ts';
import { curationOf, type Edit, edit } from './asking/curating.ts';
import { editionIn, editorOf, noEdition } from './asking/found.ts';
import type { Newsletters } from './asking/newsletters.ts';
import { mailOf, partOf, showFor } from './asking/preview.ts';
import { sendTest } from './asking/testMail.ts';
import { curationSchema } from './ledger/curation.ts';
import type { Edition } from './ledger/edition.ts';

const route = routeFor<Newsletters>();

const PATH = '/api/v1/editions/{id}';

const curationView = curationSchema.extend({
  version: z.int().describe('0: untouched. The `If-Match` of the next change, in quotes.'),
  by: z.string().nullable().describe('Who changed it last: the name of his key, else what he said in `X-Editor`.'),
  at: z.string().nullable(),
});

const editing = {
  200: { is: 'The curation as it is now; the mails are composed anew in a moment.', schema: curationView },
  404: 'There is no such edition.',
  409: 'It is being sent, or is over: nothing can be changed.',
  412: 'Somebody else changed it meanwhile.',
} as const;

const list = (name: string) =>
  z
    .string()
    .max(500)
    .transform((value) => value.split(',').map((one) => one.trim()))
    .optional()
    .describe(`${name}, with commas.`);

export const editorialRoutes = [
  route({
    method: 'GET',
    path: `${PATH}/curation`,
    access: 'newsroom',
    summary: 'What editors changed of an edition',
    answers: { 200: { is: 'The curation.', schema: curationView }, 404: 'There is no such edition.' },
    work: async (room, { params }) => shown(room, await editionIn(room, params)),
  }),
  route({
    method: 'PUT',
    path: `${PATH}/curation`,
    access: 'newsroom',
    summary: 'Pin, order and leave out articles, write an intro, change the subject',
    description:
      'The whole curation anew, as long as the edition has not begun. Its mails are composed anew; its audience stays, and whoever has nothing left to read gets no mail. Where the newsletter asks for an approval, an approved edition must be approved again. Pinning or ordering an article means its translations too. `X-Editor` says who it is where the key has no name.',
    accepts: { 'application/json': curationSchema },
    answers: { ...editing, 400: 'Something is wrong with what was sent; `field` says where.' },
    work: async (room, ask) => {
      await checkCuration(room, await editionIn(room, ask.params), ask.body);
      return edited(room, { is: 'set', curation: ask.body }, ask);
    },
  }),
  route({
    method: 'DELETE',
    path: `${PATH}/curation`,
    access: 'newsroom',
    summary: 'Take everything back that editors changed',
    answers: editing,
    work: (room, ask) => edited(room, { is: 'clear' }, ask),
  }),
  route({
    method: 'POST',
    path: `${PATH}/curation/undo`,
    access: 'newsroom',
    summary: 'Go back to the curation before the last change',
    answers: { ...editing, 409: 'There is nothing to go back to, or the edition has begun.' },
    work: (room, ask) => edited(room, { is: 'undo' }, ask),
  }),
  route({
    method: 'GET',
    path: `${PATH}/preview`,
    access: 'newsroom',
    summary: 'See an edition as a subscriber, or as somebody made up, would get it',
    description:
      'With `subscriber`, as that person gets it; else with the languages (best first) and topics given, else in all languages and with all topics. The links for leaving and choosing do nothing.',
    query: z.strictObject({
      languages: list('Languages'),
      topics: list('Topics'),
      subscriber: z.string().max(100).optional(),
      part: z.enum(['html', 'text', 'json']).default('html').describe('`json`: subject, size and articles.'),
    }),
    answers: {
      200: {
        is: 'The page, the text, or with `part=json` this.',
        schema: z.object({
          language: z.string(),
          subject: z.string(),
          bytes: z.int().describe('Of the whole mail.'),
          articles: z.array(z.string()).describe('Their ids, the lead first.'),
          more: z.int().describe('Articles that are left to the page on the web.'),
        }),
      },
      400: 'A language or topic is not known here.',
      404: 'There is no such edition or subscriber, or nothing for whoever chooses this.',
      409: 'It is being composed; ask again in a moment.',
    },
    work: async (room, { params, query: { part, ...viewer } }) => {
      const mail = await showFor(room, await editionIn(room, params), viewer);
      const raw = mailOf(mail, { to: 'reader@example.org', date: room.now(), siteUrl: room.siteUrl, id: 'preview' });
      return previewed(part, raw, mail.choice);
    },
  }),
  route({
    method: 'POST',
    path: `${PATH}/test`,
    access: 'newsroom',
    summary: 'Send a test mail now',
    description:
      'One mail, marked as a test in its subject, that counts nowhere in the edition; its links for leaving do nothing. At most 20 an hour. `as` is the id of a subscriber whose mail it is to be.',
    accepts: {
      'application/json': z.strictObject({
        to: z.email('it is not an e-mail address').max(254),
        languages: z.array(z.string().max(20)).min(1).max(20).optional(),
        topics: z.array(z.string().max(100)).max(100).optional(),
        as: z.string().max(100).optional(),
      }),
    },
    answers: {
      200: {
        is: 'What became of it; `because` is what the mail service said.',
        schema: z.object({
          state: z.enum(['sent', 'failed', 'unknown']),
          subject: z.string(),
          because: z.string().optional(),
        }),
      },
      404: 'There is no such edition or subscriber, or nothing for whoever chooses this.',
      409: 'It is being composed; ask again in a moment.',
      429: 'Too many tests within an hour.',
    },
    work: async (room, ask) => {
      const { as, ...body } = ask.body;
      const viewer = { ...body, subscriber: as, by: editorOf(ask) };
      const tested = await sendTest(room, await editionIn(room, ask.params), viewer);
      if (tested !== 'too-many') return json(200, tested, NO_STORE);
      throw new InvalidInput('There were 20 tests within the hour; try again later.', { status: 429 });
    },
  }),
];

const NO_STORE = { 'cache-control': 'no-store' };

const edited = async (room: Newsletters, wanted: Edit, ask: Ask<unknown, unknown>): Promise<Answer> => {
  const id = ask.params['id'] ?? '';
  const outcome = await edit(room, id, wanted, { by: editorOf(ask), ifVersion: versionIn(ask.headers['if-match']) });
  switch (outcome.is) {
    case 'done':
      return shown(room, outcome.edition);
    case 'missing':
      throw noEdition();
    case 'nothing-before':
      throw new InvalidInput('There is no change to go back from.', { status: 409 });
    case 'too-late':
      throw new InvalidInput(`The edition is ${outcome.state}: nothing can be changed any more.`, { status: 409 });
    case 'conflict':
      throw new InvalidInput(`The curation is at version ${outcome.version} by now; read it again.`, {
        field: 'If-Match',
        status: 412,
      });
  }
};

const shown = async (room: Newsletters, edition: Edition): Promise<Answer> => {
  const { version = 0, by = null, at = null } = edition.curation ?? {};
  const curation = await curationOf(room, edition);
  return json(200, { ...curation, version, by, at }, { ...NO_STORE, etag: `"${version}"` });
};

const versionIn = (ifMatch: string | undefined): number | undefined => {
  if (ifMatch === undefined || ifMatch.trim() === '*') return undefined;
  const version = /^(?:W\/)?"(\d{1,9})"$/.exec(ifMatch.trim())?.[1];
  if (version === undefined)
    throw new InvalidInput('It must be the ETag that came with the curation.', { field: 'If-Match' });
  return Number(version);
};

/** Mails have their styles in them, and pictures from anywhere; nothing else may happen in one. */
const MAIL_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src https: http: data:; frame-ancestors 'self'";

const previewed = (
  part: 'html' | 'text' | 'json',
  raw: Buffer,
  { language, subject, articles, more }: Awaited<ReturnType<typeof showFor>>['choice'],
): Answer => {
  if (part === 'json') return json(200, { language, subject, bytes: raw.length, articles, more }, NO_STORE);
  if (part === 'text') return text(200, 'text/plain; charset=utf-8', partOf(raw, 'text/plain'), NO_STORE);
  return page(200, partOf(raw, 'text/html'), { ...NO_STORE, 'content-security-policy': MAIL_POLICY });
};
