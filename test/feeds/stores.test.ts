import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { FORMATS } from '../../functions/feeds/addresses.ts';
import { rebuildFeeds } from '../../functions/feeds/build/rebuild.ts';
import { dynamoStates } from '../../functions/feeds/build/states.dynamo.ts';
import { dynamoLists } from '../../functions/feeds/lists.dynamo.ts';
import { bucketShelf } from '../../functions/feeds/publish/shelf.s3.ts';
import { dynamoListRows } from '../../functions/feeds/read/listRows.dynamo.ts';
import type { Changes, NewsRow } from '../../functions/feeds/read/listRows.ts';
import type { Bucket } from '../../functions/shared/storage/bucket.ts';
import type { Table } from '../../functions/shared/storage/table.ts';
import { type Emulators, startEmulators } from '../support/emulators.ts';
import { memoryBucket } from '../support/memoryBucket.ts';
import { memoryTable } from '../support/memoryTable.ts';
import { memoryWire } from '../support/memoryWire.ts';
import { aBuilder, aFeedHouse } from './aBuilder.ts';
import './quiet.ts';

let emulators: Emulators;
beforeAll(async () => {
  emulators = await startEmulators();
});
afterAll(() => emulators.stop());

interface Stores {
  readonly table: Table;
  readonly bucket: Bucket;
}

const list = { language: 'en', topic: 'all' };
const at = '2026-05-01T08:00:00.000Z';
const nothing: Changes = {
  news: [],
  dates: [],
  stories: [],
  bounds: [],
  rewrites: [],
  bylines: [],
  touches: [],
  places: [],
};
const shelving = { closed: 2, through: 120, newest: 130, count: 4, changedSeq: 124 };

const newsRow = (announcedSeq: number, over: Partial<NewsRow> = {}): NewsRow => ({
  list,
  announcedSeq,
  announcedAt: at,
  id: `article-${announcedSeq}`,
  seq: announcedSeq,
  at,
  gone: null,
  reason: null,
  ...over,
});

