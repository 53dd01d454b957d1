import { parse } from 'csv-parse/sync';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import type { House } from '../../functions/shared/page/house.ts';
import { DAY_MS } from '../../functions/shared/time.ts';
import { suppress } from '../../functions/subscribers/suppress.ts';
import { aRoom, openHouseForTests, type Room } from './aRoom.ts';

let house: House & { close(): Promise<void> };
beforeAll(async () => {
  house = await openHouseForTests();
});
afterAll(() => house.close());

const KEY = { authorization: 'Bearer a-newsroom-key-for-tests-0123456789' };

const jobAnswer = z.object({
  job: z.object({ id: z.string(), state: z.string() }),
  upload: z.object({ method: z.literal('PUT'), url: z.string(), expiresAt: z.string() }).optional(),
});

const get = async (room: Room, path: string): Promise<Record<string, unknown>> =>
  z.record(z.string(), z.unknown()).parse(JSON.parse((await room.api(path)).body));

const importing = async (room: Room, body: object) => {
  const answer = await room.postJson('/api/v1/subscribers/import', body, { headers: KEY });
  expect(answer.status).toBe(201);
  return jobAnswer.parse(JSON.parse(answer.body));
};

const exported = async (room: Room, wish: object): Promise<string> => {
  const answer = await room.postJson('/api/v1/subscribers/export', wish, { headers: KEY });
  expect(answer.status).toBe(201);
  const { job } = jobAnswer.parse(JSON.parse(answer.body));
  await room.work();
  const { url, expiresAt } = await get(room, `/api/v1/jobs/${job.id}/result`);
  // The link dies in five minutes.
  expect(Date.parse(String(expiresAt)) - Date.parse(room.now())).toBe(300_000);
  return room.files.text(String(url).replace('https://files.example/', ''));
};

const emailsIn = (answer: Record<string, unknown>): string[] =>
  z
    .array(z.object({ email: z.string() }))
    .parse(answer['items'])
    .map(({ email }) => email)
    .sort();

/** Four readers: two of the newsletter each week, one each day, one who has left; and one who was only asked. */
const withReaders = async (room: Room): Promise<void> => {
  await room.join('ana@x.example', { languages: ['fr'], topics: ['climate'] });
  await room.join('=ben@x.example', { languages: ['en'] });
  await room.join('cid@x.example', { cadence: 'daily', topics: ['mobility'] });
  await room.join('dan@x.example');
  await room.press(await room.linkFor('unsubscribe', 'dan@x.example'));
  await room.postJson('/subscribe', { email: 'eva@x.example' });
  await room.hearBells();
};

test('a small file comes along with the request, and the job says how it was understood and what became of it', async () => {
  const room = await aRoom(house);
  const consent = { statement: 'They asked for it at our stand.', by: 'Eva' };
  const { job, upload } = await importing(room, { input: 'Courriel;Langue\nana@x.example;fr\nnobody;fr\n', consent });
  expect([job.state, upload]).toEqual(['running', undefined]);
  await room.work();
  expect(await get(room, `/api/v1/jobs/${job.id}`)).toMatchObject({
    state: 'done',
    counts: { joined: 1, refused: 1 },
    notes: {
      separator: ';',
      columns: [
        { name: 'Courriel', is: 'address' },
        { name: 'Langue', is: 'languages' },
      ],
    },
    report: `/api/v1/jobs/${job.id}/report`,
  });
  expect((await room.api(`/api/v1/jobs/${job.id}/result`)).status).toBe(404);
  const browser = await room.ask('GET', `/api/v1/jobs/${job.id}/report`, { headers: { ...KEY, accept: 'text/html' } });
  expect([browser.status, browser.headers['location']]).toEqual([302, expect.stringContaining('/report-')]);
});

