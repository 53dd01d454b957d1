import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { feedsOf } from '../../functions/feeds/addresses.ts';
import { buildFeed } from '../../functions/feeds/build/buildFeed.ts';
import { recentArticles } from '../../functions/feeds/compose/recentArticles.ts';
import { faultOf, losesTooMuch } from '../../functions/feeds/publish/check.ts';
import { publish, standingOf } from '../../functions/feeds/publish/publish.ts';
import { bucketShelf } from '../../functions/feeds/publish/shelf.s3.ts';
import { NOTHING_ARCHIVED } from '../../functions/feeds/read/draft.ts';
import { sha256 } from '../../functions/shared/hash.ts';
import { type MemoryBucket, memoryBucket } from '../support/memoryBucket.ts';
import { memoryWire } from '../support/memoryWire.ts';
import { aBuilder, aFeedHouse, aNewsroom } from './aBuilder.ts';
import './quiet.ts';

const path = '/feeds/en/all.rss';
const publication = (text: string, seq: number, generation = 1) => ({
  path,
  self: `https://news.example${path}`,
  bytes: Buffer.from(text),
  contentType: 'application/rss+xml; charset=utf-8',
  version: { seq, generation },
});

describe('a document is put on the shelf', () => {
  test('where there is none', async () => {
    const bucket = memoryBucket();
    expect(await publish(bucketShelf(bucket), publication('<a/>', 0))).toBe('written');
    expect(bucket.optionsOf('feeds/en/all.rss')?.only).toBe('absent');
  });

  test('in place of one that was built from less, and of that one only', async () => {
    const bucket = memoryBucket();
    await publish(bucketShelf(bucket), publication('<a/>', 1));
    const { etag } = (await bucket.head('feeds/en/all.rss')) ?? {};
    expect(await publish(bucketShelf(bucket), publication('<b/>', 2))).toBe('written');
    expect(bucket.optionsOf('feeds/en/all.rss')?.only).toEqual({ etag });
  });

  test('not in place of one that was built from more entries or newer settings', async () => {
    const shelf = bucketShelf(memoryBucket());
    await publish(shelf, publication('<new/>', 5, 2));
    expect(await publish(shelf, publication('<old/>', 4, 2))).toBe('ahead');
    expect(await publish(shelf, publication('<old/>', 6, 1))).toBe('ahead');
    expect(await publish(shelf, publication('<other/>', 5, 2))).toBe('there');
    expect(standingOf(await shelf.find(path), { seq: 6, generation: 2 })).toBe('behind');
  });

  test('not when its bytes lie there already', async () => {
    const shelf = bucketShelf(memoryBucket());
    await publish(shelf, publication('<same/>', 1));
    expect(await publish(shelf, publication('<same/>', 2))).toBe('unchanged');
    expect((await shelf.find(path))?.version.seq).toBe(1);
  });

  test('in place of an object that nobody here wrote', async () => {
    const bucket = memoryBucket();
    await bucket.put('feeds/en/all.rss', Buffer.from('?'), { contentType: 'text/plain' });
    expect(await publish(bucketShelf(bucket), publication('<a/>', 0))).toBe('written');
  });

  test('without a look by whoever put the last one, but never in place of another’s', async () => {
    const looks: string[] = [];
    const bucket = memoryBucket((operation, key) => {
      if (operation === 'head') looks.push(key);
    });
    const shelf = bucketShelf(bucket);
    await publish(shelf, publication('<a/>', 1));
    expect(new Set(looks).size).toBe(3);
    looks.length = 0;
    await publish(shelf, publication('<b/>', 2));
    expect(looks).toEqual([]);
    await publish(bucketShelf(bucket), publication('<c/>', 4));
    expect(await publish(shelf, publication('<late/>', 3))).toBe('ahead');
    expect(await publish(shelf, publication('<d/>', 5))).toBe('written');
    for (const seq of [5, 6]) {
      await bucket.delete('feeds/en/all.rss');
      expect(await publish(shelf, publication('<d/>', seq))).toBe('written');
    }
  });

  test('on a second look when another put its own in between', async () => {
    const bucket = memoryBucket();
    const shelf = bucketShelf(bucket);
    let looks = 0;
    const find: typeof shelf.find = async (at) => {
      const found = await shelf.find(at);
      if (++looks === 1) await publish(shelf, publication('<meanwhile/>', 3));
      return found;
    };
    expect(await publish({ ...shelf, find }, publication('<late/>', 2))).toBe('ahead');
    looks = 0;
    expect(await publish({ ...shelf, find }, publication('<later/>', 4))).toBe('written');
  });
});

