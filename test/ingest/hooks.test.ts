import { createHmac } from 'node:crypto';
import { beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { hookOf } from '../../functions/ingest/hooks/hook.ts';
import { type Hooks, hookRoutes } from '../../functions/ingest/hooks/hooks.routes.ts';
import type { SourcesDoorbell } from '../../functions/ingest/sources/ports.ts';
import { type Source, source } from '../../functions/ingest/sources/source.ts';
import { dynamoSources } from '../../functions/ingest/sources/sources.dynamo.ts';
import { httpHandler } from '../../functions/shared/http/door.ts';
import { DAY_MS, MINUTE_MS, msOf } from '../../functions/shared/time.ts';
import { readTokenKeys, type TokenKeys } from '../../functions/shared/tokenKeys.ts';
import { memoryBucket } from '../support/memoryBucket.ts';
import { memoryDoorbell } from '../support/memoryDoorbell.ts';
import { memoryTable } from '../support/memoryTable.ts';
import { type Newsdesk, openNewsdesk } from '../wire/newsdesk.ts';
import { httpEvent } from './aDoor.ts';
import { aNewsroom } from './aNewsroom.ts';

const result = z.object({ statusCode: z.number(), body: z.string(), isBase64Encoded: z.boolean() });

let desk: Newsdesk;
let keys: TokenKeys;
let rung: SourcesDoorbell[];
let call: (path: string, body: string, headers?: Record<string, string>) => Promise<{ status: number; text: string }>;

const ghost: Source = source.parse({
  id: 'ghost-blog',
  url: 'https://blog.example/rss/',
  language: 'en',
  topicMap: { Trams: 'mobility' },
  revision: 1,
  keptBy: 'api',
});

beforeEach(async () => {
  desk = openNewsdesk(memoryTable(), memoryBucket());
  const sources = dynamoSources(memoryTable());
  await sources.keep(ghost, undefined);
  await sources.keep({ ...ghost, id: 'other' }, undefined);
  keys = await readTokenKeys(memoryTable(), 'hooks');
  const bell = memoryDoorbell<SourcesDoorbell>();
  rung = bell.rung;
  const hooks: Hooks = {
    ...{ sources, bell, publisher: desk.publisher, now: desk.now },
    ...{ hookKeys: async () => keys, newsroom: aNewsroom(), siteUrl: 'https://news.example' },
  };
  const handler = httpHandler({ routes: hookRoutes, connect: () => hooks });
  call = async (path, body, headers = {}) => {
    const all = { 'content-type': 'application/json', ...headers };
    const answer = await handler(httpEvent({ method: 'POST', rawPath: path, rawQueryString: '', headers: all, body }));
    const { statusCode, body: text, isBase64Encoded } = result.parse(answer);
    return { status: statusCode, text: Buffer.from(text, isBase64Encoded ? 'base64' : 'utf8').toString() };
  };
});

const post = (over: Readonly<Record<string, unknown>> = {}) => ({
  post: {
    current: {
      id: '7a0e',
      title: 'The night tram &amp; its riders',
      html: '<p>Every <a href="/map/">twenty minutes</a>.</p>',
      url: 'https://blog.example/night-tram/',
      status: 'published',
      visibility: 'public',
      published_at: '2026-05-04T07:00:00.000Z',
      updated_at: '2026-05-04T07:30:00.000Z',
      authors: [{ name: 'Ana Ruiz' }],
      tags: [{ name: 'Trams' }, { name: 'Nightlife' }],
      ...over,
    },
    previous: {},
  },
});

const secret = (id = 'ghost-blog') => hookOf(keys, id, 'https://news.example').secret;

/** As Ghost signs: the body and the moment, in milliseconds. */
const signed = (body: string, at = desk.now(), key = secret()) => ({
  'x-ghost-signature': `sha256=${createHmac('sha256', key)
    .update(`${body}${msOf(at)}`)
    .digest('hex')}, t=${msOf(at)}`,
});

const tell = (payload: unknown) => {
  const body = JSON.stringify(payload);
  return call('/hooks/ghost-blog', body, signed(body));
};

describe('a webhook of Ghost’s', () => {
  test('brings the post at once, as an article of its source, and as news', async () => {
    const { status } = await tell(post());
    expect(status).toBe(201);
    const [entry] = await desk.wire.after(0, 9);
    expect(entry?.announce).toBe(true);
    expect(entry?.article).toMatchObject({
      title: 'The night tram & its riders',
      url: 'https://blog.example/night-tram/',
      html: '<p>Every <a href="https://blog.example/map/">twenty minutes</a>.</p>',
      authors: [{ name: 'Ana Ruiz' }],
      topics: ['mobility'],
      publishedAt: '2026-05-04T07:00:00.000Z',
    });
  });

  test('that comes twice changes nothing, and one of a later change is a revision', async () => {
    await tell(post());
    expect(JSON.parse((await tell(post())).text)).toMatchObject({ unchanged: true });
    await tell(post({ title: 'The night tram', updated_at: '2026-05-04T07:50:00.000Z' }));
    expect((await desk.wire.after(0, 9)).map(({ kind }) => kind)).toEqual(['published', 'revised']);
  });

  test('of a change in a post from long ago is no news', async () => {
    await tell(post({ published_at: '2026-01-01T00:00:00.000Z' }));
    expect((await desk.wire.after(0, 9))[0]?.announce).toBe(false);
  });

  test.each([
    ['unpublished', { status: 'draft' }],
    ['for members', { visibility: 'members' }],
  ])('says that it passes over a post that is %s', async (_, over) => {
    const { status, text } = await tell(post(over));
    expect([status, JSON.parse(text)['taken']]).toEqual([200, false]);
    expect(await desk.wire.head()).toBe(0);
  });

  test('of a post that was deleted leaves the article to the newsroom', async () => {
    await tell(post());
    expect(JSON.parse((await tell({ post: { current: {}, previous: { id: '7a0e' } } })).text)['taken']).toBe(false);
    expect(await desk.wire.head()).toBe(1);
  });

  test.each<[string, (body: string) => Record<string, string>]>([
    ['without a signature', () => ({})],
    ['signed for another source', (body) => signed(body, desk.now(), secret('other'))],
    ['of ten minutes ago', (body) => signed(body, '2026-05-04T07:50:00.000Z')],
    ['whose moment was changed', (body) => ({ 'x-ghost-signature': `${signed(body)['x-ghost-signature']}1` })],
    ['of another body', () => signed('{}')],
  ])('%s is not believed', async (_, headers) => {
    const body = JSON.stringify(post());
    expect((await call('/hooks/ghost-blog', body, headers(body))).status).toBe(401);
    expect(await desk.wire.head()).toBe(0);
  });

  test('to a source that is not there is answered as one that is not signed', async () => {
    const body = JSON.stringify(post());
    expect((await call('/hooks/nobody', body, signed(body, desk.now(), secret('nobody')))).status).toBe(401);
  });

  test('holds with an old key, too', async () => {
    const old = secret();
    const newer = new Uint8Array(32).fill(9);
    keys = { current: { id: '0002', secret: newer }, byId: new Map([...keys.byId, ['0002', newer]]) };
    const body = JSON.stringify(post());
    expect((await call('/hooks/ghost-blog', body, signed(body, desk.now(), old))).status).toBe(201);
  });

  test('that is none is refused', async () => {
    expect((await tell({ member: {} })).status).toBe(400);
    expect((await tell(post({ html: '', title: 'No text' }))).status).toBe(400);
  });
});

describe('a ring', () => {
  const ping =
    '<?xml version="1.0"?><methodCall><methodName>weblogUpdates.ping</methodName><params></params></methodCall>';

  test('from a blog’s update service has the source looked at now', async () => {
    const { status, text } = await call(`/hooks/other/${secret('other')}`, ping, { 'content-type': 'text/xml' });
    expect([status, text]).toEqual([202, expect.stringContaining('<name>flerror</name><value><boolean>0<')]);
    expect(rung).toEqual([{ host: 'blog.example', sources: ['other'] }]);
  });

  test('with the secret of another source is not heard', async () => {
    expect((await call(`/hooks/other/${secret()}`, '')).status).toBe(401);
    expect(rung).toEqual([]);
  });

  test('is heard however late: it says nothing but “look”', async () => {
    const path = `/hooks/other/${secret('other')}`;
    desk.pass(400 * DAY_MS + MINUTE_MS);
    expect((await call(path, '', { 'content-type': 'application/json' })).status).toBe(202);
  });
});
