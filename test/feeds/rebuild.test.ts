import { parseAtomFeed } from 'feedsmith';
import { beforeEach, describe, expect, test } from 'vitest';
import { FORMATS, feedsOf } from '../../functions/feeds/addresses.ts';
import { rebuildFeeds } from '../../functions/feeds/build/rebuild.ts';
import { sweepFeeds } from '../../functions/feeds/build/sweep.ts';
import { memoryDoorbell } from '../support/memoryDoorbell.ts';
import { aBuilder, aFeedHouse, aNewsroom, type FeedHouse, settingsOf } from './aBuilder.ts';
import { loggedLines } from './quiet.ts';

let house: FeedHouse;
beforeEach(() => {
  house = aFeedHouse();
});

/** Which feeds' bytes differ, by their names without the format. */
const changedBy = async (change: () => Promise<void>): Promise<string[]> => {
  const before = await house.bytes();
  await change();
  const after = await house.bytes();
  const keys = Object.keys(after).filter((key) => before[key] !== after[key]);
  return [...new Set(keys.map((key) => key.replace(/^feeds\/|\.\w+$/g, '')))].sort();
};

describe('an article', () => {
  test('is in the feeds of its language and topics, and in no other', async () => {
    await house.rebuild();
    const changed = await changedBy(async () => {
      house.wire.publish({ language: 'fr', topics: ['mobility'] });
      await house.rebuild();
    });
    expect(changed).toEqual(['fr/all', 'fr/authors/ana-prat', 'fr/mobility']);
    expect(await house.ids('fr/mobility')).toHaveLength(1);
  });

  test('that is retracted leaves every feed it was in', async () => {
    const { id } = house.wire.publish({ topics: ['mobility', 'climate'] }).article;
    house.wire.publish({ topics: ['mobility'] });
    await house.rebuild();
    house.wire.retract(id, 'Wrong.');
    const changed = await changedBy(() => house.rebuild());
    expect(changed).toEqual(['en/all', 'en/authors/ana-prat', 'en/climate', 'en/mobility']);
    for (const key of house.keys().filter((one) => !one.endsWith('.atom'))) {
      expect(await house.text(key.replace('feeds/', ''))).not.toContain(id);
    }
    expect(await house.ids('en/all')).toHaveLength(1);
  });

  test('that is retracted leaves a tombstone in Atom, before the entries', async () => {
    const { id } = house.wire.publish().article;
    house.wire.publish();
    const { at } = house.wire.retract(id, 'The figure & its source were wrong.');
    await house.rebuild();
    const atom = await house.text('en/all.atom');
    expect(atom).toContain(`<at:deleted-entry ref="tag:news.example,2026:${id}" when="${at}">`);
    expect(atom).toContain('<at:comment type="text">The figure &amp; its source were wrong.</at:comment>');
    expect(atom.indexOf('at:deleted-entry')).toBeLessThan(atom.indexOf('<entry>'));
  });

  test('whose time is over leaves its feeds', async () => {
    const { id } = house.wire.publish().article;
    await house.rebuild();
    house.wire.expire(id);
    await house.rebuild();
    expect(await house.ids('en/all')).toEqual([]);
    expect(await house.ids('en/mobility')).toEqual([]);
  });

  test('whose topic changes leaves the feeds of the former one, without a tombstone: it lives', async () => {
    const { id } = house.wire.publish({ topics: ['mobility'] }).article;
    await house.rebuild();
    house.wire.revise(id, { topics: ['climate'] });
    expect(await changedBy(() => house.rebuild())).toEqual([
      'en/all',
      'en/authors/ana-prat',
      'en/climate',
      'en/mobility',
    ]);
    expect(await house.ids('en/mobility')).toEqual([]);
    expect(await house.ids('en/climate')).toEqual([id]);
    expect(await house.text('en/mobility.atom')).not.toContain('deleted-entry');
  });

  test('that was never announced is in no feed, and makes no feed new', async () => {
    await house.rebuild();
    house.wire.publish({}, { announce: false });
    expect(await changedBy(() => house.rebuild())).toEqual([]);
    expect(await house.ids('en/all')).toEqual([]);
  });

  test('keeps its place when it is revised, and moves the time of the feed', async () => {
    const first = house.wire.publish().article.id;
    const second = house.wire.publish().article.id;
    const { at } = house.wire.revise(first, { title: 'Put right' });
    await house.rebuild();
    expect(await house.ids('en/all')).toEqual([second, first]);
    expect(parseAtomFeed(await house.text('en/all.atom')).updated).toBe(at);
  });

  test('with an old date is at the top all the same, so that no reader who polls misses it', async () => {
    const today = house.wire.publish({ publishedAt: '2026-05-01T08:00:00.000Z' }).article.id;
    const backDated = house.wire.publish({ publishedAt: '2019-01-01T00:00:00.000Z' }).article.id;
    await house.rebuild();
    expect(await house.ids('en/all')).toEqual([backDated, today]);
  });

  test('names its translations as they come, change and go', async () => {
    house.wire.publish({ story: 'bridge', topics: ['mobility'] });
    await house.rebuild();
    const french = house.wire.publish({ story: 'bridge', language: 'fr', slug: 'le-pont', topics: [], authors: [] })
      .article.id;
    expect(await changedBy(() => house.rebuild())).toEqual(['en/all', 'en/authors/ana-prat', 'en/mobility', 'fr/all']);
    expect(await house.text('en/mobility.rss')).toContain(
      'hreflang="fr" href="https://news.example/fr/articles/le-pont"',
    );
    house.wire.revise(french, { html: '<p>A comma was missing.</p>' });
    expect(await changedBy(() => house.rebuild())).toEqual(['fr/all']);
    house.wire.revise(french, { slug: 'le-nouveau-pont' });
    expect(await changedBy(() => house.rebuild())).toEqual(['en/all', 'en/authors/ana-prat', 'en/mobility', 'fr/all']);
    house.wire.retract(french);
    await house.rebuild();
    expect(await house.text('en/mobility.rss')).not.toContain('hreflang');
  });

  test('is in the feeds although its writer died before it told the current articles', async () => {
    const { id } = house.wire.publish({ title: 'First try' }).article;
    const { article } = house.wire.revise(id, { title: 'Put right' });
    const stale = { ...house.wire, byIds: async () => [] };
    await rebuildFeeds(aBuilder({ wire: stale, table: house.table, bucket: house.bucket }));
    expect(await house.text('en/all.rss')).toContain(article.title);
  });
});