describe('a document lies ready in every encoding', () => {
  const keys = ['gzip/feeds/en/all.rss', 'br/feeds/en/all.rss', 'feeds/en/all.rss'] as const;
  const decoded = async (bucket: MemoryBucket): Promise<string[]> => {
    const [gzip, br, plain] = await Promise.all(
      keys.map(async (key) => (await bucket.get(key))?.bytes ?? Buffer.alloc(0)),
    );
    return [gunzipSync(gzip ?? ''), brotliDecompressSync(br ?? ''), Buffer.from(plain ?? '')].map(String);
  };

  test('and is the same in each, of the same version, known by the same address', async () => {
    const bucket = memoryBucket();
    await publish(bucketShelf(bucket), publication('<feed>é 🚲</feed>', 3, 2));
    expect(await decoded(bucket)).toEqual(Array(3).fill('<feed>é 🚲</feed>'));
    expect(keys.map((key) => bucket.optionsOf(key)?.contentEncoding)).toEqual(['gzip', 'br', undefined]);
    for (const key of keys) {
      expect(bucket.optionsOf(key)).toMatchObject({
        contentType: 'application/rss+xml; charset=utf-8',
        cacheControl: 'public, max-age=300, stale-while-revalidate=3600, stale-if-error=86400',
        metadata: { seq: '3', generation: '2', link: `<https://news.example${path}>; rel="self"` },
      });
    }
  });

  test('and the plain bytes are put last', async () => {
    const puts: string[] = [];
    const bucket = memoryBucket((operation, key) => {
      if (operation === 'put') puts.push(key);
    });
    const shelf = bucketShelf(bucket);
    await publish(shelf, publication('<a/>', 1));
    await publish(shelf, publication('<b/>', 2));
    expect(puts).toHaveLength(6);
    expect([puts[2], puts[5]]).toEqual(['feeds/en/all.rss', 'feeds/en/all.rss']);
  });

  test('and goes on where a builder was cut off in between', async () => {
    for (const cutOff of keys) {
      let isOff = true;
      const bucket = memoryBucket((operation, key) => {
        if (isOff && operation === 'put' && key === cutOff) throw new Error('cut off');
      });
      await expect(publish(bucketShelf(bucket), publication('<a/>', 1))).rejects.toThrow('cut off');
      isOff = false;
      await publish(bucketShelf(bucket), publication('<a/>', 1));
      expect(await decoded(bucket)).toEqual(['<a/>', '<a/>', '<a/>']);
    }
  });

  test('and none of them goes back where another builder is further', async () => {
    const bucket = memoryBucket();
    const shelf = bucketShelf(bucket);
    await publish(shelf, publication('<a/>', 1));
    // Another is half-way through: its encoded bytes are there, its plain ones are not yet.
    const plain = await bucket.get('feeds/en/all.rss');
    await publish(bucketShelf(bucket), publication('<c/>', 3));
    await bucket.put('feeds/en/all.rss', plain?.bytes ?? Buffer.alloc(0), {
      contentType: 'application/rss+xml',
      metadata: plain?.metadata ?? {},
    });
    expect(await publish(shelf, publication('<b/>', 2))).toBe('ahead');
    expect(await decoded(bucket)).toEqual(['<c/>', '<c/>', '<a/>']);
    expect(await publish(shelf, publication('<c/>', 3))).toBe('written');
    expect(await decoded(bucket)).toEqual(['<c/>', '<c/>', '<c/>']);
  });

  test('as soon as it is looked at again, though a release before put its plain bytes only', async () => {
    const bucket = memoryBucket();
    const bytes = Buffer.from('<same/>');
    const metadata = { seq: '1', generation: '1', content: sha256(bytes) };
    await bucket.put('feeds/en/all.rss', bytes, { contentType: 'application/rss+xml', metadata });
    expect(await publish(bucketShelf(bucket), publication('<same/>', 1, 2))).toBe('written');
    expect(await decoded(bucket)).toEqual(Array(3).fill('<same/>'));
  });
});

