import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { dynamoLists } from '../../functions/feeds/lists.dynamo.ts';
import { dynamoListRows } from '../../functions/feeds/read/listRows.dynamo.ts';
import { project } from '../../functions/feeds/read/readWire.ts';
import type { Entry } from '../../functions/wire/entry.ts';
import { memoryTable } from '../support/memoryTable.ts';
import { type MemoryWire, memoryWire } from '../support/memoryWire.ts';

const languages = ['en', 'fr'];

const listsAfter = async (...batches: (readonly Entry[])[]) => {
  const table = memoryTable();
  for (const entries of batches) await project({ rows: dynamoListRows(table), languages }, entries);
  return { table, lists: dynamoLists(table) };
};

describe('the lists of the feeds', () => {
  test('name an announced article in its language and in each of its topics', async () => {
    const wire = memoryWire();
    const { id } = wire.publish({ language: 'fr', topics: ['mobility', 'climate'] }).article;
    const { lists } = await listsAfter(wire.entries);
    for (const topic of ['all', 'mobility', 'climate']) {
      expect(await lists.news('fr', topic, { limit: 5 })).toEqual([{ id, announcedSeq: 1 }]);
    }
    expect(await lists.news('en', 'all', { limit: 5 })).toEqual([]);
  });

  test('keep an article that was never announced out of the news, but have it by date', async () => {
    const wire = memoryWire();
    const { id } = wire.publish({ publishedAt: '2011-02-03T04:05:06.000Z' }, { announce: false }).article;
    const { lists } = await listsAfter(wire.entries);
    expect(await lists.news('en', 'all', { limit: 5 })).toEqual([]);
    expect(await lists.byDate('en', 'mobility', { limit: 5 })).toEqual([{ id, key: `2011-02-03T04:05:06.000Z#${id}` }]);
  });

  test('put an article that is announced by a later revision where it was announced', async () => {
    const wire = memoryWire();
    const old = wire.publish({}, { announce: false }).article;
    const other = wire.publish().article;
    wire.revise(old.id, { title: 'Now it is news' }, { announce: true });
    wire.revise(old.id, { title: 'Now it is news, again' });
    const { lists } = await listsAfter(wire.entries);
    expect(await lists.news('en', 'all', { limit: 5 })).toEqual([
      { id: old.id, announcedSeq: 3 },
      { id: other.id, announcedSeq: 2 },
    ]);
  });

  test('drop the place an article had before its date, topic or language changed', async () => {
    const wire = memoryWire();
    const { id } = wire.publish({ topics: ['mobility'] }).article;
    wire.revise(id, { language: 'fr', topics: ['climate'], publishedAt: '2026-04-01T08:00:00.000Z' });
    const { lists } = await listsAfter(wire.entries.slice(0, 1), wire.entries.slice(1));
    for (const topic of ['all', 'mobility', 'climate']) {
      expect(await lists.news('en', topic, { limit: 5 })).toEqual([]);
      expect(await lists.byDate('en', topic, { limit: 5 })).toEqual([]);
    }
    expect(await lists.news('fr', 'mobility', { limit: 5 })).toEqual([]);
    expect(await lists.byDate('fr', 'climate', { limit: 5 })).toEqual([{ id, key: `2026-04-01T08:00:00.000Z#${id}` }]);
  });

  test('name the live translations of a story, and no longer those that were retracted or left it', async () => {
    const wire = memoryWire();
    const english = wire.publish({ story: 'bridge' }).article.id;
    const french = wire.publish({ story: 'bridge', language: 'fr' }).article.id;
    const spanish = wire.publish({ story: 'bridge', language: 'es' }).article.id;
    const before = await listsAfter(wire.entries);
    expect(await before.lists.translations('bridge')).toEqual([
      { language: 'en', id: english },
      { language: 'es', id: spanish },
      { language: 'fr', id: french },
    ]);
    wire.retract(french);
    wire.revise(spanish, { story: 'another bridge' });
    const after = await listsAfter(wire.entries);
    expect(await after.lists.translations('bridge')).toEqual([{ language: 'en', id: english }]);
    expect(await after.lists.translations('another bridge')).toEqual([{ language: 'es', id: spanish }]);
  });

  test('of two articles of one story in one language keep the other when one is retracted', async () => {
    const wire = memoryWire();
    const first = wire.publish({ story: 'bridge' }).article.id;
    const second = wire.publish({ story: 'bridge' }).article.id;
    expect(await (await listsAfter(wire.entries)).lists.translations('bridge')).toEqual([
      { language: 'en', id: second },
    ]);
    wire.retract(second);
    expect(await (await listsAfter(wire.entries)).lists.translations('bridge')).toEqual([
      { language: 'en', id: first },
    ]);
  });

  test('do not grow with an archive that calls every article the same story', async () => {
    const wire = memoryWire();
    for (let i = 0; i < 40; i++) wire.publish({ story: 'news' });
    const { table } = await listsAfter(wire.entries);
    const row = table.items().find(({ pk }) => pk.startsWith('STORY#'));
    expect(row?.['members']).toHaveLength(12);
  });
});

