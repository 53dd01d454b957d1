import * as z from 'zod';
import { InvalidInput } from '../shared/errors.ts';
import { json } from '../shared/http/answer.ts';
import { type Ask, routeFor } from '../shared/http/route.ts';
import { type ArticleInput, articleInput } from './articleInput.ts';
import { change, changed } from './change.ts';
import { answerOnce } from './idempotency.dynamo.ts';
import { listArticles, listDrafts } from './listing.ts';
import { articleOfPage, type Exported } from './page/exportedPage.ts';
import type { Ingest } from './ports.ts';
import { previewOf } from './previewLink.ts';
import { etagOf, receipt, shownArticle, shownDraft, shownReceipt } from './shown.ts';
import { submissionOf } from './submission.ts';

const route = routeFor<Ingest>();

const errors = {
  400: 'Something is wrong with what was sent; `field` says where.',
  401: 'The newsroom key is missing or wrong.',
} as const;

const language = z.strictObject({ language: z.string().max(20).optional().describe('Of a Markdown or HTML page.') });

const MOST_LISTED = 100;
const wholeNumber = z
  .string()
  .regex(/^[1-9]\d{0,11}$/, 'it is not a whole number from 1')
  .transform(Number);
const listing = z.strictObject({
  state: z.literal('draft', 'it can only be “draft”').optional().describe('draft: what waits, next due first.'),
  before: wholeNumber.optional().describe('Only entries before this seq.'),
  after: z.string().max(200).optional().describe('Only drafts after this place: the `next` of the page before.'),
  limit: wholeNumber.default(20).pipe(z.number().max(MOST_LISTED, `it is over ${MOST_LISTED}`)),
});

/** An article as JSON, or a page as text. */
const sent: Record<string, z.ZodType<ArticleInput | string>> = {
  'application/json': articleInput,
  'text/markdown': z.string(),
  'text/html': z.string(),
};

const noStore = { 'cache-control': 'no-store' };

export const articleRoutes = [
  route({
    method: 'POST',
    path: '/api/v1/articles',
    access: 'newsroom',
    summary: 'Send an article',
    description:
      'New, or the next revision of one that is known by its externalId, else its url, else its text. The same again is unchanged. ' +
      'A page that a site exported as Markdown or HTML is read as a person would read it. `Idempotency-Key` is honoured for a day.',
    query: language,
    accepts: sent,
    answers: {
      201: { is: 'A new article, or a draft that waits for its moment.', schema: receipt },
      200: { is: 'A revision, or unchanged.', schema: receipt },
      409: 'The article was retracted, and stays away; or its idempotency key is being worked on just now.',
      413: 'The body is too large.',
      415: 'The body is of no type that is read here.',
      422: 'The idempotency key was used for another request.',
      ...errors,
    },
    work: (ingest, ask) => {
      const request = JSON.stringify([ask.contentType, ask.query, ask.body]);
      const once = {
        table: ingest.wireTable,
        key: ask.headers['idempotency-key'],
        request,
        now: ingest.now,
        newId: ingest.newId,
      };
      return answerOnce(once, async () => {
        const input = typeof ask.body === 'string' ? articleOfPage(pageOf(ask.body, ask), ingest) : ask.body;
        const submission = submissionOf(input, { ...ingest, now: ingest.now() });
        return changed(await ingest.publisher.submit(submission), ingest.siteUrl);
      });
    },
  }),
  route({
    method: 'GET',
    path: '/api/v1/articles',
    access: 'newsroom',
    summary: 'List articles',
    description:
      'Newest change first, each article once, as it is now. With `state=draft` those that are not public yet instead: ' +
      'next due first, unfinished ones last.',
    query: listing,
    answers: { 200: 'A page of articles, and where the next begins.', ...errors },
    work: async (ingest, { query }) => {
      if (query.state === 'draft') return json(200, await listDrafts(ingest, query), noStore);
      const { items, next } = await listArticles(ingest, { before: query.before, limit: query.limit });
      const shown = items.map((one) => ({
        ...shownReceipt(one, ingest.siteUrl),
        language: one.article.language,
        title: one.article.title,
        topics: one.article.topics,
        publishedAt: one.article.publishedAt,
      }));
      return json(200, { items: shown, ...(next !== undefined && { next }) }, noStore);
    },
  }),
  route({
    method: 'GET',
    path: '/api/v1/articles/{id}',
    access: 'newsroom',
    summary: 'Read an article or a draft',
    description: 'A draft comes with the link of a preview that whoever gets it can read for a week.',
    answers: { 200: 'The article as it is now.', 404: 'There is no such article.', ...errors },
    work: async ({ articles, publisher, linkKeys, siteUrl, now }, { params }) => {
      const current = await articles.byId(params['id'] ?? '');
      if (current) return json(200, shownArticle(current, siteUrl), { ...noStore, etag: etagOf(current) });
      const draft = await publisher.draft(params['id'] ?? '');
      if (draft) {
        const preview = previewOf(await linkKeys(), draft.id, siteUrl, now());
        return json(200, { ...shownDraft(draft), preview }, noStore);
      }
      throw noSuchArticle();
    },
  }),
  route({
    method: 'PUT',
    path: '/api/v1/articles/{id}',
    access: 'newsroom',
    summary: 'Revise an article',
    description:
      'The whole article anew. With `If-Match` and the ETag that was read, nobody’s change is overwritten unseen.',
    accepts: { 'application/json': articleInput },
    answers: {
      200: { is: 'The revision, or unchanged.', schema: receipt },
      404: 'There is no such article.',
      409: 'The article was retracted, and stays away.',
      412: 'Somebody else revised it meanwhile.',
      ...errors,
    },
    work: (ingest, { params, body, headers }) => change(ingest, params['id'] ?? '', body, headers['if-match']),
  }),
  route({
    method: 'DELETE',
    path: '/api/v1/articles/{id}',
    access: 'newsroom',
    summary: 'Retract an article',
    description:
      'It leaves feeds, pages and mails, and its text is blanked wherever it was kept. The reason is shown to readers. A draft is removed.',
    query: z.strictObject({
      reason: z
        .string({ error: 'it is missing: say why, for readers' })
        .max(500, 'it is longer than 500 characters')
        .refine((reason) => reason.trim() !== '', 'it is empty: say why, for readers'),
    }),
    answers: { 200: 'What became of it.', 404: 'There is no such article.', ...errors },
    work: async ({ publisher, siteUrl }, { params, query }) => {
      const retraction = await publisher.retract(params['id'] ?? '', query.reason.trim());
      switch (retraction.is) {
        case 'retracted':
        case 'already-retracted':
          return json(200, { ...shownReceipt(retraction.current, siteUrl), reason: retraction.current.reason });
        case 'draft-removed':
          return json(200, { id: retraction.draft.id, seq: null, state: 'removed' });
        case 'unknown':
          throw noSuchArticle();
      }
    },
  }),
];

const pageOf = (text: string, { contentType, query }: Ask<z.output<typeof language>>): Exported => ({
  text,
  type: contentType === 'text/html' ? 'text/html' : 'text/markdown',
  language: query.language,
});

const noSuchArticle = (): InvalidInput => new InvalidInput('There is no such article.', { field: 'id', status: 404 });