test('a large file goes to an upload link; until it is there the job waits', async () => {
  const room = await aRoom(house);
  const { job, upload } = await importing(room, {});
  expect(job.state).toBe('waiting-for-input');
  expect((await room.api(`/api/v1/jobs/${job.id}/start`, 'POST')).status).toBe(409);
  expect((await room.api(`/api/v1/jobs/${job.id}/report`)).status).toBe(409);
  room.files.files.set(
    String(upload?.url).replace('https://files.example/', ''),
    Buffer.from('email\nana@x.example\n'),
  );
  expect((await room.api(`/api/v1/jobs/${job.id}/start`, 'POST')).status).toBe(200);
  await room.work();
  expect(await get(room, `/api/v1/jobs/${job.id}`)).toMatchObject({ state: 'done', counts: { asked: 1 } });
});

test('what is wrong with an import or export is told by its field, and nothing is made', async () => {
  const room = await aRoom(house);
  for (const [path, body, field] of [
    ['import', { consent: { statement: 'short', by: 'Eva' } }, 'consent.statement'],
    ['import', { consent: { statement: 'They asked for it at our stand.' } }, 'consent.by'],
    ['import', { newsletter: 'nope' }, 'newsletter'],
    ['import', { columns: { a: 'nothing' } }, 'columns.a'],
    ['import', { surprise: 1 }, 'surprise'],
    ['import', { input: 'x'.repeat(950_000) }, 'input'],
    ['export', { state: 'gone' }, 'state'],
    ['export', { format: 'xls' }, 'format'],
  ] as const) {
    const answer = await room.postJson(`/api/v1/subscribers/${path}`, body, { headers: KEY });
    expect([answer.status >= 400 && answer.status < 500, JSON.parse(answer.body)['field']]).toEqual([true, field]);
  }
  expect((await room.api('/api/v1/jobs/01JNOBODY0000000000000')).status).toBe(404);
  expect((await room.ask('GET', '/api/v1/jobs/01JNOBODY0000000000000')).status).toBe(401);
});

test('an export has one safe line for each subscription, whatever was chosen', async () => {
  const room = await aRoom(house);
  await withReaders(room);
  const csv = await exported(room, {});
  expect(csv.startsWith('\ufeff"email",')).toBe(true);
  // Always quoted, and nothing that a spreadsheet would run.
  for (const line of csv.trim().split('\r\n')) expect(line.replace(/^\ufeff/, '')).toMatch(/^"[^=+@-].*"$/);
  const rows = parse(csv, { bom: true, columns: true }) as Record<string, string>[];
  expect(rows.map(({ email, state, topics }) => [email, state, topics]).sort()).toEqual([
    ["'=ben@x.example", 'active', ''],
    ['ana@x.example', 'active', 'climate'],
    ['cid@x.example', 'active', 'mobility'],
    ['dan@x.example', 'left', ''],
  ]);
  const list = z.array(z.object({ email: z.string(), languages: z.array(z.string()) }));
  const found = list.parse(JSON.parse(await exported(room, { format: 'json', state: 'active', language: 'fr' })));
  expect(found).toEqual([{ email: 'ana@x.example', languages: ['fr'] }]);
  expect(JSON.parse(await exported(room, { format: 'json', state: 'suppressed' }))).toEqual([]);
  expect(list.parse(JSON.parse(await exported(room, { format: 'json', state: 'pending' })))).toHaveLength(1);
});

test('what was exported comes in again as it was', async () => {
  const [from, to] = [await aRoom(house), await aRoom(house)];
  await withReaders(from);
  const consent = { statement: 'Moved from our other newsroom.', by: 'Eva' };
  const { job } = await importing(to, { input: await exported(from, { state: 'active' }), consent });
  await to.work();
  expect(await get(to, `/api/v1/jobs/${job.id}`)).toMatchObject({ counts: { joined: 3 } });
  expect(await to.subscribers.byAddress('=ben@x.example')).toMatchObject({ subscriptions: [{ languages: ['en'] }] });
  expect(await to.subscribers.byAddress('cid@x.example')).toMatchObject({
    subscriptions: [{ cadence: 'daily', topics: ['mobility'] }],
  });
});

