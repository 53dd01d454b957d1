import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { countClicks } from '../../functions/digest/clicking/count.ts';
import { dynamoClickSheets } from '../../functions/digest/clicking/sheets.dynamo.ts';
import { type Click, countsOf, visitorOf } from '../../functions/digest/clicking/visit.ts';
import { dynamoVisits } from '../../functions/digest/clicking/visits.dynamo.ts';
import { newEdition } from '../../functions/digest/ledger/edition.ts';
import type { Table } from '../../functions/shared/storage/table.ts';
import { addMs, DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from '../../functions/shared/time.ts';
import { type Emulators, startEmulators } from '../support/emulators.ts';
import { memoryTable } from '../support/memoryTable.ts';

const EIGHT = '2026-05-04T08:00:00.000Z';
const [BOAT = '', TRAM = '', OPERA = ''] = ['1', '2', '3'].map((n) => `01JZZZZZZZZZZZZZZZZZZ0000${n}`);
const WEEKLY = 'city-news-weekly-20260504T080000Z';
const DAILY = 'city-news-daily-20260504T070000Z';

const aClick = (visitor: string, article: string, over: Partial<Click> = {}): Click => ({
  ...{ edition: WEEKLY, visitor, article, at: EIGHT, automated: false },
  ...over,
});

const later = (seconds: number) => ({ at: addMs(EIGHT, seconds * SECOND_MS) });

describe('a visit', () => {
  test('counts an article once, however often it is opened', () => {
    const clicks = [aClick('ana', BOAT), aClick('ana', BOAT, later(300)), aClick('ben', BOAT)];
    expect(countsOf(clicks)).toEqual({ [BOAT]: { people: 2, automated: 0 } });
  });

  test('of three articles within ten seconds is a program’s as a whole', () => {
    const clicks = [aClick('scanner', BOAT), aClick('scanner', TRAM, later(4)), aClick('scanner', OPERA, later(10))];
    const all = { people: 0, automated: 1 };
    expect(countsOf(clicks)).toEqual({ [BOAT]: all, [TRAM]: all, [OPERA]: all });
  });

  test('of two articles at once, or of three with time to read, is a person’s', () => {
    const one = { people: 1, automated: 0 };
    expect(countsOf([aClick('ana', BOAT), aClick('ana', TRAM)])).toEqual({ [BOAT]: one, [TRAM]: one });
    const slow = [aClick('ana', BOAT), aClick('ana', TRAM, later(1)), aClick('ana', OPERA, later(10.1))];
    expect(countsOf(slow)).toEqual({ [BOAT]: one, [TRAM]: one, [OPERA]: one });
  });

  test('of one article again and again is no burst', () => {
    const clicks = [0, 1, 2, 3].map((seconds) => aClick('ana', BOAT, later(seconds)));
    expect(countsOf(clicks)).toEqual({ [BOAT]: { people: 1, automated: 0 } });
  });

  test('in which a program shows itself is a program’s as a whole', () => {
    const clicks = [aClick('x', BOAT), aClick('x', TRAM, { automated: true, ...later(200) })];
    const all = { people: 0, automated: 1 };
    expect(countsOf(clicks)).toEqual({ [BOAT]: all, [TRAM]: all });
  });

  test('cannot be told to be that of the same browser in another slot, of another edition, or under another key', () => {
    const secret = Buffer.alloc(32, 1);
    const seen = { slot: 1, edition: WEEKLY, address: '192.0.2.7', userAgent: 'Firefox' };
    const visitors = [
      visitorOf(secret, seen),
      visitorOf(secret, { ...seen, slot: 2 }),
      visitorOf(secret, { ...seen, edition: DAILY }),
      visitorOf(secret, { ...seen, address: '192.0.2.8' }),
      visitorOf(secret, { ...seen, userAgent: 'Chrome' }),
      visitorOf(Buffer.alloc(32, 2), seen),
    ];
    expect(new Set(visitors).size).toBe(visitors.length);
    expect(visitorOf(secret, { ...seen })).toBe(visitors[0]);
    for (const visitor of visitors) expect(visitor).toMatch(/^[\w-]{22}$/);
  });
});

interface Stores {
  readonly visitsTable: Table;
  readonly ledgerTable: Table;
}

/** Editions that began at eight, or not at all. */
const aCounter = ({ visitsTable, ledgerTable }: Stores, begun: readonly string[] = [WEEKLY, DAILY]) => {
  const visits = dynamoVisits(visitsTable);
  const sheets = dynamoClickSheets(ledgerTable);
  const edition = async (id: string) => ({
    ...newEdition({ newsletter: 'city-news', cadence: 'weekly', slot: EIGHT, now: EIGHT }),
    startedAt: begun.includes(id) ? EIGHT : null,
  });
  const count = (now = addMs(EIGHT, 11 * MINUTE_MS), workMs = MINUTE_MS) =>
    countClicks({ visits, sheets, ledger: { edition }, now: () => now, workMs });
  return { visits, sheets, count, counts: async (id = WEEKLY) => (await sheets.sheet(id))?.counts };
};

const noteAll = async ({ visits }: ReturnType<typeof aCounter>, clicks: readonly Click[]): Promise<void> => {
  for (const click of clicks) await visits.note(click);
};

const SOME = [
  ...['ana', 'ben', 'bea'].map((name) => aClick(name, BOAT)),
  ...[BOAT, TRAM, OPERA].map((article) => aClick('scanner', article)),
  aClick('ana', TRAM, later(60)),
  aClick('ana', BOAT, { edition: DAILY }),
];
const OF_WEEKLY = {
  [BOAT]: { people: 3, automated: 1 },
  [TRAM]: { people: 1, automated: 1 },
  [OPERA]: { people: 0, automated: 1 },
};
const OF_DAILY = { [BOAT]: { people: 1, automated: 0 } };

describe.each(['memory', 'dynalite'])('clicks on %s', (kind) => {
  let emulators: Emulators | undefined;
  let stores: Stores;
  beforeAll(async () => {
    if (kind === 'dynalite') emulators = await startEmulators();
  });
  afterAll(() => emulators?.stop());
  beforeEach(async () => {
    const table = async (): Promise<Table> => (emulators ? emulators.table() : memoryTable());
    stores = { visitsTable: await table(), ledgerTable: await table() };
  });

  test('are numbers of their editions once their slot has been over for a minute, and nothing else is left', async () => {
    const counter = aCounter(stores);
    await noteAll(counter, SOME);
    await counter.count(addMs(EIGHT, 11 * MINUTE_MS - 1));
    expect(await counter.counts()).toBeUndefined();
    await counter.count();
    expect([await counter.counts(), await counter.counts(DAILY)]).toEqual([OF_WEEKLY, OF_DAILY]);
    expect(await stores.visitsTable.query({ pk: `VISITS#${EIGHT}` })).toEqual([]);
    await counter.count();
    expect(await counter.counts()).toEqual(OF_WEEKLY);
  });

  test('of one visitor come again in the next slot', async () => {
    const counter = aCounter(stores);
    await noteAll(counter, [aClick('ana', BOAT), aClick('ana', BOAT), aClick('ana', BOAT, later(600))]);
    await counter.count(addMs(EIGHT, HOUR_MS));
    expect(await counter.counts()).toEqual({ [BOAT]: { people: 2, automated: 0 } });
    // 09:00 is the end of the last slot that was over.
    expect(await counter.sheets.countedThrough()).toBe(Date.parse(EIGHT) / (10 * MINUTE_MS) + 4);
  });

  test('of more visits than one batch has are counted in whole visits', async () => {
    const counter = aCounter(stores);
    const readers = Array.from({ length: 130 }, (_, i) => `r${i}`);
    await noteAll(
      counter,
      readers.flatMap((name) => [aClick(name, BOAT), aClick(name, TRAM)]),
    );
    await noteAll(
      counter,
      [BOAT, TRAM, OPERA].map((article) => aClick('r9z', article)),
    );
    await counter.count();
    expect(await counter.counts()).toEqual({
      [BOAT]: { people: 130, automated: 1 },
      [TRAM]: { people: 130, automated: 1 },
      [OPERA]: { people: 0, automated: 1 },
    });
  });

  test('of a visit that is larger than a batch are counted as one', async () => {
    const counter = aCounter(stores);
    const articles = Array.from({ length: 230 }, (_, i) => `01JZZZZZZZZZZZZZZZZZZ00${String(i).padStart(3, '0')}`);
    await noteAll(
      counter,
      articles.map((article) => aClick('scanner', article)),
    );
    await counter.count();
    const counts = Object.values((await counter.counts()) ?? {});
    expect(counts).toEqual(articles.map(() => ({ people: 0, automated: 1 })));
  });

  test('of an edition that nobody has got, or from before it began, are dropped', async () => {
    const counter = aCounter(stores, [WEEKLY]);
    const early = addMs(EIGHT, -SECOND_MS);
    await noteAll(counter, [aClick('editor', BOAT, { edition: DAILY }), aClick('editor', BOAT, { at: early })]);
    await noteAll(counter, [aClick('ana', BOAT)]);
    await counter.count();
    expect([await counter.counts(), await counter.counts(DAILY)]).toEqual([
      { [BOAT]: { people: 1, automated: 0 } },
      undefined,
    ]);
    expect(await stores.visitsTable.query({ pk: `VISITS#${EIGHT}` })).toEqual([]);
  });

  test('are caught up with after hours in which nobody counted', async () => {
    const counter = aCounter(stores);
    await counter.count();
    const hours = [1, 2, 5, 20].map((hour) => aClick('ana', BOAT, { at: addMs(EIGHT, hour * HOUR_MS) }));
    await noteAll(counter, hours);
    await counter.count(addMs(EIGHT, 21 * HOUR_MS));
    expect(await counter.counts()).toEqual({ [BOAT]: { people: 4, automated: 0 } });
  });

  test('wait for the next minute where this one’s time is over', async () => {
    const counter = aCounter(stores);
    await noteAll(counter, SOME);
    await counter.count(addMs(EIGHT, HOUR_MS), 0);
    expect(await counter.counts()).toBeUndefined();
    await counter.count(addMs(EIGHT, HOUR_MS));
    expect(await counter.counts()).toEqual(OF_WEEKLY);
  });

  test('expire a day after they came', async () => {
    const counter = aCounter(stores);
    await noteAll(counter, [aClick('ana', BOAT)]);
    const [item] = await stores.visitsTable.query({ pk: `VISITS#${EIGHT}` });
    expect(item?.['expiresAtSeconds']).toBe(Date.parse(addMs(EIGHT, DAY_MS)) / 1000);
  });
});

describe('every click is counted exactly once', () => {
  test('wherever the one who counts dies', async () => {
    let deaths = 0;
    for (let at = 0, died = true; died; at++) {
      let power = Number.POSITIVE_INFINITY;
      const use = (): void => {
        if (power-- <= 0) throw new Error('The power is gone.');
      };
      const counter = aCounter({ visitsTable: memoryTable(use), ledgerTable: memoryTable(use) });
      await noteAll(counter, SOME);
      power = at;
      died = await counter.count().then(
        () => false,
        () => true,
      );
      deaths += Number(died);
      power = Number.POSITIVE_INFINITY;
      await counter.count();
      expect([await counter.counts(), await counter.counts(DAILY)], `died at ${at}`).toEqual([OF_WEEKLY, OF_DAILY]);
    }
    expect(deaths).toBeGreaterThan(20);
  });

  test('where an answer is lost, and what was asked was done all the same', async () => {
    for (let at = 0, isThere = true; isThere; at++) {
      let left = Number.POSITIVE_INFINITY;
      const forgetful = (table: Table): Table => {
        const lossy =
          <Asked extends unknown[], Answer>(work: (...asked: Asked) => Promise<Answer>) =>
          async (...asked: Asked): Promise<Answer> => {
            const answer = await work(...asked);
            if (left-- === 0) throw new Error('The answer was lost.');
            return answer;
          };
        return { ...table, put: lossy(table.put), delete: lossy(table.delete) };
      };
      const counter = aCounter({ visitsTable: forgetful(memoryTable()), ledgerTable: forgetful(memoryTable()) });
      await noteAll(counter, SOME);
      left = at;
      isThere = await counter.count().then(
        () => false,
        () => true,
      );
      left = Number.POSITIVE_INFINITY;
      await counter.count();
      expect([await counter.counts(), await counter.counts(DAILY)], `lost at ${at}`).toEqual([OF_WEEKLY, OF_DAILY]);
    }
  });

  test('by two who count at the same time, whoever waits for whom', async () => {
    for (let seed = 1; seed <= 200; seed++) {
      let random = seed;
      // Each operation lets others go first, by chance.
      const mixed = async (): Promise<void> => {
        random = (random * 48_271) % 2_147_483_647;
        for (let turns = random % 7; turns > 0; turns--) await Promise.resolve();
      };
      const counter = aCounter({ visitsTable: memoryTable(mixed), ledgerTable: memoryTable(mixed) });
      await noteAll(counter, SOME);
      await Promise.all([counter.count(), counter.count()]);
      expect([await counter.counts(), await counter.counts(DAILY)], `seed ${seed}`).toEqual([OF_WEEKLY, OF_DAILY]);
    }
  });

  test('by one who slept from any moment on while another did all of it and more', async () => {
    for (let at = 0, slept = true; slept; at++) {
      let left = Number.POSITIVE_INFINITY;
      let whileAsleep = async (): Promise<void> => {};
      const sleepy = async (): Promise<void> => {
        if (left-- === 0) await whileAsleep();
      };
      const counter = aCounter({ visitsTable: memoryTable(sleepy), ledgerTable: memoryTable(sleepy) });
      await noteAll(counter, SOME);
      slept = false;
      whileAsleep = async () => {
        slept = true;
        await counter.count();
        await counter.visits.note(aClick('late', OPERA, later(700)));
        await counter.count(addMs(EIGHT, HOUR_MS));
      };
      left = at;
      await counter.count();
      left = Number.POSITIVE_INFINITY;
      await counter.count(addMs(EIGHT, HOUR_MS));
      const expected = slept ? { ...OF_WEEKLY, [OPERA]: { people: 1, automated: 1 } } : OF_WEEKLY;
      expect([await counter.counts(), await counter.counts(DAILY)], `slept at ${at}`).toEqual([expected, OF_DAILY]);
    }
  });
});
