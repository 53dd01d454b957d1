import * as z from 'zod';
import { partOf } from '../mail/readPart.ts';
import { InvalidInput } from '../shared/errors.ts';
import { type Answer, json, html as page, text } from '../shared/http/answer.ts';
import { routeFor } from '../shared/http/route.ts';
import { knownTokenKeys } from '../shared/tokenKeys.ts';
import { articlesOf } from './asking/articles.ts';
import { editionIn, editorOf } from './asking/found.ts';
import type { Newsletters } from './asking/newsletters.ts';
import { mailOf, showFor, type Viewer } from './asking/preview.ts';
import { editionShownBy } from './asking/previewLink.ts';
import { sendTest } from './asking/testMail.ts';
import type { Pieces } from './composing/pieces.ts';

const route = routeFor<Newsletters>();

const PATH = '/api/v1/editions/{id}';

const NO_STORE = { 'cache-control': 'no-store' };
/** Whoever was given the link, and no search engine. */
const PERSONAL = { 'x-robots-tag': 'noindex', 'referrer-policy': 'no-referrer' };

const list = (name: string) =>
  z
    .string()
    .max(500)
    .transform((value) => value.split(',').map((one) => one.trim()))
    .optional()
    .describe(`${name}, with commas.`);

/** Whom a made-up reader may be said to be. */
const madeUp = { languages: list('Languages'), topics: list('Topics') };

const listedArticle = z.object({
  id: z.string(),
  language: z.string(),
  title: z.string(),
  topics: z.array(z.string()),
  section: z.string().nullable().describe('The topic under which it stands; `null`: under other news.'),
  story: z.string().nullable(),
  pinned: z.boolean(),
  leftOut: z
    .enum(['excluded', 'retracted', 'expired'])
    .optional()
    .describe('Why it is in no mail: an editor left it out, or it is gone from the wire.'),
});

export const previewRoutes = [
  route({
    method: 'GET',
    path: `${PATH}/articles`,
    access: 'newsroom',
    summary: 'What an edition has to tell, in every language',
    description:
      'What can be pinned, ordered and left out: all that its mails are made of, in their order, and behind it what an editor left out.',
    answers: {
      200: { is: 'The articles.', schema: z.object({ items: z.array(listedArticle) }) },
      404: 'There is no such edition.',
      409: 'It is being composed; ask again in a moment.',
    },
    work: async (room, { params }) => {
      const items = await articlesOf(room, await editionIn(room, params));
      if (items !== 'behind') return json(200, { items }, NO_STORE);
      throw new InvalidInput('The edition is being composed; ask again in a moment.', { status: 409 });
    },
  }),
  route({
    method: 'GET',
    path: '/preview/editions/{token}',
    access: 'public',
    summary: 'An edition before it goes out, for who was given its link',
    description:
      'The link is in `preview` of the edition, and good for a week. It shows what somebody made up would get, never a subscriber’s mail.',
    query: z.strictObject({ ...madeUp, part: z.enum(['html', 'text']).default('html') }),
    answers: {
      200: 'The page, or the text.',
      404: 'There is no such edition, the link is dead, or there is nothing for whoever chooses this.',
      409: 'It is being composed; ask again in a moment.',
    },
    work: async (room, { params, query: { part, ...viewer } }) => {
      const keys = await knownTokenKeys(room.keys, 'links');
      const id = keys && editionShownBy(keys, params['token'] ?? '', room.now());
      if (id === undefined) throw new InvalidInput('There is no such edition, or the link is dead.', { status: 404 });
      const { raw } = await mailShown(room, { id }, viewer);
      const answer = previewed(part, raw);
      return { ...answer, headers: { ...answer.headers, ...PERSONAL } };
    },
  }),
  route({
    method: 'GET',
    path: `${PATH}/preview`,
    access: 'newsroom',
    summary: 'See an edition as a subscriber, or as somebody made up, would get it if it were sent now',
    description:
      'With `subscriber`, as that person gets it; else with the languages (best first) and topics given, else in all languages and with all topics. What has been retracted since is not in it. The links for leaving and choosing lead to a page that says that this was a test.',
    query: z.strictObject({
      ...madeUp,
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
          items: z
            .array(
              z.object({
                id: z.string(),
                title: z.string(),
                language: z.string(),
                others: z.array(z.object({ id: z.string(), language: z.string() })),
              }),
            )
            .describe('The same with their titles, and what there is of each story in other languages.'),
          more: z.int().describe('Articles that are left to the page on the web.'),
        }),
      },
      400: 'A language or topic is not known here, or is said beside a subscriber.',
      404: 'There is no such edition or subscriber, or nothing for whoever chooses this.',
      409: 'It is being composed; ask again in a moment.',
    },
    work: async (room, { params, query: { part, ...viewer } }) => {
      const { raw, choice, pieces } = await mailShown(room, params, viewer);
      if (part !== 'json') return previewed(part, raw);
      const { language, subject, articles, more } = choice;
      const items = itemsOf(pieces, articles);
      return json(200, { language, subject, bytes: raw.length, articles, items, more }, NO_STORE);
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
      const viewer = { ...body, subscriber: as, field: 'as' as const, by: editorOf(ask) };
      const tested = await sendTest(room, await editionIn(room, ask.params), viewer);
      if (tested !== 'too-many') return json(200, tested, NO_STORE);
      throw new InvalidInput('There were 20 tests within the hour; try again later.', { status: 429 });
    },
  }),
];

/** Mails have their styles in them, and pictures from anywhere; nothing else may happen in one. */
const MAIL_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src https: http: data:; frame-ancestors 'self'";

const previewed = (part: 'html' | 'text', raw: Buffer): Answer =>
  part === 'text'
    ? text(200, 'text/plain; charset=utf-8', partOf(raw, 'text/plain'), NO_STORE)
    : page(200, partOf(raw, 'text/html'), { ...NO_STORE, 'content-security-policy': MAIL_POLICY });

const mailShown = async (room: Newsletters, params: Readonly<Record<string, string>>, viewer: Viewer) => {
  const shown = await showFor(room, await editionIn(room, params), viewer);
  const addressed = { to: 'reader@example.org', date: room.now(), siteUrl: room.siteUrl, id: 'preview' };
  return { ...shown, raw: mailOf(shown, addressed) };
};

const itemsOf = ({ articles }: Pieces, ids: readonly string[]) => {
  const known = new Map(articles.map((one) => [one.id, one]));
  return ids.flatMap((id) => {
    const one = known.get(id);
    if (!one) return [];
    const others = one.others.map(({ id: other, language }) => ({ id: other, language }));
    return [{ id, title: one.title, language: one.language, others }];
  });
};
