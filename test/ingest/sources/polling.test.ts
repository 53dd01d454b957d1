import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { pollHost } from '../../../functions/ingest/sources/polling/poll.ts';
import type { Reader } from '../../../functions/ingest/sources/reading/reader.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS, msOf } from '../../../functions/shared/time.ts';
import { openTestSite, type TestSite } from '../../support/httpServer.ts';
import { aPollingRoom, aReader, type PollingRoom } from './aPollingRoom.ts';
import { rss, rssItem } from './someFeeds.ts';

let site: TestSite;
let reader: Reader;
let room: PollingRoom;
beforeAll(async () => {
  site = await openTestSite();
  reader = aReader();
});
beforeEach(async () => {
  room = aPollingRoom(reader);
  site.heard.length = 0;
  await room.keep({ url: `${site.url}/feed` });
});
afterAll(async () => {
  await reader.close();
  await site.close();
});

const article = (name: string, over: Record<string, string> = {}): string =>
  rssItem({ guid: name, link: `https://city.example/${name}`, title: `Article ${name}`, ...over });

const shows = (...names: string[]): void => site.says('/feed', rss(names.map((name) => article(name))));

const titles = async (): Promise<string[]> => (await room.entries()).map((entry) => entry.article.title);

const minutesToNext = ({ nextLookAt }: { nextLookAt: string | null }): number =>
  (msOf(nextLookAt ?? '') - msOf(room.desk.now())) / MINUTE_MS;

