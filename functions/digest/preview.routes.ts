import * as z from 'zod';
import { partOf } from '../mail/readPart.ts';
import { InvalidInput } from '../shared/errors.ts';
import { type Answer, json, html as page, text } from '../shared/http/answer.ts';
import { routeFor } from '../shared/http/route.ts';
import { editionIn, editorOf } from './asking/found.ts';
import type { Newsletters } from './asking/newsletters.ts';
import { mailOf, showFor } from './asking/preview.ts';
import { sendTest } from './asking/testMail.ts';

const route = routeFor<Newsletters>();

const PATH = '/api/v1/editions/{id}';

const NO_STORE = { 'cache-control': 'no-store' };

const list = (name: string) =>
  z
    .string()
    .max(500)
    .transform((value) => value.split(',').map((one) => one.trim()))
    .optional()
    .describe(`${name}, with commas.`);

export const previewRoutes = [
  route({
    method: 'GET',
    path: `${PATH}/preview`,
    access: 'newsroom',
    summary: 'See an edition as a subscriber, or as somebody made up, would get it if it were sent now',
    description:
      'With `subscriber`, as that person gets it; else with the languages (best first) and topics given, else in all languages and with all topics. What has been retracted since is not in it. The links for leaving and choosing lead to a page that says that this was a test.',
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