describe('a document is refused', () => {
  const rss = (items: number): string => `<rss><channel>${'<item/>'.repeat(items)}</channel></rss>`;
  const json = (items: number): string =>
    JSON.stringify({ version: '1.1', items: Array.from({ length: items }, (_, i) => ({ id: String(i) })) });

  test.each([
    ['rss', '<rss><channel></rss>'],
    ['rss', '<rss>\u0001</rss>'],
    ['rss', '<rss><dc:creator>no such prefix</dc:creator></rss>'],
    ['rss', '<html><body>An error page</body></html>'],
    ['atom', '<rss></rss>'],
    ['atom', ''],
    ['json', '{"version": "1.1"'],
    ['json', '[]'],
  ] as const)('that does not parse as %s: %s', (format, text) => {
    expect(faultOf(format, text, 0)).toBe('it does not parse');
  });

  test('that is empty, or lost more than a fifth of its articles', () => {
    expect(faultOf('rss', rss(0), 0)).toBeNull();
    expect(faultOf('rss', rss(0), 1)).toBe('it is empty');
    expect(faultOf('rss', rss(40), 50)).toBeNull();
    expect(faultOf('rss', rss(39), 50)).toBe('it lost more than a fifth of its articles');
    expect(faultOf('json', json(39), 50)).toBe('it lost more than a fifth of its articles');
    expect(faultOf('json', json(50), 50)).toBeNull();
  });

  describe('that shows less than readers have', () => {
    const before = Array.from({ length: 50 }, (_, i) => i + 1);
    const rest = { before, left: [], grownOutBelow: 0 };

    test('where more than a fifth is gone and nothing says why', () => {
      expect(losesTooMuch({ ...rest, shown: before.slice(10) })).toBe(false);
      expect(losesTooMuch({ ...rest, shown: before.slice(11) })).toBe(true);
      expect(losesTooMuch({ ...rest, shown: [] })).toBe(true);
      expect(losesTooMuch({ ...rest, before: [], shown: [] })).toBe(false);
    });

    test('but not what was retracted, is over or moved, nor what newer articles pushed out', () => {
      expect(losesTooMuch({ ...rest, shown: [], left: before })).toBe(false);
      const newer = before.map((seq) => seq + 40);
      expect(losesTooMuch({ ...rest, shown: newer })).toBe(true);
      expect(losesTooMuch({ ...rest, shown: newer, grownOutBelow: 41 })).toBe(false);
    });
  });
});

describe('a feed is looked at again', () => {
  test('where its list shows an entry that its version does not stand for', async () => {
    const [feed] = feedsOf(aNewsroom());
    if (!feed) throw new Error('There is no feed.');
    const { wire, table, bucket } = aFeedHouse();
    const { article, at } = wire.publish();
    const row = { list: feed, announcedSeq: 1, announcedAt: at, id: article.id, seq: 1, at, gone: null, reason: null };
    const found = await recentArticles(wire, wire).at([row]);
    const build = (seq: number) =>
      buildFeed(
        aBuilder({ wire, table, bucket }),
        { feed, version: { seq, generation: 1 }, shelving: NOTHING_ARCHIVED, archivedSeq: 0 },
        [row],
        { articles: found, stories: new Map() },
      );
    expect(await build(0)).toBe('again');
    expect(bucket.keys()).toEqual([]);
    expect(await build(1)).toBe('built');
    expect(bucket.keys().filter((key) => key.startsWith('feeds/'))).toHaveLength(3);
  });
});

describe('articles of the last builds', () => {
  test('are read once, and again when an entry changed them', async () => {
    const wire = memoryWire();
    const asked: string[][] = [];
    const byIds: typeof wire.byIds = (ids) => {
      asked.push([...ids]);
      return wire.byIds(ids);
    };
    const articles = recentArticles({ ...wire, byIds }, wire);
    const { id } = wire.publish().article;
    await articles.at([{ id, seq: 1 }]);
    await articles.at([{ id, seq: 1 }]);
    wire.revise(id, { title: 'Put right' });
    const found = await articles.at([{ id, seq: 2 }]);
    expect(asked.filter((ids) => ids.length > 0)).toEqual([[id], [id]]);
    expect(found.get(id)?.article.title).toBe('Put right');
  });

  test('are forgotten when there are many, the longest unused first', async () => {
    const wire = memoryWire();
    const wanted = ['a', 'b', 'c'].map(() => ({ id: wire.publish().article.id, seq: wire.entries.length }));
    const asked: string[] = [];
    const byIds: typeof wire.byIds = (ids) => {
      asked.push(...ids);
      return wire.byIds(ids);
    };
    const articles = recentArticles({ ...wire, byIds }, wire, 2);
    await articles.at(wanted.slice(0, 2));
    await articles.at(wanted.slice(0, 1));
    await articles.at(wanted.slice(2));
    asked.length = 0;
    await articles.at(wanted);
    expect(asked).toEqual([wanted[1]?.id]);
  });
});