describe('what a source shows', () => {
  test('comes in quietly at first, the oldest first; what appears later is news', async () => {
    shows('b', 'a');
    await room.look();
    shows('c', 'b', 'a');
    await room.look();
    expect((await room.entries()).map(({ article: { title }, announce }) => [title, announce])).toEqual([
      ['Article a', false],
      ['Article b', false],
      ['Article c', true],
    ]);
    expect(await room.state()).toMatchObject({ state: 'well', counts: { looks: 2, articles: 3 }, trouble: null });
  });

  test('brought again is not even asked about; changed it is a revision', async () => {
    shows('a');
    await room.look();
    site.says('/feed', rss([article('a')], '<ttl>60</ttl>'));
    let submitted = 0;
    const counting = aPollingRoom(reader);
    Object.assign(room.ports, {
      publisher: {
        submit: (one: Parameters<typeof counting.desk.publisher.submit>[0]) => {
          submitted += 1;
          return room.desk.publisher.submit(one);
        },
      },
    });
    await room.look();
    expect(submitted).toBe(0);
    site.says('/feed', rss([article('a', { text: 'Four towns share.' })]));
    const state = await room.look();
    expect(submitted).toBe(1);
    expect((await room.entries()).map(({ kind }) => kind)).toEqual(['published', 'revised']);
    expect(state.counts).toMatchObject({ articles: 1, revisions: 1 });
  });

  test('what it no longer shows is not deleted', async () => {
    shows('a', 'b');
    await room.look();
    shows();
    expect((await room.look()).state).toBe('well');
    shows('b');
    await room.look();
    expect(await titles()).toHaveLength(2);
  });

  test('an older version never wins over a colleague’s edit, and the same item does not come back', async () => {
    shows('a');
    await room.look();
    const [entry] = await room.entries();
    const id = entry?.article.id ?? '';
    room.desk.pass(HOUR_MS);
    const content = room.desk.arriving({ title: 'Edited by hand', url: 'https://city.example/a' }).content;
    await room.desk.publisher.revise(id, content, {});
    shows('b', 'a');
    await room.look();
    expect((await room.desk.articles.byId(id))?.article.title).toBe('Edited by hand');
  });

  test('two sources with the same address bring one article', async () => {
    shows('a');
    await room.keep({ id: 'other', url: `${site.url}/other` });
    site.says('/other', rss([article('x', { link: 'http://city.example/a/?utm_source=feed' })]));
    await room.look();
    room.desk.pass(MINUTE_MS);
    await room.look('other');
    expect(new Set((await room.entries()).map((entry) => entry.article.id)).size).toBe(1);
  });

  test('what appears with an old date is the archive, not news; a date to come is no date', async () => {
    shows();
    await room.look();
    site.says(
      '/feed',
      rss([
        article('old', { date: 'Mon, 04 May 2020 08:00:00 GMT' }),
        article('new', { date: 'Mon, 04 May 2026 07:00:00 GMT' }),
        article('future', { date: 'Mon, 04 May 2037 08:00:00 GMT' }),
        article('zero', { date: 'Thu, 01 Jan 1970 00:00:00 GMT' }),
      ]),
    );
    await room.look();
    const now = room.desk.now();
    const shown = (await room.entries()).map(({ article: { title, publishedAt }, announce }) => [
      title,
      announce,
      publishedAt,
    ]);
    expect(Object.fromEntries(shown.map(([title, ...rest]) => [title, rest]))).toEqual({
      'Article old': [false, '2020-05-04T08:00:00.000Z'],
      'Article new': [true, '2026-05-04T07:00:00.000Z'],
      'Article future': [true, now],
      'Article zero': [true, now],
    });
  });

  test('their categories become our topics: mapped, by name, or the source’s own', async () => {
    const of = (...names: string[]): string => names.map((name) => `<category>${name}</category>`).join('');
    await room.keep({
      url: `${site.url}/feed`,
      topics: ['governance'],
      topicMap: { Trams: 'mobility', Housing: null },
    });
    site.says(
      '/feed',
      rss([
        article('mapped', { more: of('TRAMS', 'Weather') }),
        article('named', { more: of('Logement') }),
        article('none', { more: of('Weather') }),
        article('silenced', { more: of('Housing') }),
      ]),
    );
    await room.look();
    const topics = (await room.entries()).map(({ article }) => [article.title, article.topics]);
    expect(Object.fromEntries(topics)).toEqual({
      'Article mapped': ['mobility'],
      'Article named': ['housing'],
      'Article none': ['governance'],
      'Article silenced': ['governance'],
    });
  });

  test('its text is cleaned, and relative addresses become those of the article', async () => {
    const text =
      '<a href="more">more</a><script>alert(1)</script><img src="/p.jpg" alt="Boat"><a href="javascript:x">x</a>';
    site.says('/feed', rss([article('a', { text })]));
    await room.look();
    const [entry] = await room.entries();
    expect(entry?.article.html).toContain('href="https://city.example/more"');
    expect(entry?.article.html).toContain('src="https://city.example/p.jpg"');
    expect(entry?.article.html).not.toMatch(/script/i);
    expect(entry?.article.url).toBe('https://city.example/a');
  });

  test('one bad item costs that item, with its reason; it is tried again when the source is changed', async () => {
    site.says(
      '/feed',
      rss([article('a'), article('long', { title: 'x'.repeat(301) }), article('empty', { text: '' })]),
    );
    const state = await room.look();
    expect(await titles()).toEqual(['Article a']);
    expect(state.state).toBe('well');
    expect(state.refused.map(({ item }) => item).sort()).toEqual([
      'https://city.example/empty',
      'https://city.example/long',
    ]);
    expect(state.refused.find(({ item }) => item.endsWith('long'))?.because).toContain('300');
    site.says(
      '/feed',
      rss([article('a'), article('long', { title: 'x'.repeat(301) }), article('empty', { text: '' })], ' '),
    );
    expect((await room.look()).counts.refused).toBe(2);
    await room.keep({ url: `${site.url}/feed`, topics: ['mobility'] });
    site.says('/feed', rss([article('a'), article('long', { title: 'x'.repeat(301) })], '  '));
    expect((await room.look()).counts.refused).toBe(3);
  });
});

describe('a source in trouble keeps its last good state', () => {
  const good = {
    headers: { etag: '"v1"', 'last-modified': 'Mon, 04 May 2026 07:00:00 GMT' },
    body: rss([article('a')]),
  };

  test.each([
    ['a login page', { body: '<!doctype html><title>Log in</title>' }, 'web page', 200],
    ['an empty body', { body: '' }, 'it is empty', 200],
    ['a truncated feed', { body: rss([article('a'), article('b')]).slice(0, -50) }, 'stops being XML', 200],
    ['an error', { status: 500, body: 'oops' }, 'it answered with 500', 500],
    ['not found', { status: 404 }, 'it answered with 404', 404],
    ['a bomb', { headers: { 'content-encoding': 'gzip' }, body: 'no gzip' }, 'compression', 0],
  ])('%s', async (_, said, because, status) => {
    site.says('/feed', good);
    await room.look();
    site.says('/feed', { ...said, headers: { etag: '"v2"', ...('headers' in said ? said.headers : {}) } });
    const state = await room.look();
    expect(state).toMatchObject({
      state: 'trouble',
      validators: { etag: '"v1"', lastModified: 'Mon, 04 May 2026 07:00:00 GMT' },
      troubleSince: room.desk.now(),
    });
    expect(state.trouble).toContain(because);
    expect(state.answers.at(-1)?.status).toBe(status);
    expect(await titles()).toEqual(['Article a']);
    site.says('/feed', good);
    expect(await room.look()).toMatchObject({ state: 'well', trouble: null, troubleSince: null });
  });
});