test('a list holds whom its filters mean, page by page', async () => {
  const room = await aRoom(house);
  await withReaders(room);
  const list = async (query: string) => emailsIn(await get(room, `/api/v1/subscribers?${query}`));
  expect(await list('')).toEqual(['=ben@x.example', 'ana@x.example', 'cid@x.example', 'dan@x.example']);
  expect(await list('state=active&newsletter=delta-post&cadence=weekly')).toEqual(['=ben@x.example', 'ana@x.example']);
  expect(await list('state=left')).toEqual(['dan@x.example']);
  expect(await list('state=pending')).toEqual(['eva@x.example']);
  expect(await list('language=fr')).toEqual(['ana@x.example']);
  expect(await list('state=active&topic=climate')).toEqual(['=ben@x.example', 'ana@x.example']);
  expect(await list('newsletter=ferries')).toEqual([]);
  expect(await list('address=ana%40x.example')).toEqual(['ana@x.example']);
  const seen: string[] = [];
  for (let next: string | undefined = ''; next !== undefined; ) {
    const page = await get(room, `/api/v1/subscribers?limit=1${next && `&next=${encodeURIComponent(next)}`}`);
    seen.push(...emailsIn(page));
    next = z.string().optional().parse(page['next']);
  }
  expect(seen.sort()).toEqual(['=ben@x.example', 'ana@x.example', 'cid@x.example', 'dan@x.example']);
  expect((await room.api('/api/v1/subscribers?state=maybe')).status).toBe(400);
  expect((await room.api('/api/v1/subscribers?address=nobody')).status).toBe(400);
});

test('an answer looks at so many readers and no more, and says where to go on', async () => {
  const room = await aRoom(house);
  const rows = Array.from({ length: 620 }, (_, i) => `r${i}@x.example`);
  await importing(room, {
    input: ['email', ...rows].join('\n'),
    consent: { statement: 'They all agreed to it.', by: 'Eva' },
  });
  await room.work();
  const first = await get(room, '/api/v1/subscribers?language=fr&limit=100');
  expect([first['items'], typeof first['next']]).toEqual([[], 'string']);
  const second = await get(room, `/api/v1/subscribers?language=fr&limit=100&next=${String(first['next'])}`);
  expect(second).toEqual({ items: [] });
});

test('numbers of the growth: a day’s sheet, and what there is now', async () => {
  const room = await aRoom(house);
  await withReaders(room);
  await room.count();
  room.wait(DAY_MS);
  const ana = await room.subscribers.byAddress('ana@x.example');
  await suppress(room, ana?.id ?? '', 'complaint', { at: room.now(), sentAt: room.now() });
  const page = await room.linkFor('preferences', 'cid@x.example');
  await room.postForm(page, [
    ['languages', 'es'],
    ['cadence', 'weekly'],
    ['timeZone', 'Europe/Brussels'],
  ]);
  await room.count();
  // Nothing is counted twice.
  await room.count();
  expect(await get(room, '/api/v1/subscribers/counts')).toMatchObject({
    newsletter: 'delta-post',
    active: { total: 2, languages: { en: 1, es: 1 }, topics: { all: 2 }, cadences: { weekly: 2 } },
    joined: { total: 5 },
    confirmed: { total: 4 },
    left: { total: 1 },
    bounced: { total: 1, languages: { fr: 1 }, topics: { climate: 1 } },
  });
  const { items } = await get(room, '/api/v1/subscribers/growth?from=2026-05-01&to=2026-05-31');
  expect(items).toMatchObject([
    {
      day: '2026-05-01',
      joined: { total: 5, languages: { en: 4, fr: 1 } },
      confirmed: { total: 4, cadences: { weekly: 3, daily: 1 } },
      left: { total: 1 },
      bounced: { total: 0 },
      active: { total: 3 },
    },
    { day: '2026-05-02', bounced: { total: 1 }, active: { total: -1, languages: { fr: -1, en: -1, es: 1 } } },
  ]);
  expect((await get(room, '/api/v1/subscribers/growth?from=2027-01-01&to=2027-01-02'))['items']).toEqual([]);
  for (const query of [
    'from=2026-05-02&to=2026-05-01',
    'from=2024-01-01&to=2026-01-01',
    'from=yesterday',
    'newsletter=nope',
  ])
    expect((await room.api(`/api/v1/subscribers/growth?${query}`)).status).toBe(400);
});
