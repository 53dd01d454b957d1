import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { HOUR_MS, MINUTE_MS } from '../../functions/shared/time.ts';
import { readTokenKeys } from '../../functions/shared/tokenKeys.ts';
import { aDoor } from './support/aDoor.ts';
import { aNewsroom } from './support/aPress.ts';
import { aSubscriber } from './support/aSubscriber.ts';

type Door = Awaited<ReturnType<typeof aDoor>>;

const newsroomWith = (over: Partial<ReturnType<typeof aNewsroom>['newsletters'][number]>) => {
  const newsroom = aNewsroom();
  return { ...newsroom, newsletters: newsroom.newsletters.map((one) => ({ ...one, ...over })) };
};

const withApproval = newsroomWith({ approval: 'required' });

/** An edition of three articles that waits for an approval. */
const waiting = async (newsroom = withApproval) => {
  const door = await aDoor({ newsroom });
  const { room } = door;
  await room.join(aSubscriber('ana'), aSubscriber('ben', { topics: ['culture'] }));
  const boat = room.wire.publish({ title: 'Boat' }).article.id;
  const opera = room.wire.publish({ title: 'Opera', topics: ['culture'] }).article.id;
  const tram = room.wire.publish({ title: 'Tram' }).article.id;
  const asked = await door.call('POST', '/api/v1/newsletters/city-news/editions', { cadence: 'weekly' });
  await room.work();
  return { ...door, path: `/api/v1/editions/${String(asked.json['id'])}`, boat, opera, tram };
};

const as = (name: string) => ({ authorization: `Bearer key-of-${name}` });

