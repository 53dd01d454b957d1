import { parseAtomFeed, parseRssFeed } from 'feedsmith';
import { beforeEach, describe, expect, test } from 'vitest';
import { lint } from '../../functions/feeds/lint/lint.ts';
import type { MemoryWire } from '../support/memoryWire.ts';
import { aFeedHouse, type FeedHouse, settingsOf } from './aBuilder.ts';
import './quiet.ts';

const TAG = 'tag:news.example,2026:';

let house: FeedHouse;
beforeEach(() => {
  house = aFeedHouse();
});

/** An hour apart, so that the current document holds fifty and no more. */
const publishMany = (wire: MemoryWire, count: number, topics: string[] = []): string[] =>
  Array.from({ length: count }, () => {
    const at = new Date(Date.parse('2026-05-01') + wire.entries.length * 3_600_000).toISOString();
    return wire.publish({ authors: [], topics }, { at }).article.id;
  });

interface Page {
  readonly ids: string[];
  readonly links: Readonly<Record<string, string>>;
  readonly text: string;
}

const page = async (feed: string): Promise<Page> => {
  const text = await house.text(feed);
  const { entries = [], links = [] } = parseAtomFeed(text);
  return {
    text,
    ids: entries.map(({ id }) => (id ?? '').replace(TAG, '')),
    links: Object.fromEntries(links.map(({ rel, href }) => [rel ?? '', (href ?? '').split('/feeds/')[1] ?? ''])),
  };
};

/** As a feed reader walks: from the current document back until nothing is linked. */
const walk = async (from: string): Promise<Page[]> => {
  const current = await page(from);
  const previous = current.links['prev-archive'];
  return previous === undefined ? [current] : [current, ...(await walk(previous))];
};

/** What is on the shelf, by its key, and as whose version. */
const shelf = async (): Promise<Record<string, string>> => house.bytes();
const changedBy = async (work: () => Promise<void>): Promise<string[]> => {
  const before = await shelf();
  await work();
  const after = await shelf();
  return Object.keys(after).filter((key) => after[key] !== before[key] && key.includes('/archive/'));
};

const topicsOf = (n: number): string[] => [[], ['mobility'], ['mobility', 'climate']][n % 3] ?? [];

/** Ten articles; two older ones move to other topics and languages, or one of them is retracted. */
const aBusyDay = async (n: number): Promise<void> => {
  const { wire } = house;
  const ids = publishMany(wire, 10, topicsOf(n));
  wire.revise(ids[n % 10] ?? '', { topics: topicsOf(n + 1) });
  const older = wire.entries[(n * 7) % wire.entries.length]?.article.id ?? '';
  if ((await wire.byId(older))?.state !== 'live') return;
  if (n % 4 === 3) wire.retract(older);
  else wire.revise(older, { topics: topicsOf(n + 2), language: n % 5 === 4 ? 'fr' : 'en' });
};