describe('whatever is read in whatever pieces', () => {
  test('twice, in any cuts, the lists are the same', async () => {
    await fc.assert(
      fc.asyncProperty(someHistory, fc.array(fc.nat(30), { maxLength: 6 }), async (wire, cuts) => {
        const whole = await listsAfter(wire.entries);
        const at = [0, ...cuts.map((cut) => Math.min(cut, wire.entries.length)).sort((a, b) => a - b)];
        // Every piece starts where the one before it started, so that entries come again.
        const pieces = at.map((_, i) => wire.entries.slice(at[i - 1] ?? 0, at[i + 1]));
        const parts = await listsAfter(...pieces);
        expect(parts.table.items()).toEqual(whole.table.items());
      }),
      { numRuns: 150 },
    );
  });

  test('the live rows are the live articles', async () => {
    await fc.assert(
      fc.asyncProperty(someHistory, async (wire) => {
        const { lists } = await listsAfter(wire.entries);
        const ids = [...new Set(wire.entries.map(({ article }) => article.id))];
        const currents = await wire.byIds(ids);
        for (const language of languages) {
          for (const topic of ['all', 'mobility', 'climate']) {
            const here = currents.filter(
              ({ state, article }) =>
                state === 'live' &&
                article.language === language &&
                (topic === 'all' || article.topics.includes(topic)),
            );
            const announced = here
              .filter((one) => one.announcedSeq !== null)
              .sort((a, b) => (b.announcedSeq ?? 0) - (a.announcedSeq ?? 0));
            expect((await lists.news(language, topic, { limit: 99 })).map(({ id }) => id)).toEqual(
              announced.map(({ article }) => article.id),
            );
            expect((await lists.byDate(language, topic, { limit: 99 })).map(({ id }) => id).sort()).toEqual(
              here.map(({ article }) => article.id).sort(),
            );
          }
        }
      }),
      { numRuns: 150 },
    );
  });
});

const change = fc.record({
  what: fc.constantFrom('publish', 'publish', 'revise', 'retract', 'expire'),
  which: fc.nat(5),
  language: fc.constantFrom(...languages),
  topics: fc.constantFrom([], ['mobility'], ['climate'], ['mobility', 'climate']),
  publishedAt: fc.constantFrom('2026-01-01T00:00:00.000Z', '2026-02-02T00:00:00.000Z'),
  story: fc.constantFrom(null, 'one', 'two'),
  announce: fc.boolean(),
});

const someHistory: fc.Arbitrary<MemoryWire> = fc.array(change, { minLength: 1, maxLength: 25 }).map((changes) => {
  const wire = memoryWire();
  const ids: string[] = [];
  for (const { what, which, announce, ...content } of changes) {
    const id = ids[which % Math.max(1, ids.length)];
    if (what === 'publish' || id === undefined) ids.push(wire.publish(content, { announce }).article.id);
    else if (what === 'revise') wire.revise(id, content);
    else if (what === 'retract') wire.retract(id);
    else wire.expire(id);
  }
  return wire;
});
