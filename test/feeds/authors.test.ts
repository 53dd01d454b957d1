import fc from 'fast-check';
import { parseAtomFeed, parseRssFeed } from 'feedsmith';
import { beforeEach, describe, expect, test } from 'vitest';
import { FORMATS } from '../../functions/feeds/addresses.ts';
import { authorSlug, authorSlugs } from '../../functions/feeds/authors.ts';
import { rebuildFeeds } from '../../functions/feeds/build/rebuild.ts';
import { sweepFeeds } from '../../functions/feeds/build/sweep.ts';
import { lint } from '../../functions/feeds/lint/lint.ts';
import { isError } from '../../functions/feeds/lint/rules.ts';
import { dynamoLists } from '../../functions/feeds/lists.dynamo.ts';
import type { Item } from '../../functions/shared/storage/table.ts';
import { memoryDoorbell } from '../support/memoryDoorbell.ts';
import { aBuilder, aFeedHouse, type FeedHouse, settingsOf } from './aBuilder.ts';
import { hostile } from './hostileArticles.ts';
import './quiet.ts';

const by = (...names: string[]) => ({ authors: names.map((name) => ({ name })), topics: [] });

let house: FeedHouse;
beforeEach(() => {
  house = aFeedHouse();
});

const authorsFeeds = (): string[] =>
  house.bucket.keys().flatMap((key) => /^feeds\/(\w+\/authors\/[\w-]+)\.rss$/.exec(key)?.[1] ?? []);

describe('an author’s part of an address', () => {
  test.each([
    ['Ana Prat', 'ana-prat'],
    ['  José  Núñez ', 'jose-nunez'],
    ['JOSE NUNEZ', 'jose-nunez'],
    ['Seán O’Neill', 'sean-o-neill'],
    ['Łukasz Straße', 'lukasz-strasse'],
    ['Agency 24/7', 'agency-24-7'],
  ])('of %s is %s', (name, slug) => {
    expect(authorSlug(name)).toBe(slug);
  });

  test('of a name in another script is letters that every program takes, and its own', () => {
    const slugs = ['王小明', '王大明', 'Αθηνά Μπέλου', 'محمد', 'Ирина Ли'].map((name) => authorSlug(name));
    expect(new Set(slugs).size).toBe(5);
    for (const slug of slugs) expect(slug).toMatch(/^author-[0-9a-f]{12}$/);
    expect(authorSlug('ИРИНА  ли')).toBe(slugs[4]);
  });

  test('is none where there is no letter', () => {
    expect(['', '***', '🙂', '\u202e'].map(authorSlug)).toEqual([null, null, null, null]);
  });
});

describe('whatever an author is called', () => {
  test('the address is plain, and the feed in every format parses and has nothing for our linter to mend', async () => {
    await fc.assert(
      fc.asyncProperty(hostile, async ({ authors = [] }) => {
        const names = authors.map(({ name }) => name);
        const slugs = authorSlugs(authors);
        for (const slug of slugs) expect(slug).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/);
        const hostileHouse = aFeedHouse();
        hostileHouse.wire.publish(by(...names));
        await hostileHouse.rebuild();
        for (const slug of slugs) {
          for (const format of FORMATS) {
            const bytes = Buffer.from(await hostileHouse.text(`en/authors/${slug}.${format}`));
            expect(lint(bytes).filter(isError)).toEqual([]);
          }
        }
      }),
      { numRuns: 15 },
    );
  }, 60_000);
});

