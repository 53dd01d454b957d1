import * as z from 'zod';
import { type SourceSetting, sourceSetting, sourceTrouble } from '../../shared/config/sources.ts';
import type { Newsroom } from '../../shared/config.ts';
import { InvalidInput } from '../../shared/errors.ts';
import { type Answer, json } from '../../shared/http/answer.ts';
import { routeFor } from '../../shared/http/route.ts';
import type { SourcesDesk } from './ports.ts';
import { etagOf, shownSource, shownSourceSchema } from './shown.ts';
import { hostOf, type Source, type SourceState, stateNow } from './source.ts';

const route = routeFor<SourcesDesk>();

const errors = {
  400: 'Something is wrong with what was sent; `field` says where.',
  401: 'The newsroom key is missing or wrong.',
} as const;
const noSource = { 404: 'There is no such source.' } as const;
const config = { 409: 'The source is kept in newsroom.config.ts, or there is one of this id.' } as const;

const noStore = { 'cache-control': 'no-store' };
const itemPath = '/api/v1/sources/{id}';

/** In a `PUT` the path names it. */
const changed = sourceSetting.omit({ id: true }).extend({ id: sourceSetting.shape.id.optional() });

export const sourceRoutes = [
  route({
    method: 'POST',
    path: '/api/v1/sources',
    access: 'newsroom',
    summary: 'Add a source',
    description:
      'A place that is polled for articles. What it has already comes in without being announced; what appears later is news. It is looked at within a minute.',
    accepts: { 'application/json': sourceSetting },
    answers: { 201: { is: 'The source.', schema: shownSourceSchema }, ...errors, ...config },
    work: async (desk, { body }) => {
      const source: Source = { ...checked(body, desk.newsroom), revision: 1, keptBy: 'api' };
      if ((await desk.sources.keep(source, undefined)) === 'refused') {
        throw new InvalidInput('There is a source of this id.', { field: 'id', status: 409 });
      }
      const state = stateNow(source, undefined);
      await ringFor(desk, source, state);
      return shown(201, source, state);
    },
  }),
  route({
    method: 'GET',
    path: '/api/v1/sources',
    access: 'newsroom',
    summary: 'List sources',
    description: 'All of them by id, each with its health.',
    answers: { 200: { is: 'The sources.', schema: z.object({ items: z.array(shownSourceSchema) }) }, ...errors },
    work: async ({ sources }) =>
      json(200, { items: (await sources.list()).map(({ source, state }) => shownSource(source, state)) }, noStore),
  }),
  route({
    method: 'GET',
    path: itemPath,
    access: 'newsroom',
    summary: 'Read a source and its health',
    answers: { 200: { is: 'The source.', schema: shownSourceSchema }, ...errors, ...noSource },
    work: async (desk, { params }) => {
      const { source, state } = await found(desk, params['id']);
      return shown(200, source, state);
    },
  }),
  route({
    method: 'PUT',
    path: itemPath,
    access: 'newsroom',
    summary: 'Change a source',
    description:
      'The whole source anew. With `If-Match` and the ETag that was read, nobody’s change is overwritten unseen. At another address it is read as a new one: quietly at first.',
    accepts: { 'application/json': changed },
    answers: {
      200: { is: 'The source.', schema: shownSourceSchema },
      412: 'Somebody else changed it meanwhile.',
      ...errors,
      ...noSource,
      ...config,
    },
    work: async (desk, { params, body, headers }) => {
      const before = await editable(desk, params['id']);
      const { id } = before.source;
      if (body.id !== undefined && body.id !== id) throw new InvalidInput('The id of a source stays.', { field: 'id' });
      checkMatch(headers['if-match'], before.source);
      const setting = checked({ ...body, id }, desk.newsroom);
      const source: Source = { ...setting, revision: before.source.revision + 1, keptBy: 'api' };
      if ((await desk.sources.keep(source, before.source)) === 'refused') throw changedMeanwhile();
      const state = stateNow(source, before.state);
      if (source.paused) await desk.sources.unschedule(id);
      else await ringFor(desk, source, state);
      return shown(200, source, state);
    },
  }),
  route({
    method: 'DELETE',
    path: itemPath,
    access: 'newsroom',
    summary: 'Remove a source',
    description: 'It is polled no more. Its articles stay: to retract one is another matter.',
    answers: { 204: 'It is removed.', 412: 'Somebody else changed it meanwhile.', ...errors, ...noSource, ...config },
    work: async (desk, { params, headers }) => {
      const { source } = await editable(desk, params['id']);
      checkMatch(headers['if-match'], source);
      if ((await desk.sources.remove(source)) === 'refused') throw changedMeanwhile();
      return { status: 204, headers: noStore, body: '' };
    },
  }),
  route({
    method: 'POST',
    path: '/api/v1/sources/{id}/poll',
    access: 'newsroom',
    summary: 'Look at a source now',
    description: 'Also at one that had ended. Its health says what came of it.',
    accepts: { '': z.unknown(), 'application/json': z.unknown() },
    answers: {
      202: { is: 'It will be looked at in a moment.', schema: shownSourceSchema },
      ...errors,
      ...noSource,
      409: 'The source is paused.',
    },
    work: async (desk, { params }) => {
      const { source, state } = await found(desk, params['id']);
      if (source.paused) throw new InvalidInput('The source is paused.', { field: 'paused', status: 409 });
      await ringFor(desk, source, state);
      return shown(202, source, { ...state, nextLookAt: desk.now() });
    },
  }),
];

const shown = (status: number, source: Source, state: SourceState): Answer =>
  json(status, shownSource(source, state), { ...noStore, etag: etagOf(source) });

/** Due first, then the bell: if the bell is lost, the sweep rings it. Whoever asks for it again means one that had ended. */
const ringFor = async ({ sources, bell, now }: SourcesDesk, source: Source, state: SourceState): Promise<void> => {
  if (source.paused) return;
  if (state.state === 'ended') await sources.note({ ...state, state: 'trouble', looks: state.looks + 1 });
  await sources.schedule(source, now());
  await bell.ring({ host: hostOf(source), sources: [source.id] });
};

const checked = (setting: SourceSetting, newsroom: Newsroom): SourceSetting => {
  const trouble = sourceTrouble(setting, newsroom);
  if (!trouble) return setting;
  throw new InvalidInput(`The source cannot be kept: ${trouble.because}.`, { field: trouble.path.join('.') });
};

const found = async ({ sources }: SourcesDesk, id = '') => {
  const one = await sources.find(id);
  if (!one) throw new InvalidInput('There is no such source.', { field: 'id', status: 404 });
  return one;
};

const editable = async (desk: SourcesDesk, id: string | undefined) => {
  const one = await found(desk, id);
  if (one.source.keptBy === 'api') return one;
  throw new InvalidInput('This source is kept in newsroom.config.ts; change it there.', { field: 'id', status: 409 });
};

const checkMatch = (ifMatch: string | undefined, source: Source): void => {
  if (ifMatch === undefined || ifMatch.trim() === '*') return;
  if (ifMatch.trim().replace(/^W\//, '') !== etagOf(source)) throw changedMeanwhile();
};

const changedMeanwhile = (): InvalidInput =>
  new InvalidInput('Somebody else changed the source meanwhile; read it again.', { field: 'If-Match', status: 412 });