const subjectAndArticles = (room: Door['room']) =>
  room.sent.map(({ to, raw }) => {
    const mail = Buffer.from(raw).toString();
    const told = (mail.split('text/plain')[1] ?? '').split('text/html')[0] ?? '';
    const titles = [...told.matchAll(/(?:LEAD|ARTICLE)\((\w+)/g)].map(([, title]) => title);
    return `${to.split('@')[0]} ${/^Subject: (.*)\r$/m.exec(mail)?.[1]}: ${titles.join(' ')}`;
  });

describe('a curation', () => {
  test('is as clean as an article: no turned direction, no second line, nothing that is no character', async () => {
    const { call, path } = await waiting();
    const put = await call('PUT', `${path}/curation`, {
      subject: { en: ' Boats\u202e\r\nBcc: all@x.example \u0007' },
      intro: { en: 'Dear\u202e readers,\n\nyours\u2066' },
    });
    expect(put.json).toMatchObject({
      subject: { en: 'Boats Bcc: all@x.example' },
      intro: { en: 'Dear readers,\n\nyours' },
    });
    const nothing = await call('PUT', `${path}/curation`, { subject: { en: '\u202e \u0007' } });
    expect(nothing).toMatchObject({ status: 400 });
  });

  test('says what is first, what is left out, the subject and the intro', async () => {
    const { room, call, path, boat, opera, tram } = await waiting();
    const put = await call(
      'PUT',
      `${path}/curation`,
      {
        pinned: [boat],
        excluded: [tram],
        subject: { en: 'Boats and operas' },
        intro: { en: 'Dear **readers**, [look](https://x.example/a?b=1&c=2) <script>\n\nYours' },
      },
      { 'x-editor': 'Ana' },
    );
    expect(put).toMatchObject({ status: 200, json: { version: 1, by: 'Ana', pinned: [boat] } });
    await room.work();
    await call('POST', `${path}/approve`);
    await room.work();
    expect(subjectAndArticles(room).sort()).toEqual([
      'ana Boats and operas: Boat Opera',
      'ben Boats and operas: Opera',
    ]);
    const mail = Buffer.from(room.sent[0]?.raw ?? [])
      .toString()
      .replaceAll('=\r\n', '')
      .replaceAll('=3D', '=');
    expect(mail).toContain(
      '<strong>readers</strong>, <a style="text-decoration:underline" href="https://x.example/a?b=1&amp;c=2">look</a>',
    );
    expect(mail).toContain('Dear readers, look (https://x.example/a?b=1&c=2) <script>');
    expect(mail).not.toContain('<p style="margin:0 0 12px">Dear <strong>readers</strong>, <script>');
    expect((await call('GET', path)).json).toMatchObject({ deliveries: { audience: 2, sent: 2 }, editedBy: ['Ana'] });
    expect(opera).toBeTruthy();
  });

  test('that puts articles in order has the first of them lead, and its sections in that order', async () => {
    const { room, call, path, boat, opera } = await waiting();
    const image = { url: 'https://img.example/bus.jpg', alt: 'A bus' };
    const bus = room.wire.publish({ title: 'Bus', topics: ['mobility'], image }).article.id;
    expect(bus).toBeTruthy();
    await call('PUT', `${path}/curation`, { order: [boat, opera] });
    await room.work();
    const { json } = await call('GET', `${path}/preview?part=json&languages=en`);
    expect(json['articles']).toEqual([boat, opera, expect.any(String)]);
    await call('POST', `${path}/approve`);
    await room.work();
    expect(subjectAndArticles(room).sort()).toEqual(['ana Boat: Boat Opera Tram', 'ben Opera: Opera']);
    const text = Buffer.from(room.sent.find(({ to }) => to.startsWith('ana'))?.raw ?? []).toString();
    expect(text).toMatch(/SECTION\(Culture\)[\s\S]*SECTION\(Mobility\)/);
  });

  test('that leaves a reader nothing keeps him in the audience and sends him no mail', async () => {
    const { room, call, path, opera } = await waiting();
    await call('PUT', `${path}/curation`, { excluded: [opera] });
    await room.work();
    await call('POST', `${path}/approve`);
    await room.work();
    expect((await call('GET', path)).json).toMatchObject({ deliveries: { audience: 2, sent: 1, suppressed: 1 } });
  });

  test('is changed only in place of what was read, and can be taken back step by step or at once', async () => {
    const { call, path, boat, tram } = await waiting();
    const one = { pinned: [boat] };
    expect((await call('PUT', `${path}/curation`, one, { 'if-match': '"0"' })).status).toBe(200);
    expect(await call('PUT', `${path}/curation`, { pinned: [tram] }, { 'if-match': '"0"' })).toMatchObject({
      status: 412,
      json: { field: 'If-Match' },
    });
    await call('PUT', `${path}/curation`, { pinned: [tram] }, { 'if-match': '"1"' });
    expect((await call('POST', `${path}/curation/undo`)).json).toMatchObject({ version: 3, pinned: [boat] });
    expect((await call('DELETE', `${path}/curation`)).json).toMatchObject({ version: 4, pinned: [] });
    expect((await call('POST', `${path}/curation/undo`)).status).toBe(409);
    const { json, headers } = await call('GET', `${path}/curation`);
    expect([json['version'], headers['etag']]).toEqual([4, '"4"']);
  });

  test('names the field that is wrong, and changes nothing', async () => {
    const { call, path, boat } = await waiting();
    const wrong: [object, string][] = [
      [{ pinned: ['nobody'] }, 'pinned[0]'],
      [{ pinned: [boat], excluded: [boat] }, 'excluded[0]'],
      [{ subject: { es: 'Hola' } }, 'subject.es'],
      [{ intro: { en: '' } }, 'intro.en'],
      [{ lead: boat }, 'lead'],
    ];
    for (const [body, field] of wrong) {
      expect(await call('PUT', `${path}/curation`, body)).toMatchObject({ status: 400, json: { field } });
    }
    expect((await call('GET', `${path}/curation`)).json).toMatchObject({ version: 0 });
  });

  test('comes too late once the edition has begun', async () => {
    const { room, call, path, boat } = await waiting();
    await call('POST', `${path}/approve`);
    await room.work();
    expect((await call('PUT', `${path}/curation`, { pinned: [boat] })).status).toBe(409);
  });

  test('made after an approval asks for it once more', async () => {
    const { room, call, path, tram, boat } = await waiting(newsroomWith({ approval: 'required', undoMinutes: 5 }));
    await call('POST', `${path}/approve`);
    // Nobody has looked at the edition since.
    expect((await call('PUT', `${path}/curation`, { pinned: [tram] })).status).toBe(200);
    await room.work();
    expect((await call('GET', path)).json).toMatchObject({ state: 'ready', approvedBy: null });
    expect(room.sent).toEqual([]);
    expect(boat).toBeTruthy();
  });
});

describe('an approval', () => {
  test('by somebody else is not given by whoever edited, nor by a key without a name', async () => {
    const { room, call, path, boat } = await waiting(
      newsroomWith({ approval: 'required', approvalBy: 'someone-else' }),
    );
    await call('PUT', `${path}/curation`, { pinned: [boat] }, as('Ana'));
    await room.work();
    expect((await call('POST', `${path}/approve`, undefined, as('Ana'))).status).toBe(403);
    expect((await call('POST', `${path}/approve`, undefined, { 'x-editor': 'Ben' })).status).toBe(403);
    expect(await call('POST', `${path}/approve`, undefined, as('Ben'))).toMatchObject({
      status: 200,
      json: { state: 'approved', editedBy: ['Ana'], approvedBy: 'Ben' },
    });
    await room.work();
    expect(room.sent).toHaveLength(2);
  });
});

describe('an edition that somebody else must approve', () => {
  test('is edited only with a key that says whose it is: not by nobody, and not in the name of a colleague', async () => {
    const { call, path, boat } = await waiting(newsroomWith({ approval: 'required', approvalBy: 'someone-else' }));
    await call('PUT', `${path}/curation`, { pinned: [boat] }, as('Ana'));
    const changes: [string, string, object?][] = [
      ['PUT', `${path}/curation`, { pinned: [] }],
      ['DELETE', `${path}/curation`],
      ['POST', `${path}/curation/undo`],
    ];
    for (const [method, address, body] of changes) {
      for (const headers of [{}, { 'x-editor': 'Ben' }]) {
        expect((await call(method, address, body, headers)).status).toBe(403);
      }
    }
    expect((await call('GET', `${path}/curation`)).json).toMatchObject({ version: 1, by: 'Ana', pinned: [boat] });
    expect((await call('GET', path)).json).toMatchObject({ editedBy: ['Ana'] });
    // A name that is given beside the key's own changes nothing.
    await call('PUT', `${path}/curation`, { pinned: [] }, { ...as('Ana'), 'x-editor': 'Ben' });
    expect((await call('GET', path)).json).toMatchObject({ editedBy: ['Ana'], curation: { version: 2 } });
    expect((await call('POST', `${path}/approve`, undefined, as('Ben'))).status).toBe(200);
  });
});

describe('the time to think it over', () => {
  const thoughtful = newsroomWith({ undoMinutes: 10 });

  test('keeps an edition of a slot back, and whoever stops it has stopped it', async () => {
    const { room, call } = await aDoor({ newsroom: thoughtful });
    await room.join(aSubscriber('ana'));
    await room.sweep();
    room.wire.publish({ title: 'Boat' });
    room.turnTo('2026-05-04T08:00:30.000Z');
    await room.sweep();
    await room.work();
    const [edition] = await room.ledger.newest('city-news', { limit: 1 });
    const path = `/api/v1/editions/${edition?.id}`;
    expect((await call('GET', path)).json).toMatchObject({ state: 'approved', sendsAt: '2026-05-04T08:10:30.000Z' });
    room.later(5 * MINUTE_MS);
    await room.sweep();
    await room.work();
    expect((await call('POST', `${path}/hold`)).json).toMatchObject({ state: 'held' });
    room.later(10 * MINUTE_MS);
    await room.sweep();
    await room.work();
    expect(room.sent).toEqual([]);
    // `send` does not wait once more.
    await call('POST', `${path}/send`);
    await room.work();
    expect(room.sent).toHaveLength(1);
  });

  test('ends by itself', async () => {
    const { room } = await aDoor({ newsroom: thoughtful });
    await room.join(aSubscriber('ana'));
    await room.sweep();
    room.wire.publish({ title: 'Boat' });
    room.turnTo('2026-05-04T08:00:30.000Z');
    for (let minute = 0; minute < 12; minute++) {
      await room.sweep();
      await room.work();
      room.later(MINUTE_MS);
    }
    expect(room.sent).toHaveLength(1);
  });

  test('is given to an edition that somebody asked for only if he says so', async () => {
    const { room, call } = await aDoor({ newsroom: thoughtful });
    await room.join(aSubscriber('ana'));
    room.wire.publish({ title: 'Boat' });
    const body = { cadence: 'weekly', undoMinutes: 3 };
    const { json } = await call('POST', '/api/v1/newsletters/city-news/editions', body);
    await room.work();
    expect(room.sent).toEqual([]);
    expect((await call('GET', `/api/v1/editions/${json['id']}`)).json).toMatchObject({
      state: 'approved',
      sendsAt: '2026-05-04T07:33:00.000Z',
    });
    room.later(3 * MINUTE_MS);
    await room.sweep();
    await room.work();
    expect(room.sent).toHaveLength(1);
  });
});

test('the articles of an edition are listed with what an editor needs to know, and why one is left out', async () => {
  const { room, call, path, boat, opera, tram } = await waiting();
  const ferry = room.wire.publish({ title: 'Ferry' });
  await call('PUT', `${path}/curation`, { pinned: [boat], excluded: [tram] });
  expect((await call('GET', `${path}/articles`)).status).toBe(409);
  await room.work();
  room.wire.retract({ ...ferry, article: { ...ferry.article, id: opera } });
  const { json } = await call('GET', `${path}/articles`);
  const items = z.array(z.record(z.string(), z.unknown())).parse(json['items']);
  expect(items.map(({ id, title, leftOut, pinned }) => [id, title, leftOut, pinned])).toEqual([
    [boat, 'Boat', undefined, true],
    [opera, 'Opera', 'retracted', false],
    [tram, 'Tram', 'excluded', false],
  ]);
  expect(items[1]).toMatchObject({ language: 'en', topics: ['culture'], section: 'culture', story: null });
});

describe('a preview', () => {
  test('shows the edition as a subscriber or somebody made up would get it', async () => {
    const { call, ask, path, opera } = await waiting();
    const page = await ask('GET', `${path}/preview?topics=culture`);
    expect(page.statusCode).toBe(200);
    expect(page.headers['content-type']).toContain('text/html');
    expect(page.headers['content-security-policy']).toContain("default-src 'none'");
    expect(page.body).toContain('LEAD(Opera');
    expect(page.body).not.toContain('Tram');
    expect(page.body).toContain('leave:https://news.example/unsubscribe/preview');
    const text = await ask('GET', `${path}/preview?languages=en&part=text`);
    // Each part alone: nothing of the other one, and no boundary.
    for (const { body } of [page, text]) expect(body.match(/choose:/g)).toHaveLength(1);
    // Whoever reads French too is led to what there was in French; who does not is not.
    expect(page.body.trimEnd()).toMatch(/web:https:\/\/news\.example\/en\/editions\/[\w-]+\?also=fr$/);
    expect(text.body.trimEnd()).toMatch(/web:https:\/\/news\.example\/en\/editions\/[\w-]+$/);
    expect(text.body).toContain('LEAD(Tram');
    // The one part and not the other behind it.
    expect(text.body).not.toContain('Content-Type');
    const ben = await call('GET', `${path}/preview?subscriber=${aSubscriber('ben').id}&part=json`);
    expect(ben.json).toMatchObject({ language: 'en', subject: 'Opera', articles: [opera], more: 0 });
    expect(ben.json['bytes']).toBeGreaterThan(500);
  });

  test('names the articles of a mail and what there is of them in other languages', async () => {
    const { room, call } = await aDoor({ newsroom: withApproval });
    await room.join(aSubscriber('ana', { languages: ['en', 'fr'] }));
    const en = room.wire.publish({ title: 'Boat', story: 'boat' }).article.id;
    const fr = room.wire.publish({ title: 'Bateau', language: 'fr', story: 'boat' }).article.id;
    const asked = await call('POST', '/api/v1/newsletters/city-news/editions', { cadence: 'weekly' });
    await room.work();
    const { json } = await call('GET', `/api/v1/editions/${asked.json['id']}/preview?languages=en,fr&part=json`);
    expect(json).toMatchObject({
      ...{ articles: [en], more: 0 },
      items: [{ id: en, title: 'Boat', language: 'en', others: [{ id: fr, language: 'fr' }] }],
    });
  });

  test('opens in a browser by a link that dies, and shows nobody’s own mail', async () => {
    const { room, call, ask, path } = await waiting();
    await readTokenKeys(room.newsletters.keys, 'links');
    const { preview } = z
      .object({ preview: z.object({ url: z.string(), until: z.string() }) })
      .parse((await call('GET', path)).json);
    expect(preview.until).toBe('2026-05-11T07:30:00.000Z');
    const link = preview.url.replace('https://news.example', '');
    const open = (query = '') => ask('GET', `${link}${query}`, undefined, { authorization: '' });
    const page = await open('?topics=culture');
    expect(page).toMatchObject({ statusCode: 200, headers: { 'x-robots-tag': 'noindex' } });
    expect(page.body).toContain('LEAD(Opera');
    expect((await open('?part=text')).body).toContain('Tram');
    expect((await open(`?subscriber=${aSubscriber('ben').id}`)).statusCode).toBe(400);
    const forged = `${link.slice(0, -1)}${link.endsWith('A') ? 'B' : 'A'}`;
    expect((await ask('GET', forged)).statusCode).toBe(404);
    expect((await ask('GET', link.replace('weekly', 'daily'))).statusCode).toBe(404);
    room.turnTo('2026-05-11T07:30:01.000Z');
    expect((await open()).statusCode).toBe(404);
  });

  test('says what is wrong where there is nothing to show', async () => {
    const { call, path } = await waiting();
    const asked: [string, number, string | undefined][] = [
      ['languages=xx', 400, 'languages'],
      ['topics=nothing', 400, 'topics'],
      ['subscriber=nobody', 404, 'subscriber'],
      ['languages=fr', 404, undefined],
      [`subscriber=${aSubscriber('ben').id}&languages=en`, 400, 'languages'],
      [`subscriber=${aSubscriber('ben').id}&topics=culture`, 400, 'topics'],
      ['language=en', 400, 'language'],
    ];
    for (const [query, status, field] of asked) {
      const answer = await call('GET', `${path}/preview?${query}`);
      expect([answer.status, answer.json['field']]).toEqual([status, field]);
    }
    expect((await call('GET', '/api/v1/editions/none/preview')).status).toBe(404);
  });
});

describe('a test mail', () => {
  test('goes to one address, is marked, and counts nowhere in the edition', async () => {
    const { room, call, path } = await waiting();
    const sent = await call('POST', `${path}/test`, { to: 'desk@news.example', topics: ['culture'] });
    expect(sent).toMatchObject({ status: 200, json: { state: 'sent', subject: '[Test] Opera' } });
    expect(subjectAndArticles(room)).toEqual(['desk [Test] Opera: Opera']);
    expect(room.sent[0]?.tags).toEqual({ test: expect.stringMatching(/^[a-z0-9]+$/) });
    expect((await call('GET', path)).json).toMatchObject({ state: 'ready', deliveries: { audience: 2, sent: 0 } });
  });

  test('is one of twenty an hour', async () => {
    const { room, call, path } = await waiting();
    for (let i = 0; i < 20; i++) await call('POST', `${path}/test`, { to: 'desk@news.example' });
    expect((await call('POST', `${path}/test`, { to: 'desk@news.example' })).status).toBe(429);
    expect(room.sent).toHaveLength(20);
    room.later(HOUR_MS);
    expect((await call('POST', `${path}/test`, { to: 'desk@news.example' })).status).toBe(200);
  });

  test('that SES refuses says why', async () => {
    const { room, call, path } = await waiting();
    room.newsletters.mailer.send = async () => ({ is: 'refused', code: 'MessageRejected' });
    expect((await call('POST', `${path}/test`, { to: 'desk@news.example' })).json).toMatchObject({
      state: 'failed',
      because: 'MessageRejected',
    });
  });
});