describe.each([
  ['in memory', async (): Promise<Stores> => ({ table: memoryTable(), bucket: memoryBucket() })],
  [
    'on DynamoDB and S3',
    async (): Promise<Stores> => ({ table: await emulators.table(), bucket: await emulators.bucket() }),
  ],
] as const)('the stores of the feeds, %s', (_, open) => {
  test('list the news newest first, page by page, past those that are gone', async () => {
    const { table } = await open();
    const gone = [2, 3, 4, 7];
    const news = Array.from({ length: 10 }, (_unused, i) =>
      newsRow(i + 1, gone.includes(i + 1) ? { gone: 'retracted', reason: 'Wrong.' } : {}),
    );
    await dynamoListRows(table).keep({ ...nothing, news });
    const lists = dynamoLists(table);
    const first = await lists.news('en', 'all', { limit: 3 });
    expect(first.map(({ announcedSeq }) => announcedSeq)).toEqual([10, 9, 8]);
    const second = await lists.news('en', 'all', { limit: 3, before: 8 });
    expect(second.map(({ announcedSeq }) => announcedSeq)).toEqual([6, 5, 1]);
    expect(await lists.news('en', 'all', { limit: 3, before: 1 })).toEqual([]);
    expect(await lists.news('fr', 'all', { limit: 3 })).toEqual([]);
    expect(await dynamoListRows(table).news(list, 4)).toEqual([news[9], news[8], news[7], news[6]]);
  });

  test('list articles by date, and go on after the last one seen', async () => {
    const { table } = await open();
    const dates = ['2019-07-08', '2026-05-01', '2024-02-29'].map((day, i) => ({
      list,
      publishedAt: `${day}T00:00:00.000Z`,
      id: `article-${i}`,
      seq: i + 1,
      gone: false,
    }));
    await dynamoListRows(table).keep({ ...nothing, dates });
    const lists = dynamoLists(table);
    const first = await lists.byDate('en', 'all', { limit: 2 });
    expect(first.map(({ id }) => id)).toEqual(['article-1', 'article-2']);
    const before = first.at(-1)?.key ?? '';
    expect(await lists.byDate('en', 'all', { limit: 2, before })).toEqual([
      { id: 'article-0', key: '2019-07-08T00:00:00.000Z#article-0' },
    ]);
  });

  test('keep the row of the later entry, in whichever order rows arrive', async () => {
    const { table } = await open();
    const rows = dynamoListRows(table);
    await rows.keep({ ...nothing, news: [newsRow(1, { seq: 5, gone: 'moved' })] });
    await rows.keep({ ...nothing, news: [newsRow(1, { seq: 3 })] });
    expect(await rows.news(list, 5)).toEqual([newsRow(1, { seq: 5, gone: 'moved' })]);
  });

  test('give back stories and places as they were kept, and leave out those that are not there', async () => {
    const { table } = await open();
    const rows = dynamoListRows(table);
    const member = {
      id: 'article-1',
      topics: ['mobility'],
      authors: ['ana-prat'],
      announced: true,
      url: null,
      slug: 'a',
    };
    const story = { story: 'A bridge # “and” more', language: 'en', seq: 1, at, members: [member] };
    const place = {
      id: 'article-1',
      seq: 1,
      language: 'en',
      topics: ['mobility'],
      authors: ['ana-prat'],
      publishedAt: at,
      story: story.story,
      announcedSeq: 1,
      announcedAt: at,
    };
    await rows.keep({ ...nothing, stories: [story], places: [place] });
    const asked = ['fr', 'en', 'en'].map((language) => ({ story: story.story, language }));
    expect(await rows.stories(asked)).toEqual([story]);
    expect(await rows.places(['article-2', 'article-1', 'article-1'])).toEqual([place]);
    expect(await dynamoLists(table).translations(story.story)).toEqual([{ language: 'en', id: 'article-1' }]);
    expect(await dynamoLists(table).translations('none')).toEqual([]);
  });

  test('remember how each feed stands, and let only one builder change the settings', async () => {
    const { table } = await open();
    const states = dynamoStates(table);
    expect(await states.read()).toEqual({
      settings: null,
      touched: new Map(),
      built: new Map(),
      archived: new Map(),
      authors: new Map(),
      filled: new Set(),
    });
    await dynamoListRows(table).keep({ ...nothing, touches: [{ feed: list, seq: 7, shelving }] });
    await states.keepBuilt(list, { seq: 5, generation: 1 });
    await states.keepArchived(list, 6);
    await states.keepArchived(list, 4);
    expect(await states.settle({ hash: 'a', generation: 1 }, null)).toBe('written');
    expect(await states.settle({ hash: 'b', generation: 1 }, null)).toBe('refused');
    const { settings } = await states.read();
    expect(await states.settle({ hash: 'b', generation: 2 }, settings)).toBe('written');
    expect(await states.settle({ hash: 'c', generation: 2 }, settings)).toBe('refused');
    expect(await states.read()).toEqual({
      settings: { hash: 'b', generation: 2 },
      touched: new Map([['en/all', { seq: 7, shelving }]]),
      built: new Map([['en/all', { seq: 5, generation: 1 }]]),
      archived: new Map([['en/all', 6]]),
      authors: new Map(),
      filled: new Set(),
    });
  });

  test('know what archive documents span, and which entries changed them', async () => {
    const rows = dynamoListRows((await open()).table);
    const bounds = [60, 120, 180].map((through, i) => ({
      list,
      seq: through,
      number: i + 1,
      after: through - 60,
      through,
    }));
    const rewrites = [180, 60, 120, 125].map((seq) => ({ list, seq, announcedSeq: Math.min(seq, 120) }));
    const touch = { feed: list, seq: 9, shelving };
    await rows.keep({
      ...nothing,
      news: [60, 61, 120, 121].map((seq) => newsRow(seq)),
      bounds,
      rewrites,
      touches: [touch],
    });
    const [first, second, third] = bounds;
    expect(await rows.boundsAround(list, 61)).toEqual({ before: first, here: second, next: third });
    expect(await rows.boundsAround(list, 60)).toEqual({ here: first, next: second });
    expect(await rows.boundsAround(list, 180)).toEqual({ before: second, here: third });
    expect(await rows.boundsAround(list, 181)).toEqual({ before: third });
    expect(await rows.newsWithin({ list, after: 60, through: 120 })).toEqual([newsRow(120), newsRow(61)]);
    expect((await rows.rewrites(list, { after: 60, limit: 2 })).map(({ seq }) => seq)).toEqual([120, 125]);
    expect(await rows.touches([list, { language: 'fr', topic: 'all' }, list])).toEqual([touch]);
  });

  test('have no byline for a builder that has read less than another one has built', async () => {
    const rows = dynamoListRows((await open()).table);
    const feed = { language: 'en', topic: '~ana' };
    await rows.keep({ ...nothing, bylines: [{ list: feed, seq: 7, name: 'Ana' }] });
    const [byline] = await rows.bylines('en', { after: '', through: 9, limit: 5 });
    if (!byline) throw new Error('There is no byline.');
    expect(await rows.bylines('en', { after: byline.key, through: 5, limit: 5 })).toEqual([]);
    expect(await rows.bylines('en', { after: byline.key, through: 9, limit: 5 })).toEqual([]);
  });

  test('replace a document only where it is the one that was looked at', async () => {
    const shelf = bucketShelf((await open()).bucket);
    const path = '/feeds/en/all.atom';
    const contentType = 'application/atom+xml; charset=utf-8';
    const self = `https://news.example${path}`;
    const version = { seq: 3, generation: 2 };
    const document = { bytes: Buffer.from('<feed/>'), contentType, version, content: 'abc', self };
    expect(await shelf.find(path)).toBeUndefined();
    expect(await shelf.put(path, document, undefined)).toBe('written');
    expect(await shelf.put(path, document, undefined)).toBe('refused');
    const there = await shelf.find(path);
    expect(there).toMatchObject({ version: { seq: 3, generation: 2 }, content: 'abc' });
    expect(await shelf.put(path, { ...document, bytes: Buffer.from('<feed></feed>') }, there)).toBe('written');
    expect(await shelf.put(path, document, there)).toBe('refused');
  });

  test('hold the same feeds as any other stores do', async () => {
    const { table, bucket } = await open();
    const wire = memoryWire();
    const { id } = wire.publish({ story: 'bridge' }).article;
    wire.publish({ language: 'fr', story: 'bridge', topics: [] });
    await rebuildFeeds(aBuilder({ wire, table, bucket }));
    wire.revise(id, { topics: ['climate'] });
    wire.retract(wire.publish().article.id);
    await rebuildFeeds(aBuilder({ wire, table, bucket }));
    const other = aFeedHouse(wire);
    await other.rebuild();
    for (const [key, text] of Object.entries(await other.bytes())) {
      const found = await bucket.get(key);
      expect(Buffer.from(found?.bytes ?? []).toString(), key).toBe(text);
    }
    const types = await Promise.all(
      FORMATS.map(async (format) => (await bucket.head(`feeds/en/all.${format}`))?.contentType),
    );
    expect(types).toEqual([
      'application/rss+xml; charset=utf-8',
      'application/atom+xml; charset=utf-8',
      'application/feed+json; charset=utf-8',
    ]);
  });
});
