import { readFile } from 'node:fs/promises';
import { createContext, runInContext } from 'node:vm';
import { transform } from 'esbuild';
import { describe, expect, test } from 'vitest';
import { movedTopics } from '../../functions/shared/config/topics.ts';
import { movedFeed } from '../../functions/site/movedFeeds.ts';
import { bundleEdge, EDGE_ENTRY } from '../../infra/aws/bundle.ts';

const table = movedTopics({
  topics: [{ id: 'mobility', formerly: ['transport', 'transit'] }, { id: 'climate' }],
  removedTopics: ['sports'],
});

const asked = (uri: string, headers: Record<string, string> = {}, method = 'GET') => ({
  context: { eventType: 'viewer-request' },
  request: {
    method,
    uri,
    querystring: {},
    headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, { value }])),
    cookies: {},
  },
});

describe('a feed of a topic that was renamed', () => {
  test.each([
    ['/feeds/en/transport.rss', '/feeds/en/mobility.rss'],
    ['/feeds/pt-BR/transit.json', '/feeds/pt-BR/mobility.json'],
    ['/feeds/fr/transport/archive/12.atom', '/feeds/fr/mobility/archive/12.atom'],
  ])('%s is at %s now, for feed readers and for people', (uri, location) => {
    for (const headers of [{}, { 'sec-fetch-dest': 'document' }]) {
      const answer = movedFeed(asked(uri, headers), table);
      expect(answer).toMatchObject({ statusCode: 301, headers: { location: { value: location } } });
    }
  });
});

describe('a feed of a topic that was removed', () => {
  test.each(['/feeds/en/sports.rss', '/feeds/en/sports.atom', '/feeds/en/sports/archive/1.atom'])(
    '%s is gone for feed readers, in a sentence',
    (uri) => {
      const answer = movedFeed(asked(uri), table);
      expect(answer).toMatchObject({ statusCode: 410, body: { data: expect.stringContaining('ended') } });
    },
  );

  test('sends a person on to its page', () => {
    expect(movedFeed(asked('/feeds/en/sports.rss', { 'sec-fetch-dest': 'document' }), table)).toBeUndefined();
  });
});

test.each([
  '/feeds/en/mobility.rss',
  '/feeds/en/all.rss',
  '/feeds/en/constructor.rss',
  '/feeds/en/authors/transport.rss',
  '/feeds/en/transport',
  '/en/topics/transport',
])('%s is where it was', (uri) => {
  expect(movedFeed(asked(uri), table)).toBeUndefined();
});

test('what only writes, and what is on its way out, is left alone', () => {
  expect(movedFeed(asked('/feeds/en/sports.rss', {}, 'POST'), table)).toBeUndefined();
  const leaving = { ...asked('/feeds/en/sports.rss'), context: { eventType: 'viewer-response' } };
  expect(movedFeed(leaving, table)).toBeUndefined();
});

const YOUNGER = [
  ...['hasOwn', 'fromEntries', 'groupBy'].map((name) => `Object.${name}`),
  ...['at', 'flat', 'flatMap', 'findLast', 'toSorted', 'with'].map((name) => `Array.prototype.${name}`),
  ...['at', 'replaceAll', 'matchAll', 'isWellFormed'].map((name) => `String.prototype.${name}`),
  'structuredClone',
  'URL',
];

test('on AWS the same answers stand before the edge’s rules, in the one function of at most 10 KB', async () => {
  const code = await bundleEdge(EDGE_ENTRY, table);
  expect(code.length).toBeLessThan(10_000);
  const context = createContext({});
  // What later editions added to the language's own objects is not there at the edge.
  runInContext(YOUNGER.map((name) => `delete ${name};`).join('\n'), context);
  runInContext(code, context);
  const answer = (event: object): unknown =>
    JSON.parse(runInContext(`JSON.stringify(handler(${JSON.stringify(event)}))`, context));
  const moved = asked('/feeds/en/transport.rss');
  expect(answer(moved)).toEqual(movedFeed(moved, table));
  const standing = asked('/feeds/en/mobility.rss');
  expect(answer(standing)).toMatchObject({ uri: '/feeds/en/mobility.rss' });
});

test('the file stands alone and is written in what the edge’s runtime knows', async () => {
  const source = await readFile(new URL('../../functions/site/movedFeeds.ts', import.meta.url), 'utf8');
  expect(source).not.toMatch(/^import /m);
  const known = { 'const-and-let': true, arrow: true, 'template-literal': true };
  const written = await transform(source, { loader: 'ts', target: 'esnext' });
  const lowered = await transform(source, { loader: 'ts', target: 'es5', supported: known });
  expect(lowered.code).toBe(written.code);
});
