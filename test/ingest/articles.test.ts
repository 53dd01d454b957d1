import { readFileSync } from 'node:fs';
import { beforeEach, describe, expect, test } from 'vitest';
import { answerOnce } from '../../functions/ingest/idempotency.dynamo.ts';
import { type Answer, json } from '../../functions/shared/http/answer.ts';
import { DAY_MS, HOUR_MS } from '../../functions/shared/time.ts';
import { memoryTable } from '../support/memoryTable.ts';
import { aDoor, type Door } from './aDoor.ts';

let door: Door;
beforeEach(async () => {
  door = await aDoor();
});

const good = { language: 'en', title: 'A bridge opens', body: { html: '<p>Cyclists waited for nine years.</p>' } };

const post = (body: unknown, headers: Record<string, string> = {}) =>
  door.call('POST', '/api/v1/articles', { body, headers });

const idOf = ({ json }: { json: Readonly<Record<string, unknown>> }): string => String(json['id']);

describe('an article that is sent', () => {
  test('is new, and says where readers find it', async () => {
    const { status, json, headers } = await post(good);
    expect(status).toBe(201);
    expect(json).toEqual({
      id: expect.stringMatching(/^[0-9A-Z]{26}$/),
      seq: 1,
      revision: 1,
      state: 'published',
      url: 'https://news.example/en/articles/a-bridge-opens',
    });
    expect(headers['etag']).toBe('"1"');
    expect(door.desk.bell.rung.length).toBeGreaterThan(0);
  });

  test('is unchanged when it comes again, without a word on the wire', async () => {
    const first = await post({ ...good, externalId: 'b-1' });
    door.desk.pass(HOUR_MS);
    const again = await post({ ...good, externalId: 'b-1' });
    expect([again.status, again.json]).toEqual([200, { ...first.json, unchanged: true }]);
    expect(await door.desk.wire.head()).toBe(1);
  });

  test('is a revision when its text is another', async () => {
    const first = await post({ ...good, externalId: 'b-1' });
    door.desk.pass(1);
    const { status, json, headers } = await post({ ...good, externalId: 'b-1', title: 'A bridge opens at last' });
    expect(status).toBe(200);
    expect(json).toMatchObject({ id: idOf(first), revision: 2, state: 'published' });
    expect(headers['etag']).toBe('"2"');
  });

  test('is read back as it was cleaned', async () => {
    const sent = await post({
      ...good,
      language: 'EN',
      title: '  A  bridge\n opens ',
      summary: ' At\tlast. ',
      body: { markdown: '# Nine years\n\nWell, *well*.<script>alert(1)</script>' },
      topics: ['PUBLIC TRANSPORT', 'vivienda', 'mobility'],
      authors: [{ name: 'Ana Prat', email: 'ana@city.example' }],
      url: 'https://city.example/bridge',
      image: { url: 'https://city.example/b.jpg', alt: 'The bridge', credit: 'Ana', type: 'IMAGE/jpeg', bytes: 4000 },
      story: 'bridge',
    });
    expect(sent.json['url']).toBe('https://city.example/bridge');
    const { status, json, headers } = await door.call('GET', `/api/v1/articles/${idOf(sent)}`);
    expect(status).toBe(200);
    expect(json).toMatchObject({
      language: 'en',
      title: 'A bridge opens',
      summary: 'At last.',
      body: { html: '<h2>Nine years</h2><p>Well, <em>well</em>.</p>' },
      topics: ['mobility', 'housing'],
      authors: [{ name: 'Ana Prat', email: 'ana@city.example' }],
      image: { url: 'https://city.example/b.jpg', alt: 'The bridge', credit: 'Ana', type: 'image/jpeg', bytes: 4000 },
      story: 'bridge',
      publishedAt: door.desk.now(),
      announced: true,
    });
    expect([headers['etag'], headers['cache-control']]).toEqual(['"1"', 'no-store']);
  });

  test('without announcement is in the archive, but not news', async () => {
    const sent = await post({ ...good, announce: false });
    const { json } = await door.call('GET', `/api/v1/articles/${idOf(sent)}`);
    expect([sent.status, json['announced']]).toEqual([201, false]);
  });

  test('may be a page that a site exports', async () => {
    const page = (name: string): string => readFileSync(new URL(`pages/${name}`, import.meta.url), 'utf8');
    const english = await door.call('POST', '/api/v1/articles', {
      body: page('river-cooperation.md'),
      type: 'text/markdown; charset=utf-8',
    });
    const french = await door.call('POST', '/api/v1/articles?language=fr', {
      body: page('river-cooperation.fr.md'),
      type: 'text/markdown',
    });
    const ferry = await door.call('POST', '/api/v1/articles', { body: page('night-ferry.html'), type: 'text/html' });
    expect([english, french, ferry].map(({ status, json }) => [status, json['url']])).toEqual([
      [201, 'https://news.example/en/articles/seven-ports-on-one-river-agree-to-open-their-flood-gates-together'],
      [201, expect.stringContaining('https://news.example/fr/articles/sept-ports-d')],
      [201, 'https://harbour.example/news/night-ferry'],
    ]);
  });

  test('with a date that could be two is refused, and the field is named', async () => {
    const { status, json } = await door.call('POST', '/api/v1/articles', {
      body: '## A headline of its own\n\n08/07/2019\n\nSome text.\n',
      type: 'text/markdown',
    });
    expect([status, json['field']]).toEqual([400, 'publishAt']);
  });
});

