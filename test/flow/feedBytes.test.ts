import http from 'node:http';
import { buffer } from 'node:stream/consumers';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Courant, eventually, startCourant } from '../support/courant.ts';

/** What a reader gets of a feed, byte for byte, from a running Courant. */

const FEED = '/feeds/en/all.json';
let courant: Courant;

beforeAll(async () => {
  courant = await startCourant();
  const text = 'The ferries of the upper river run to one timetable from May on. '.repeat(40);
  await courant.api('POST', '/api/v1/articles', {
    language: 'en',
    title: 'One timetable for all ferries',
    body: { html: `<p>${text}</p>` },
    topics: ['mobility'],
  });
  await eventually(
    async () => (await (await courant.fetch(FEED)).text()).includes('One timetable') || undefined,
    'article in the feed',
  );
});
afterAll(() => courant.remove());

interface Answer {
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
  readonly bytes: Buffer;
}

/** As it comes: `fetch` would decode it. */
const ask = (headers: Record<string, string> = {}, method = 'GET', path = FEED): Promise<Answer> =>
  new Promise((resolve, reject) => {
    const sent = http.request(courant.url + path, { method, headers }, (answer) => {
      buffer(answer).then(
        (bytes) => resolve({ status: answer.statusCode ?? 0, headers: answer.headers, bytes }),
        reject,
      );
    });
    sent.once('error', reject).end();
  });

const DECODED = {
  br: (bytes: Buffer) => brotliDecompressSync(bytes),
  gzip: (bytes: Buffer) => gunzipSync(bytes),
  identity: (bytes: Buffer) => bytes,
} as const;
const ENCODINGS = Object.keys(DECODED) as (keyof typeof DECODED)[];