describe('the feed of an author', () => {
  test('holds what they wrote in its language, alone or with others, in all formats', async () => {
    const first = house.wire.publish(by('Ana Prat')).article.id;
    const second = house.wire.publish(by('Bo Ek', 'Ana Prat')).article.id;
    house.wire.publish({ ...by('Ana Prat'), language: 'fr' });
    house.wire.publish(by('Bo Ek'));
    await house.rebuild();
    expect(authorsFeeds()).toEqual(['en/authors/ana-prat', 'en/authors/bo-ek', 'fr/authors/ana-prat']);
    expect(await house.ids('en/authors/ana-prat')).toEqual([second, first]);
    const { title, atom } = parseRssFeed(await house.text('en/authors/ana-prat.rss'));
    expect(title).toBe('The Ferry & Sons Gazette (English) – Ana Prat');
    expect(atom?.links?.[0]?.href).toBe('https://news.example/feeds/en/authors/ana-prat.rss');
    const { id, links } = parseAtomFeed(await house.text('en/authors/ana-prat.atom'));
    expect(id).toBe('tag:news.example,2026:feeds/en/authors/ana-prat');
    expect(links?.[0]?.href).toBe('https://news.example/en/feeds/authors/ana-prat');
  });

  test('loses an article whose authors change, without a tombstone: it lives', async () => {
    const { id } = house.wire.publish(by('Ana Part')).article;
    await house.rebuild();
    house.wire.revise(id, by('Ana Prat'));
    await house.rebuild();
    expect(await house.ids('en/authors/ana-part')).toEqual([]);
    expect(await house.ids('en/authors/ana-prat')).toEqual([id]);
    expect(await house.text('en/authors/ana-part.atom')).not.toContain('deleted-entry');
    expect(await house.text('en/authors/ana-part.rss')).not.toContain('Ana Part');
  });

  test('says whose it is where two spellings meet in one address', async () => {
    house.wire.publish(by('Jose Nunez'));
    house.wire.publish(by('José Núñez'));
    await house.rebuild();
    const { title, description } = parseRssFeed(await house.text('en/authors/jose-nunez.rss'));
    expect(title).toBe('The Ferry & Sons Gazette (English) – José Núñez');
    expect(description).toBe('José Núñez, Jose Nunez – News for those who cross');
  });

  test('names translations as they come and go, and goes back to the first article in its archive', async () => {
    for (let i = 0; i < 60; i++) house.wire.publish(by('Ana Prat'), { at: `2026-05-${10 + (i % 15)}T08:00:00.000Z` });
    house.wire.publish({ ...by('Ana Prat'), story: 'bridge' });
    await house.rebuild();
    house.wire.publish({ language: 'fr', story: 'bridge', slug: 'le-pont', authors: [], topics: [] });
    await house.rebuild();
    expect(await house.text('en/authors/ana-prat.rss')).toContain('/fr/articles/le-pont');
    expect(await house.text('en/authors/ana-prat/archive/1.atom')).toContain('<fh:archive/>');
  });

  test('is written for its own articles only', async () => {
    house.wire.publish(by('Ana Prat'));
    house.wire.publish(by('Bo Ek'));
    await house.rebuild();
    const puts: string[] = [];
    const put: typeof house.bucket.put = (key, ...what) => {
      puts.push(key);
      return house.bucket.put(key, ...what);
    };
    const reads: string[] = [];
    const query: typeof house.table.query = (range) => {
      reads.push(range.pk);
      return house.table.query(range);
    };
    house.wire.publish(by('Bo Ek'));
    await rebuildFeeds(aBuilder({ ...house, bucket: { ...house.bucket, put }, table: { ...house.table, query } }));
    expect(puts.filter((key) => key.includes('authors/bo-ek'))).not.toEqual([]);
    expect([...puts, ...reads].filter((key) => key.includes('ana-prat'))).toEqual([]);
  });

  test('is built again under other settings, and rung for by the sweep until it is', async () => {
    house.wire.publish(by('Ana Prat'));
    await house.rebuild();
    const settings = settingsOf({ name: 'The Other Gazette' });
    const swept = async (): Promise<number> => {
      const bell = memoryDoorbell();
      await sweepFeeds({ ...aBuilder({ ...house, settings }), bell });
      return bell.rung.length;
    };
    expect(await swept()).toBe(1);
    const authorsLater = { ...aBuilder({ ...house, settings }) };
    await rebuildFeeds({ ...authorsLater, rows: { ...authorsLater.rows, bylines: async () => [] } });
    expect(await house.text('en/authors/ana-prat.rss')).not.toContain('The Other Gazette');
    expect(await swept()).toBe(1);
    await house.rebuild(settings);
    expect(await house.text('en/authors/ana-prat.rss')).toContain('The Other Gazette');
    expect(await swept()).toBe(0);
  });
});

describe('authors', () => {
  test('are listed by their newest article, those with articles only', async () => {
    house.wire.publish(by('Ana Prat'));
    house.wire.publish(by('Jose Nunez'));
    const gone = house.wire.publish(by('Bo Ek')).article.id;
    house.wire.publish(by('José Núñez'));
    house.wire.publish({ ...by('Cy'), language: 'fr' });
    house.wire.retract(gone);
    await house.rebuild();
    const lists = dynamoLists(house.table);
    expect(await lists.authors('en', 5)).toEqual([
      { slug: 'jose-nunez', name: 'José Núñez' },
      { slug: 'ana-prat', name: 'Ana Prat' },
    ]);
    expect(await lists.authors('en', 1)).toEqual([{ slug: 'jose-nunez', name: 'José Núñez' }]);
    expect(await lists.authors('es', 5)).toEqual([]);
  });
});

/** A table as the release before authors' feeds left it. */
const asBeforeAuthors = (items: readonly Item[]): Item[] =>
  items
    .filter(({ pk, sk }) => !/authors\//.test(`${pk} ${sk}`) && !/^(AUTHORS|FILLED)#/.test(sk))
    .map(({ authors: _, ...item }) => item as Item);

test('what was on the wire before authors had feeds is in them, and later leaves them, as if they had always been there', async () => {
  const settings = settingsOf();
  const { id } = house.wire.publish(by('Ana Prat')).article;
  house.wire.publish(by('Ana Prat', 'Bo Ek'));
  await house.rebuild();
  const old = aFeedHouse(house.wire);
  await old.table.batchPut(asBeforeAuthors(house.table.items()));
  await old.rebuild(settings);
  expect(await old.ids('en/authors/ana-prat')).toEqual(await house.ids('en/authors/ana-prat'));
  house.wire.revise(id, by('Cy'));
  await old.rebuild(settings);
  await house.rebuild(settings);
  for (const author of ['ana-prat', 'bo-ek', 'cy']) {
    const feed = `en/authors/${author}.atom`;
    expect(await old.text(feed)).toBe(await house.text(feed));
  }
});