describe('who reads and rewrites', () => {
  const put = (id: string, body: unknown, headers: Record<string, string> = {}) =>
    door.call('PUT', `/api/v1/articles/${id}`, { body, headers });

  test('overwrites nobody’s change unseen', async () => {
    const id = idOf(await post(good));
    const mine = await put(id, { ...good, title: 'Mine' }, { 'if-match': '"1"' });
    expect([mine.status, mine.json['revision'], mine.headers['etag']]).toEqual([200, 2, '"2"']);
    const late = await put(id, { ...good, title: 'Too late' }, { 'if-match': '"1"' });
    expect([late.status, late.json['field']]).toEqual([412, 'If-Match']);
    expect((await door.call('GET', `/api/v1/articles/${id}`)).json['title']).toBe('Mine');
    expect((await put(id, { ...good, title: 'Again' }, { 'if-match': '"2"' })).status).toBe(200);
  });

  test('may do without, and hears when nothing changed', async () => {
    const id = idOf(await post(good));
    expect((await put(id, { ...good, title: 'Another' })).json['revision']).toBe(2);
    expect((await put(id, { ...good, title: 'Another' })).json).toMatchObject({ revision: 2, unchanged: true });
  });

  test('is told when there is nothing, or the tag is none', async () => {
    const nobody = await put('01JZZZZZZZZZZZZZZZZZZZZZZ9', good);
    expect([nobody.status, nobody.json['field']]).toEqual([404, 'id']);
    const id = idOf(await post(good));
    const wrong = await put(id, good, { 'if-match': 'one' });
    expect([wrong.status, wrong.json['field']]).toEqual([400, 'If-Match']);
    expect((await door.call('GET', '/api/v1/articles/none')).status).toBe(404);
  });
});

