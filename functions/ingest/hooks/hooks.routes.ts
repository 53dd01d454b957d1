import * as z from 'zod';
import type { Newsroom } from '../../shared/config.ts';
import { InvalidInput } from '../../shared/errors.ts';
import { type Answer, json, text } from '../../shared/http/answer.ts';
import { routeFor } from '../../shared/http/route.ts';
import type { Doorbell } from '../../shared/storage/doorbell.ts';
import { addMs, DAY_MS, type Instant } from '../../shared/time.ts';
import type { TokenKeys } from '../../shared/tokenKeys.ts';
import type { Publisher } from '../../wire/ports.ts';
import { changed } from '../change.ts';
import { receipt } from '../shown.ts';
import type { Sources, SourcesDoorbell } from '../sources/ports.ts';
import type { FoundItem } from '../sources/reading/found.ts';
import { submissionOfItem } from '../sources/reading/submission.ts';
import { hostOf, type Source } from '../sources/source.ts';
import { postTold } from './ghostPost.ts';
import { isSecret, isSigned } from './hook.ts';

/** What it takes to hear what a CMS says. */
export interface Hooks {
  readonly sources: Pick<Sources, 'find' | 'schedule'>;
  readonly bell: Doorbell<SourcesDoorbell>;
  readonly publisher: Pick<Publisher, 'submit'>;
  readonly hookKeys: () => Promise<Pick<TokenKeys, 'byId'>>;
  readonly newsroom: Newsroom;
  readonly siteUrl: string;
  readonly now: () => Instant;
}

const route = routeFor<Hooks>();

const noStore = { 'cache-control': 'no-store' };
const passedOver = z.object({ taken: z.literal(false), because: z.string() });

export const hookRoutes = [
  route({
    method: 'POST',
    path: '/hooks/{source}',
    access: 'public',
    summary: 'A webhook of Ghost’s',
    description:
      'For post.published and post.published.edited, signed with the source’s secret (`GET /api/v1/sources/{id}/hook`). The post is an article of ' +
      'that source at once. What is unpublished or deleted there stays here until somebody retracts it.',
    accepts: { 'application/json': z.unknown() },
    answers: {
      201: { is: 'A new article.', schema: receipt },
      200: { is: 'A revision, unchanged, or nothing for readers.', schema: z.union([receipt, passedOver]) },
      400: 'It is no webhook of Ghost’s, or its post cannot be taken; `field` says why.',
      401: 'It is not signed with the secret of a source of this id, or it is older than five minutes.',
      409: 'The article was retracted, and stays away.',
    },
    work: async (hooks, { params, body, bytes, headers }) => {
      const source = params['source'] ?? '';
      const signed = { source, bytes, header: headers['x-ghost-signature'], now: hooks.now() };
      if (!isSigned(await hooks.hookKeys(), signed)) throw notSigned();
      return postAnswer(hooks, await known(hooks, source), body);
    },
  }),
  route({
    method: 'POST',
    path: '/hooks/{source}/{secret}',
    access: 'public',
    summary: 'A ring for a source',
    description:
      'Whatever is posted here, the source is looked at now: an update service in WordPress’s writing settings, a publish hook of a plugin, a line in a ' +
      'script. What it says is not read.',
    accepts: Object.fromEntries(
      ['', 'application/json', 'application/x-www-form-urlencoded', 'text/xml', 'application/xml', 'text/plain'].map(
        (type) => [type, z.unknown()],
      ),
    ),
    mostBytes: 1_000_000,
    answers: { 202: 'It will be looked at in a moment.', 401: 'This is the secret of no source of this id.' },
    work: async (hooks, { params, contentType }) => {
      const id = params['source'] ?? '';
      if (!isSecret(await hooks.hookKeys(), id, params['secret'] ?? '')) throw notSigned();
      const source = await known(hooks, id);
      if (!source.paused) await ring(hooks, source);
      return contentType.endsWith('/xml') ? PINGED : json(202, { state: source.paused ? 'paused' : 'due' }, noStore);
    },
  }),
];

/** Due first, then the bell: if the bell is lost, the sweep rings it. */
const ring = async ({ sources, bell, now }: Hooks, source: Source): Promise<void> => {
  await sources.schedule(source, now());
  await bell.ring({ host: hostOf(source), sources: [source.id] });
};

const postAnswer = async (hooks: Hooks, source: Source, body: unknown): Promise<Answer> => {
  const { newsroom, siteUrl, publisher } = hooks;
  const told = postTold(body, source, newsroom.timeZone);
  if (told.is === 'unknown') throw new InvalidInput('The body is no webhook of Ghost’s.', { field: 'post' });
  if (told.is === 'passed-over') return json(200, { taken: false, because: told.because }, noStore);
  const { item } = told;
  const now = hooks.now();
  const announce = source.announce && !isOld(item, now) ? undefined : (false as const);
  const submission = submissionOfItem({ item, source, now, announce }, { newsroom, siteUrl });
  return changed(await publisher.submit(submission), siteUrl);
};

/** What is sent again because of a typo in an old post is not news; as for a source that is polled. */
const NEWS_DAYS = 14;
const isOld = ({ publishedAt }: FoundItem, now: Instant): boolean =>
  publishedAt !== null && publishedAt < addMs(now, -NEWS_DAYS * DAY_MS);

const known = async ({ sources }: Hooks, id: string): Promise<Source> => {
  const found = await sources.find(id);
  if (!found) throw notSigned();
  return found.source;
};

/** The same whatever is wrong, so that nobody learns which sources there are. */
const notSigned = (): InvalidInput =>
  new InvalidInput('This is not signed with the secret of a source of this id.', { status: 401 });

/** What a blog's update service answers (weblogUpdates.ping). */
const PINGED = text(
  202,
  'text/xml; charset=utf-8',
  '<?xml version="1.0"?><methodResponse><params><param><value><struct>' +
    '<member><name>flerror</name><value><boolean>0</boolean></value></member>' +
    '<member><name>message</name><value>Thank you.</value></member>' +
    '</struct></value></param></params></methodResponse>',
  noStore,
);