describe('a feed', () => {
  test('is the same document in every encoding, and smaller in the better ones', async () => {
    const answers = await Promise.all(ENCODINGS.map((encoding) => ask({ 'accept-encoding': encoding })));
    const texts = ENCODINGS.map((encoding, i) => DECODED[encoding](answers[i]?.bytes ?? Buffer.alloc(0)).toString());
    expect(texts[0]).toContain('One timetable');
    expect(new Set(texts).size).toBe(1);
    const [br = 0, gzip = 0, plain = 0] = answers.map(({ bytes }) => bytes.length);
    expect(br).toBeLessThan(gzip);
    expect(gzip).toBeLessThan(plain / 2);
  });

  test('has a tag of its own in each encoding', async () => {
    const tags = await Promise.all(
      ENCODINGS.map(async (encoding) => (await ask({ 'accept-encoding': encoding })).headers.etag),
    );
    expect(new Set(tags).size).toBe(3);
    for (const tag of tags) expect(tag).toMatch(/^"[0-9a-f]{32}"$/);
  });

  test.each([
    ['rss', 'application/rss+xml'],
    ['atom', 'application/atom+xml'],
    ['json', 'application/feed+json'],
  ])('as %s says all that a reader, a cache and a script of another site must know', async (format, type) => {
    const path = `/feeds/en/all.${format}`;
    const { status, headers } = await ask({ 'accept-encoding': 'gzip' }, 'GET', path);
    expect(status).toBe(200);
    expect(headers).toMatchObject({
      'content-type': `${type}; charset=utf-8`,
      'content-encoding': 'gzip',
      'cache-control': 'public, max-age=300, stale-while-revalidate=3600, stale-if-error=86400',
      link: `<${courant.url}${path}>; rel="self"`,
      vary: 'Accept-Encoding, Sec-Fetch-Dest',
      'access-control-allow-origin': '*',
      'x-content-type-options': 'nosniff',
    });
    expect(Date.parse(headers['last-modified'] ?? '')).toBeGreaterThan(0);
    expect(Object.keys(headers).filter((name) => name.startsWith('x-amz-'))).toEqual([]);
  });

  test.each(ENCODINGS)('asked for by HEAD says the same as by GET, without a body: %s', async (encoding) => {
    const got = await ask({ 'accept-encoding': encoding });
    const { status, headers, bytes } = await ask({ 'accept-encoding': encoding }, 'HEAD');
    expect(status).toBe(200);
    expect(bytes).toHaveLength(0);
    const { date: _, ...said } = headers;
    const { date: __, ...expected } = got.headers;
    expect(said).toEqual(expected);
    expect(headers['content-length']).toBe(String(got.bytes.length));
  });

  test('that a reader has already is answered 304, with what caches need to know', async () => {
    const { headers: known } = await ask({ 'accept-encoding': 'br' });
    const tag = known.etag ?? '';
    const conditions = [
      { 'if-none-match': tag },
      { 'if-none-match': `W/${tag}` },
      { 'if-none-match': `"other", ${tag}` },
      { 'if-none-match': '*' },
      { 'if-modified-since': known['last-modified'] ?? '' },
      { 'if-none-match': tag, 'if-modified-since': 'Thu, 01 Jan 1970 00:00:00 GMT' },
    ];
    for (const condition of conditions) {
      const { status, headers, bytes } = await ask({ 'accept-encoding': 'br', ...condition });
      expect([condition, status, bytes.length]).toEqual([condition, 304, 0]);
      expect(headers).toMatchObject({ etag: tag, 'cache-control': known['cache-control'], vary: known.vary });
      expect(headers).not.toHaveProperty('content-type');
      expect(headers).not.toHaveProperty('content-length');
    }
    expect((await ask({ 'accept-encoding': 'br', 'if-none-match': tag }, 'HEAD')).status).toBe(304);
  });

  test('that a reader has an older one of comes whole', async () => {
    const { headers: known } = await ask({ 'accept-encoding': 'br' });
    for (const condition of [
      { 'if-none-match': '"other"' },
      // A date says nothing where there is a tag.
      { 'if-none-match': '"other"', 'if-modified-since': known['last-modified'] ?? '' },
      { 'if-modified-since': 'Thu, 01 Jan 1970 00:00:00 GMT' },
      { 'if-modified-since': 'yesterday' },
      // Those are other bytes: what the reader has is the document in Brotli.
      { 'if-none-match': known.etag ?? '', 'accept-encoding': 'gzip' },
    ]) {
      const { status, bytes } = await ask({ 'accept-encoding': 'br', ...condition });
      expect([condition, status]).toEqual([condition, 200]);
      expect(bytes.length).toBeGreaterThan(0);
    }
  });

  test('of which a part is asked for comes whole or as that part, and nothing in between', async () => {
    const whole = await ask({ 'accept-encoding': 'identity' });
    const { status, bytes } = await ask({ 'accept-encoding': 'identity', range: 'bytes=0-9' });
    expect([200, 206]).toContain(status);
    expect(bytes.equals(status === 206 ? whole.bytes.subarray(0, 10) : whole.bytes)).toBe(true);
  });

  test('has one address: what it lies in has none', async () => {
    for (const path of [`/br${FEED}`, `/gzip${FEED}`, `${FEED}.gz`]) {
      expect([path, (await ask({}, 'GET', path)).status]).toEqual([path, 404]);
    }
  });

  test('that is not there, is refused or is written to is answered as such', async () => {
    expect((await ask({ 'accept-encoding': 'br' }, 'GET', '/feeds/en/none.rss')).status).toBe(404);
    expect((await ask({ 'accept-encoding': '*;q=0' })).status).toBe(406);
    expect((await ask({}, 'PUT')).status).toBe(405);
    expect((await ask({ origin: 'https://reader.example' }, 'OPTIONS')).status).toBe(204);
  });
});

test('the usual addresses of a feed lead to the main feed', async () => {
  for (const [path, to] of [
    ['/feed', '/feeds/en/all.rss'],
    ['/rss.xml', '/feeds/en/all.rss'],
    ['/atom.xml', '/feeds/en/all.atom'],
    ['/feed.json', '/feeds/en/all.json'],
  ] as const) {
    const { status, headers } = await ask({}, 'GET', path);
    expect(status).toBe(302);
    expect(new URL(headers.location ?? '', courant.url).pathname).toBe(to);
  }
});