describe('a draft', () => {
  const later = { ...good, publishAt: '2026-05-04T12:00:00Z' };

  test('waits outside the wire until its moment, then the clock publishes it', async () => {
    const sent = await post(later);
    expect([sent.status, sent.json]).toEqual([
      201,
      { id: expect.any(String), seq: null, revision: 1, state: 'draft', url: null, dueAt: '2026-05-04T12:00:00.000Z' },
    ]);
    const read = () => door.call('GET', `/api/v1/articles/${idOf(sent)}`);
    expect((await read()).json).toMatchObject({ state: 'draft', title: 'A bridge opens' });
    expect((await door.call('GET', '/api/v1/articles')).json['items']).toEqual([]);
    expect(await door.desk.publisher.ringClock()).toEqual({ published: 0, expired: 0 });

    door.desk.pass(4 * HOUR_MS);
    expect(await door.desk.publisher.ringClock()).toEqual({ published: 1, expired: 0 });
    expect((await read()).json).toMatchObject({
      seq: 1,
      state: 'published',
      publishedAt: '2026-05-04T12:00:00.000Z',
    });
  });

  test('may be revised, comes again unchanged, and may be removed', async () => {
    const id = idOf(await post({ ...later, externalId: 'b-1' }));
    const again = await post({ ...later, externalId: 'b-1' });
    expect([again.status, again.json['unchanged'], again.json['id']]).toEqual([200, true, id]);
    const revised = await door.call('PUT', `/api/v1/articles/${id}`, { body: { ...later, title: 'Another' } });
    expect([revised.status, revised.json['state']]).toEqual([200, 'draft']);
    const removed = await door.call('DELETE', `/api/v1/articles/${id}?reason=no`);
    expect([removed.status, removed.json]).toEqual([200, { id, seq: null, state: 'removed' }]);
    expect((await door.call('GET', `/api/v1/articles/${id}`)).status).toBe(404);
    door.desk.pass(DAY_MS);
    expect(await door.desk.publisher.ringClock()).toEqual({ published: 0, expired: 0 });
  });

  test('waits for its embargo too', async () => {
    const { json } = await post({ ...good, publishAt: '2020-01-01', embargoUntil: '2026-05-05T08:00:00+02:00' });
    expect(json).toMatchObject({ state: 'draft', dueAt: '2026-05-05T06:00:00.000Z' });
  });

  test('an article whose time is over leaves', async () => {
    const id = idOf(await post({ ...good, expiresAt: '2026-05-04T09:00:00Z' }));
    door.desk.pass(2 * HOUR_MS);
    expect(await door.desk.publisher.ringClock()).toEqual({ published: 0, expired: 1 });
    expect((await door.call('GET', `/api/v1/articles/${id}`)).json['state']).toBe('expired');
  });
});

describe('an article that is retracted', () => {
  const retract = (id: string, query = '?reason=The%20figures%20were%20wrong.') =>
    door.call('DELETE', `/api/v1/articles/${id}${query}`);

  test('stays away, and says why', async () => {
    const id = idOf(await post({ ...good, externalId: 'b-1' }));
    const { status, json } = await retract(id);
    expect(status).toBe(200);
    expect(json).toMatchObject({ id, state: 'retracted', reason: 'The figures were wrong.' });
    const read = await door.call('GET', `/api/v1/articles/${id}`);
    expect(read.json).toMatchObject({ state: 'retracted', reason: 'The figures were wrong.', body: { html: '' } });
    expect(JSON.stringify(door.stored())).not.toContain('Cyclists');

    door.desk.pass(1);
    expect((await post({ ...good, externalId: 'b-1', title: 'Back again' })).status).toBe(409);
    expect((await door.call('PUT', `/api/v1/articles/${id}`, { body: good })).status).toBe(409);
    expect((await retract(id, '?reason=Another')).json).toMatchObject({ reason: 'The figures were wrong.' });
  });

  test.each(['', '?reason=', '?reason=%20%20', `?reason=${'x'.repeat(501)}`])(
    'needs a reason that can be shown: “%s”',
    async (query) => {
      const id = idOf(await post(good));
      const { status, json } = await retract(id, query);
      expect([status, json['field']]).toEqual([400, 'reason']);
      expect((await door.call('GET', `/api/v1/articles/${id}`)).json['state']).toBe('published');
    },
  );

  test('must have been there', async () => {
    expect((await retract('01JZZZZZZZZZZZZZZZZZZZZZZ9')).status).toBe(404);
  });
});