describe('the archive of a feed', () => {
  test('is not there before fifty articles are', async () => {
    publishMany(house.wire, 49);
    await house.rebuild();
    expect((await page('en/all.atom')).links).not.toHaveProperty('prev-archive');
    expect(house.keys().filter((key) => key.includes('archive'))).toEqual([]);
  });

  test('leads any reader from the current document back to the first article', async () => {
    const ids = publishMany(house.wire, 173);
    await house.rebuild();
    const [current, ...archive] = await walk('en/all.atom');
    expect(archive.map((one) => one.ids)).toEqual([2, 1, 0].map((n) => ids.slice(n * 50, n * 50 + 50).toReversed()));
    expect(current?.ids).toEqual(ids.slice(-50).toReversed());
    expect(new Set([current, ...archive].flatMap((one) => one?.ids ?? []))).toEqual(new Set(ids));
  });

  test('is linked forwards too, to itself and to the current document, and our linter finds nothing in it', async () => {
    publishMany(house.wire, 120);
    await house.rebuild();
    const second = await page('en/all/archive/2.atom');
    expect((await page('en/all/archive/1.atom')).links).toEqual({
      alternate: '',
      self: 'en/all/archive/1.atom',
      current: 'en/all.atom',
      'next-archive': 'en/all/archive/2.atom',
    });
    expect(second.links).toMatchObject({ 'prev-archive': 'en/all/archive/1.atom' });
    expect(second.links).not.toHaveProperty('next-archive');
    expect(second.text).toContain('<fh:archive/>');
    expect(lint(Buffer.from(second.text))).toEqual([]);
    expect(lint(Buffer.from(await house.text('en/all.rss')))).toEqual([]);
    const links = parseRssFeed(await house.text('en/all.rss')).atom?.links;
    expect(links).toContainEqual({
      rel: 'prev-archive',
      href: 'https://news.example/feeds/en/all/archive/2.atom',
      type: 'application/atom+xml',
    });
  });

  test('is written again only for what happens to an article in it, and once for its successor', async () => {
    const ids = publishMany(house.wire, 149);
    await house.rebuild();
    const oneMore = async () => {
      publishMany(house.wire, 1);
      await house.rebuild();
    };
    const [second, third] = [2, 3].map((n) => `feeds/en/all/archive/${n}.atom`);
    expect(await changedBy(oneMore)).toEqual([second, third]);
    expect(await changedBy(oneMore)).toEqual([]);
    house.wire.revise(ids[60] ?? '', { title: 'Put right' });
    expect(await changedBy(() => house.rebuild())).toEqual([second]);
    expect((await page('en/all/archive/2.atom')).text).toContain('Put right');
    house.wire.retract(ids[61] ?? '', 'It was wrong.');
    expect(await changedBy(() => house.rebuild())).toEqual([second]);
    expect((await page('en/all/archive/2.atom')).ids).toHaveLength(49);
    expect((await page('en/all/archive/2.atom')).text).toContain('It was wrong.');
    house.wire.expire(ids[62] ?? '');
    expect(await changedBy(() => house.rebuild())).toEqual([second]);
    expect((await page('en/all/archive/2.atom')).ids).toHaveLength(48);
  });

  test('takes an article that changes its topic into the document that spans it; no other moves', async () => {
    const [old = ''] = publishMany(house.wire, 1);
    const ids = publishMany(house.wire, 100, ['mobility']);
    await house.rebuild();
    house.wire.revise(old, { topics: ['mobility'] });
    const first = 'feeds/en/mobility/archive/1.atom';
    expect(await changedBy(() => house.rebuild())).toEqual(['feeds/en/all/archive/1.atom', first]);
    expect((await page('en/mobility/archive/1.atom')).ids).toEqual([...ids.slice(0, 50).toReversed(), old]);
    expect((await page('en/mobility/archive/2.atom')).ids).toEqual(ids.slice(50).toReversed());
  });

  test('is the same bytes when it is built from entry 0', async () => {
    for (let n = 0; n < 24; n++) {
      await aBusyDay(n);
      if (n % 3 !== 1) await house.rebuild();
    }
    await house.rebuild();
    const anew = aFeedHouse(house.wire);
    await anew.rebuild();
    expect(house.keys().filter((key) => key.includes('/archive/')).length).toBeGreaterThan(5);
    expect(await anew.bytes()).toEqual(await house.bytes());
    expect(anew.table.items()).toEqual(house.table.items());
  });

  test('that a release before put as plain bytes only is put in every encoding', async () => {
    publishMany(house.wire, 60);
    await house.rebuild();
    const key = 'feeds/en/all/archive/1.atom';
    const there = await house.bucket.get(key);
    const { link: _, ...metadata } = there?.metadata ?? {};
    await house.bucket.put(key, there?.bytes ?? Buffer.alloc(0), { contentType: 'application/atom+xml', metadata });
    const encoded = [`gzip/${key}`, `br/${key}`];
    await Promise.all(encoded.map((one) => house.bucket.delete(one)));
    const kept = house.table.items().find(({ sk }) => sk.startsWith('ARCHIVED#en#all'));
    if (!kept) throw new Error('Nothing says how far the archive is.');
    await house.table.delete(kept);
    await house.table.put({ ...kept, sk: 'ARCHIVED#en#all' });
    await house.rebuild({ ...settingsOf(), version: '2' });
    expect(house.bucket.keys()).toEqual(expect.arrayContaining([key, ...encoded]));
    await house.bucket.delete(key);
    await house.rebuild({ ...settingsOf(), version: '2' });
    expect(house.bucket.keys()).not.toContain(key);
  });
});