describe('politeness', () => {
  test('validators come back byte for byte, and what was spared is counted', async () => {
    const etag = 'W/"odd \'one\', ~v1"';
    const lastModified = 'Mon, 4 May 2026 7:0:0 +0000';
    const body = rss([article('a')]);
    site.says('/feed', ({ headers }) =>
      headers['if-none-match'] === etag && headers['if-modified-since'] === lastModified
        ? { status: 304, headers: { etag } }
        : { headers: { etag, 'last-modified': lastModified }, body },
    );
    await room.look();
    const state = await room.look();
    expect(state.answers.map(({ status }) => status)).toEqual([200, 304]);
    expect(state.counts).toMatchObject({ looks: 2, unchanged: 1, bytesSaved: body.length, bytesRead: body.length });
    expect(site.heard[0]?.headers['user-agent']).toContain('editors@news.example');
  });

  test('the same bytes again are not read again, and are nothing new', async () => {
    shows('a');
    await room.look();
    const before = await room.state();
    const after = await room.look();
    expect(after.intervalSeconds).toBeGreaterThan(before.intervalSeconds);
  });

  test('it looks more often where there is news and less often where there is none, from 5 minutes to a day', async () => {
    for (let i = 0; i < 5; i++) {
      shows(...Array.from({ length: i + 1 }, (_, n) => `n${n}`));
      await room.look();
    }
    expect(minutesToNext(await room.state())).toBe(5);
    for (let i = 0; i < 20; i++) await room.look();
    expect(minutesToNext(await room.state())).toBe(24 * 60);
  });

  test('ttl, max-age and Retry-After are obeyed', async () => {
    site.says('/feed', rss([article('a')], '<ttl>180</ttl>'));
    expect(minutesToNext(await room.look())).toBe(180);
    site.says('/feed', { headers: { 'cache-control': 'public, max-age=14400' }, body: rss([article('b')]) });
    expect(minutesToNext(await room.look())).toBe(240);
    site.says('/feed', { status: 503, headers: { 'retry-after': '36000' } });
    expect(minutesToNext(await room.look())).toBe(600);
    site.says('/feed', { status: 429, headers: { 'retry-after': 'Mon, 04 May 2026 23:00:00 GMT' } });
    expect((await room.look()).nextLookAt).toBe('2026-05-04T23:00:00.000Z');
    site.says('/feed', { status: 429, headers: { 'retry-after': '999999999' } });
    expect(minutesToNext(await room.look())).toBe(7 * 24 * 60);
  });

  test('jitter parts sources that were added together', async () => {
    shows('a');
    Object.assign(room.ports, { random: () => 0.5 });
    expect(minutesToNext(await room.look())).toBeCloseTo(7.5 * 1.05, 1);
  });

  test('gone is gone: 410 ends a source, and nobody looks again unless asked', async () => {
    site.says('/feed', { status: 410 });
    expect(await room.look()).toMatchObject({ state: 'ended', nextLookAt: null });
    room.desk.pass(30 * DAY_MS);
    await room.sweep();
    expect(room.bell.rung).toEqual([]);
  });

  test('a move for good is believed after a week, and forgotten when it fails', async () => {
    site.says('/feed', { status: 301, headers: { location: '/moved' } });
    site.says('/moved', rss([article('a')]));
    await room.look();
    room.desk.pass(6 * DAY_MS);
    await room.look();
    expect(site.heard.map(({ path }) => path)).toEqual(['/feed', '/moved', '/feed', '/moved']);
    room.desk.pass(2 * DAY_MS);
    await room.look();
    expect(site.heard.slice(4).map(({ path }) => path)).toEqual(['/moved']);
    site.says('/moved', { status: 410 });
    expect(await room.look()).toMatchObject({ state: 'trouble', moved: null });
    site.says('/feed', rss([article('b')]));
    expect(await room.look()).toMatchObject({ state: 'well', moved: null });
  });

  test('one look at a host at a time', async () => {
    await room.keep({ id: 'first', url: `${site.url}/slow/1` });
    await room.keep({ id: 'second', url: `${site.url}/slow/2` });
    let asking = 0;
    let most = 0;
    for (const path of ['/slow/1', '/slow/2']) {
      site.does(path, (_, response) => {
        asking += 1;
        most = Math.max(most, asking);
        setTimeout(() => {
          asking -= 1;
          response.end(rss([]));
        }, 50);
      });
    }
    const host = new URL(site.url).host;
    await Promise.all([
      pollHost(room.ports, { host, sources: ['first', 'second'] }),
      pollHost(room.ports, { host, sources: ['second', 'first'] }),
      pollHost(room.ports, { host, sources: ['first'] }),
    ]);
    expect(most).toBe(1);
    expect((await room.state('second')).looks + (await room.state('first')).looks).toBe(2);
  });

  test('a claim that nobody released ends by itself', async () => {
    shows('a');
    const host = new URL(site.url).host;
    await room.sources.claimHost(host, '2026-05-04T08:06:00.000Z', room.desk.now());
    await pollHost(room.ports, { host, sources: ['city'] });
    expect(site.heard).toEqual([]);
    room.desk.pass(7 * MINUTE_MS);
    await pollHost(room.ports, { host, sources: ['city'] });
    expect(site.heard).toHaveLength(1);
  });

  test('a bell that comes twice, or too early, finds nothing to do', async () => {
    shows('a');
    const host = new URL(site.url).host;
    for (let i = 0; i < 3; i++) await pollHost(room.ports, { host, sources: ['city'] });
    expect(site.heard).toHaveLength(1);
  });
});