describe('a request with an idempotency key', () => {
  const key = { 'idempotency-key': 'night-shift-17' };

  test('gets the answer of the first time', async () => {
    const first = await post(good, key);
    const again = await post(good, key);
    expect([again.status, again.json]).toEqual([201, first.json]);
    expect(again.headers['idempotency-replayed']).toBe('true');
    expect(again.headers['etag']).toBe(first.headers['etag']);
  });

  test('may not ask for something else', async () => {
    await post(good, key);
    const { status, json } = await post({ ...good, title: 'Something else' }, key);
    expect([status, json['field']]).toEqual([422, 'Idempotency-Key']);
    expect(await door.desk.wire.head()).toBe(1);
  });

  test('is forgotten after a day', async () => {
    await post(good, key);
    door.desk.pass(DAY_MS);
    expect((await post({ ...good, title: 'Something else' }, key)).status).toBe(201);
  });

  test('that was refused is not remembered, so that it can be put right', async () => {
    expect((await post({ ...good, title: '' }, key)).status).toBe(400);
    expect((await post(good, key)).status).toBe(201);
  });

  test('is worked on once: whoever comes meanwhile is asked to come back, and nothing is taken from them', async () => {
    const both = await Promise.all([post(good, key), post({ ...good, title: 'Something else' }, key)]);
    expect(both.map(({ status }) => status).sort()).toEqual([201, 422]);
    expect(await door.desk.wire.head()).toBe(1);
  });

  test('that is still in work is asked for again, until its worker must be dead', async () => {
    const table = memoryTable();
    let ids = 0;
    const ask = (work: () => Promise<Answer>) =>
      answerOnce({ table, key: 'k', request: 'r', now: door.desk.now, newId: () => String(++ids) }, work);
    // The first one is never heard of again.
    void ask(() => new Promise(() => undefined));
    await expect(ask(async () => json(201, {}))).rejects.toMatchObject({ status: 409, field: 'Idempotency-Key' });
    door.desk.pass(61_000);
    expect((await ask(async () => json(201, { id: 'a' }))).status).toBe(201);
    expect((await ask(async () => json(201, { id: 'b' }))).body).toBe('{"id":"a"}\n');
  });

  test('must have one that can be kept', async () => {
    const { status, json } = await post(good, { 'idempotency-key': 'x'.repeat(256) });
    expect([status, json['field']]).toEqual([400, 'Idempotency-Key']);
  });
});

describe('the list', () => {
  test('has each article once, as it is now, newest change first, over all pages', async () => {
    const ids: string[] = [];
    for (let i = 0; i < 7; i++) {
      ids.push(
        idOf(await post({ ...good, externalId: `b-${i}`, title: `Bridge ${i}`, url: `https://city.example/${i}` })),
      );
      door.desk.pass(1);
    }
    await post({ ...good, externalId: 'b-2', title: 'Bridge 2 again', url: 'https://city.example/2' });
    await door.call('DELETE', `/api/v1/articles/${ids[4]}?reason=wrong`);

    const listed: string[] = [];
    let before = '';
    for (let page = 0; page < 10; page++) {
      const { json } = await door.call('GET', `/api/v1/articles?limit=3${before}`);
      const items = Array.isArray(json['items']) ? json['items'] : [];
      expect(items.length).toBeLessThanOrEqual(3);
      listed.push(...items.map(({ title, state }) => `${title} ${state}`));
      if (json['next'] === undefined) break;
      before = `&before=${json['next']}`;
    }
    expect(listed).toEqual([
      'Bridge 4 retracted',
      'Bridge 2 again published',
      'Bridge 6 published',
      'Bridge 5 published',
      'Bridge 3 published',
      'Bridge 1 published',
      'Bridge 0 published',
    ]);
  });

  test.each(['limit=0', 'limit=101', 'limit=ten', 'before=-1', 'colour=red'])('?%s is refused', async (query) => {
    const { status, json } = await door.call('GET', `/api/v1/articles?${query}`);
    expect([status, json['field']]).toEqual([400, query.split('=')[0]]);
  });
});

test('a picture without words for who cannot see it is marked for the editor', async () => {
  const door = await aDoor();
  const send = async (alt: string) => {
    const body = {
      language: 'en',
      title: `Quay ${alt}`,
      body: { html: '<p>Text.</p>' },
      image: { url: 'https://city.example/quay.jpg', alt },
    };
    const { json } = await door.call('POST', '/api/v1/articles', { body });
    return (await door.call('GET', `/api/v1/articles/${json['id']}`)).json['missing'];
  };
  expect(await send('')).toEqual(['image.alt']);
  expect(await send('The quay')).toBeUndefined();
});