describe('the current document', () => {
  const publishMany = (count: number, hoursApart: number): string[] => {
    const start = Date.parse('2026-05-01T00:00:00.000Z');
    return Array.from({ length: count }, (_, i) => {
      const at = new Date(start + i * hoursApart * 3_600_000).toISOString();
      return house.wire.publish({ topics: [] }, { at }).article.id;
    }).reverse();
  };

  test('holds the newest fifty', async () => {
    const newestFirst = publishMany(70, 24);
    await house.rebuild();
    expect(await house.ids('en/all')).toEqual(newestFirst.slice(0, 50));
  });

  test('holds all of the 48 hours before its newest article', async () => {
    const newestFirst = publishMany(120, 0.5);
    await house.rebuild();
    // One every half hour: 96 intervals are exactly 48 hours.
    expect(await house.ids('en/all')).toEqual(newestFirst.slice(0, 97));
  });

  test('ends somewhere, however much there is', async () => {
    publishMany(230, 0.1);
    await house.rebuild();
    expect(await house.ids('en/all')).toHaveLength(200);
  });

  test('is filled up again when articles in it are retracted', async () => {
    const newestFirst = publishMany(60, 24);
    await house.rebuild();
    for (const id of newestFirst.slice(0, 5)) house.wire.retract(id);
    await house.rebuild();
    expect(await house.ids('en/all')).toEqual(newestFirst.slice(5, 55));
  });

  test('is the same bytes after a revision of an article that is in it no more: the archive has it', async () => {
    const oldest = publishMany(60, 24).at(-1) ?? '';
    await house.rebuild();
    house.wire.revise(oldest, { title: 'Put right after years' });
    expect(await changedBy(() => house.rebuild())).toEqual(['en/all/archive/1', 'en/authors/ana-prat/archive/1']);
  });
});

describe('all feeds of the newsroom', () => {
  test('are there from the first start on, for each language and topic, in three formats, though empty', async () => {
    await house.rebuild();
    const paths = feedsOf(aNewsroom()).flatMap(({ paths }) => FORMATS.map((format) => paths[format].slice(1)));
    expect(paths).toHaveLength(18);
    expect(house.keys()).toEqual(paths.sort());
  });

  test('say their type, how long they may be kept, and what they were built from', async () => {
    house.wire.publish();
    await house.rebuild();
    const types = { rss: 'application/rss+xml', atom: 'application/atom+xml', json: 'application/feed+json' };
    for (const format of FORMATS) {
      const options = house.bucket.optionsOf(`feeds/en/all.${format}`);
      expect(options?.contentType).toBe(`${types[format]}; charset=utf-8`);
      expect(options?.cacheControl).toBe('public, max-age=300, stale-while-revalidate=3600, stale-if-error=86400');
      expect(options?.metadata).toMatchObject({ seq: '1', generation: '1' });
    }
  });

  test('are built again when the newsroom’s settings change, and only then', async () => {
    house.wire.publish();
    await house.rebuild();
    expect(await changedBy(() => house.rebuild())).toEqual([]);
    const renamed = settingsOf({ name: 'The Other Gazette' });
    expect(await changedBy(() => house.rebuild(renamed))).toHaveLength(7);
    expect(await house.text('fr/climate.rss')).toContain('The Other Gazette');
    expect(await changedBy(() => house.rebuild(renamed))).toEqual([]);
  });

  test('are put only where the bytes differ when only the version of the code changes', async () => {
    house.wire.publish();
    await house.rebuild();
    const etags = await Promise.all(house.keys().map(async (key) => (await house.bucket.head(key))?.metadata));
    await house.rebuild({ ...settingsOf(), version: '2' });
    expect(await Promise.all(house.keys().map(async (key) => (await house.bucket.head(key))?.metadata))).toEqual(etags);
  });

  test('of a topic that the config has only now hold its articles', async () => {
    const { id } = house.wire.publish({ topics: ['culture'] }).article;
    await house.rebuild();
    const topics = [...aNewsroom().topics, { id: 'culture', label: { en: 'Culture', fr: 'Culture' } }];
    await house.rebuild(settingsOf({ topics }));
    expect(await house.ids('en/culture')).toEqual([id]);
  });

  test('are the same bytes when they are built from entry 0', async () => {
    const { id } = house.wire.publish({ topics: ['mobility'], story: 's' }).article;
    await house.rebuild();
    house.wire.publish({ language: 'fr', story: 's' });
    await house.rebuild();
    house.wire.revise(id, { topics: ['climate'] });
    house.wire.retract(house.wire.publish().article.id);
    await house.rebuild();
    const anew = aFeedHouse();
    await rebuildFeeds(aBuilder({ wire: house.wire, table: anew.table, bucket: anew.bucket }));
    expect(await anew.bytes()).toEqual(await house.bytes());
    expect(anew.table.items()).toEqual(house.table.items());
  });
});