describe('the sweep', () => {
  test('rings once for each host that has due sources', async () => {
    await room.keep({ id: 'second', url: `${site.url}/second` });
    await room.keep({ id: 'away', url: 'https://away.example/feed' });
    await room.sweep();
    expect(room.bell.rung).toEqual([
      { host: 'away.example', sources: ['away'] },
      { host: new URL(site.url).host, sources: ['city', 'second'] },
    ]);
  });

  test('takes over the sources of the config, changes and removals too, and leaves those of the API alone', async () => {
    const configure = (sources: Record<string, unknown>[]): void => {
      Object.assign(room.newsroom, { sources: sources.map((one) => ({ ...base, ...one })) });
    };
    const base = {
      kind: 'feed',
      language: 'en',
      topics: [],
      topicMap: {},
      text: 'full',
      announce: true,
      paused: false,
    };
    const ids = async (): Promise<string[]> =>
      (await room.sources.list()).map(({ source }) => `${source.id} ${source.keptBy} ${source.url}`);
    configure([{ id: 'mine', url: 'https://mine.example/a' }]);
    await room.sweep();
    await room.sweep();
    expect(await ids()).toEqual([`city api ${site.url}/feed`, 'mine config https://mine.example/a']);
    configure([{ id: 'mine', url: 'https://mine.example/b' }]);
    await room.sweep();
    expect(await ids()).toContain('mine config https://mine.example/b');
    configure([]);
    await room.sweep();
    expect(await ids()).toEqual([`city api ${site.url}/feed`]);
  });
});

test('a source at another address is read quietly again, and keeps what it counted', async () => {
  shows('a');
  await room.look();
  site.says('/new', rss([article('a'), article('b')]));
  await room.keep({ url: `${site.url}/new` });
  const state = await room.look();
  expect((await room.entries()).map(({ announce }) => announce)).toEqual([false, false]);
  expect(state.counts.articles).toBe(2);
});

test('a look that is interrupted goes on where it was, still quietly', async () => {
  shows('d', 'c', 'b', 'a');
  const host = new URL(site.url).host;
  let looked = 0;
  const slow: Reader = {
    ...reader,
    submission: (brought) => {
      looked += 1;
      if (looked === 3) throw new Error('The process was killed.');
      return reader.submission(brought);
    },
  };
  await pollHost({ ...room.ports, reader: slow }, { host, sources: ['city'] });
  expect(await titles()).toHaveLength(2);
  expect((await room.state()).looks).toBe(0);
  await pollHost(room.ports, { host, sources: ['city'] });
  expect((await room.entries()).map(({ article: { title }, announce }) => [title, announce])).toEqual(
    ['a', 'b', 'c', 'd'].map((name) => [`Article ${name}`, false]),
  );
});