describe('a document that must not be published', () => {
  const withoutArticles = async (): Promise<void> => {
    const builder = aBuilder(house);
    await rebuildFeeds({ ...builder, articles: { at: async () => new Map() } });
  };

  test('because it would suddenly be empty is told as feeds.refused, and the old one stays', async () => {
    house.wire.publish({ title: 'Still here' });
    await house.rebuild();
    house.wire.publish();
    expect(await changedBy(withoutArticles)).toEqual([]);
    expect(loggedLines).toContainEqual({
      level: 'error',
      event: 'feeds.refused',
      feed: 'en/all',
      format: 'rss',
      because: 'it is empty',
    });
    await house.rebuild();
    expect(await house.ids('en/all')).toHaveLength(2);
  });

  describe('because its list lost what readers have', () => {
    const shrink = async (): Promise<void> => {
      for (let i = 0; i < 10; i++) house.wire.publish({ topics: [], authors: [] });
      await house.rebuild();
      const rows = house.table.items().filter(({ pk }) => pk === 'NEWS#en#all');
      for (const { pk, sk } of rows.slice(0, 3)) await house.table.delete({ pk, sk });
      house.wire.publish({ topics: [], authors: [] });
    };

    test('stays as it was, and is told', async () => {
      await shrink();
      loggedLines.length = 0;
      expect(await changedBy(() => house.rebuild())).toEqual([]);
      expect(loggedLines).toContainEqual({
        level: 'error',
        event: 'feeds.refused',
        feed: 'en/all',
        format: 'all',
        because: 'readers would lose more than a fifth',
      });
      await house.rebuild();
      expect(await house.ids('en/all')).toHaveLength(10);
    });

    test('is accepted on purpose by removing what was noted of it, or under other settings', async () => {
      await shrink();
      await house.rebuild();
      await house.table.delete({ pk: 'SHOWN#en#all', sk: 'SHOWN' });
      await house.rebuild();
      expect(await house.ids('en/all')).toHaveLength(8);
      await shrink();
      await house.rebuild({ ...settingsOf(), version: '2' });
      expect(await house.ids('en/all')).not.toHaveLength(10);
    });
  });

  test('is not one that retractions, moves and newer articles made smaller', async () => {
    const ids = Array.from({ length: 60 }, () => house.wire.publish({ topics: ['mobility'] }).article.id);
    await house.rebuild();
    for (const id of ids.slice(10, 40)) house.wire.retract(id);
    for (const id of ids.slice(40)) house.wire.revise(id, { topics: ['climate'] });
    loggedLines.length = 0;
    await house.rebuild();
    expect(await house.ids('en/mobility')).toEqual(ids.slice(0, 10).toReversed());
    expect(loggedLines.filter(({ event }) => event === 'feeds.refused')).toEqual([]);
  });
});

describe('the sweep', () => {
  const swept = async (settings = settingsOf()): Promise<number> => {
    const bell = memoryDoorbell();
    await sweepFeeds({ ...aBuilder({ ...house, settings }), bell });
    return bell.rung.length;
  };

  test('rings for entries that nobody read, for feeds that are not there, and for other settings', async () => {
    expect(await swept()).toBe(1);
    await house.rebuild();
    expect(await swept()).toBe(0);
    house.wire.publish();
    expect(await swept()).toBe(1);
    await house.rebuild();
    expect(await swept()).toBe(0);
    expect(await swept(settingsOf({ name: 'The Other Gazette' }))).toBe(1);
  });
});
