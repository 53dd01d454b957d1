import { describe, expect, test } from 'vitest';
import { wholeView } from '../../functions/digest/asking/shown.ts';
import { changePage } from '../../functions/digest/ledger/change.ts';
import type { Edition } from '../../functions/digest/ledger/edition.ts';
import { dynamoLedger } from '../../functions/digest/ledger/ledger.dynamo.ts';
import { countsOf } from '../../functions/digest/ledger/page.ts';
import { settled } from '../../functions/digest/ledger/pageSteps.ts';
import { keepSums, type Standing, standingOf } from '../../functions/digest/ledger/standing.ts';
import { GROUP_PAGES, sumOf } from '../../functions/digest/ledger/tally.ts';
import { lookAtEdition } from '../../functions/digest/planning/look.ts';
import { setLogSink } from '../../functions/shared/log.ts';
import { memoryTable } from '../support/memoryTable.ts';
import { aBigEdition } from './support/aBigEdition.ts';
import { randomOf } from './support/random.ts';
import { aStage, type Fate, staged } from './support/stage.ts';
import { settleByEvent } from './support/tell.ts';
import { theRoom } from './support/theRoom.ts';

/** A ledger that counts what it is asked. */
const aCountedLedger = () => {
  const asked: string[] = [];
  const table = memoryTable(({ is, key }) => void asked.push(`${is} ${key.pk.split('#')[0]}`));
  return { ledger: dynamoLedger(table), table, asked };
};

describe('an edition of ten thousand pages', () => {
  test('is counted with a few requests, however many pages it has', async () => {
    const { ledger, asked } = aCountedLedger();
    const stateOf = (page: number) => (page <= 4950 ? 'sent' : page <= 5010 ? 'claimed' : 'ready');
    const edition = await aBigEdition(ledger, { pages: 10_000, stateOf, rung: 5300 });
    await keepSums(ledger, await standingOf(ledger, edition));
    asked.length = 0;
    const { counts, openPages } = await standingOf(ledger, edition);
    expect(counts).toEqual({
      ...{ audience: 10_000, ready: 4990, claimed: 60, sending: 0, sent: 4950 },
      ...{ failed: 0, suppressed: 0, unknown: 0, cancelled: 0 },
    });
    expect(openPages).toHaveLength(350);
    // The sums, and the hundreds of pages from 4,901 to 5,300.
    expect(asked).toEqual(['query TALLIES', 'query PAGES', 'query PAGES', 'query PAGES', 'query PAGES']);
  });

  test('is over with one request, and only the hundred pages of a late event are looked at again', async () => {
    const { ledger, asked } = aCountedLedger();
    const edition = await aBigEdition(ledger, { pages: 1000, stateOf: (page) => (page === 250 ? 'unknown' : 'sent') });
    await keepSums(ledger, await standingOf(ledger, edition));
    asked.length = 0;
    expect((await standingOf(ledger, edition)).counts).toMatchObject({ audience: 1000, sent: 999, unknown: 1 });
    expect(asked).toEqual(['query TALLIES']);
    await settleByEvent(ledger, { edition: edition.id, delivery: '250-0', event: 'sent', messageId: 'm' });
    asked.length = 0;
    const standing = await standingOf(ledger, edition);
    expect(standing.counts).toMatchObject({ audience: 1000, sent: 1000, unknown: 0 });
    expect(asked).toEqual(['query TALLIES', 'query PAGES']);
    await keepSums(ledger, standing);
    asked.length = 0;
    expect((await standingOf(ledger, edition)).counts).toMatchObject({ sent: 1000, unknown: 0 });
    expect(asked).toEqual(['query TALLIES']);
  });

  test('counts a bounce once, however often it is told, and since when somebody is unknown', async () => {
    const { ledger } = aCountedLedger();
    const edition = await aBigEdition(ledger, { pages: 5, stateOf: (page) => (page === 5 ? 'unknown' : 'sent') });
    await keepSums(ledger, await standingOf(ledger, edition));
    const told = { edition: edition.id, delivery: '2-0', messageId: 'm' } as const;
    for (const event of ['bounced', 'bounced', 'complained', 'bounced'] as const) {
      await settleByEvent(ledger, { ...told, event });
    }
    expect(await standingOf(ledger, edition)).toMatchObject({
      ...{ bounced: 1, complained: 1, unknownSince: '2026-05-04T07:30:00.000Z' },
      counts: { audience: 5, sent: 4, unknown: 1 },
    });
  });

  test('is counted rightly though an earlier release has written it, without sums and without a reach', async () => {
    const { ledger } = aCountedLedger();
    const edition = await aBigEdition(ledger, { pages: 30, stateOf: () => 'unknown' });
    const { reach: _, ...before } = edition;
    expect((await standingOf(ledger, { ...before, reach: 0 })).counts).toMatchObject({ audience: 30, unknown: 30 });
  });
});

describe('deliveries that are not the audience', () => {
  const told = (): { discrepancy: number }[] => {
    const lines: { discrepancy: number }[] = [];
    setLogSink((line) => {
      if (line.includes('"edition.discrepancy"')) lines.push(JSON.parse(line));
    });
    return lines;
  };
  const shown = (edition: Edition, standing: Standing) =>
    wholeView(edition, standing, { newsletter: undefined, statistics: null, now: edition.createdAt });

  test.each([
    ['one too many', 149, 1],
    ['one too few', 151, -1],
  ])(
    'are said in the API and told to a person, and the edition is not complete: %s',
    async (_, audience, discrepancy) => {
      const room = theRoom();
      const lines = told();
      const there = await aBigEdition(room.ledger, { pages: 150, stateOf: () => 'sent' });
      const edition = (await room.ledger.save({ ...there, audience, first: PASSED })) ?? there;
      const view = shown(edition, await standingOf(room.ledger, edition));
      expect(view).toMatchObject({ discrepancy, deliveries: { audience, sent: 150, ready: 0 } });
      await lookAtEdition(room.planning, { edition: edition.id });
      expect(await room.ledger.edition(edition.id)).toMatchObject({ state: 'sending' });
      expect(lines).toEqual([expect.objectContaining({ edition: edition.id, audience, discrepancy })]);
    },
  );

  test('are told too where the edition was cancelled, which it then is all the same', async () => {
    const room = theRoom();
    const lines = told();
    const there = await aBigEdition(room.ledger, { pages: 5, stateOf: (page) => (page < 3 ? 'sent' : 'ready') });
    await room.ledger.save({ ...there, audience: 7, state: 'cancelled' });
    await lookAtEdition(room.planning, { edition: there.id });
    const after = await room.ledger.edition(there.id);
    expect(after).toMatchObject({ state: 'cancelled', closedAt: room.now() });
    expect(lines).toEqual([expect.objectContaining({ discrepancy: -2 })]);
    expect((await standingOf(room.ledger, after ?? there)).counts).toMatchObject({
      audience: 7,
      sent: 2,
      cancelled: 3,
    });
  });

  test('are found behind sums that are closed, and no lost page passes for readers who wait', async () => {
    const { ledger, table } = aCountedLedger();
    const edition = await aBigEdition(ledger, { pages: 250, stateOf: () => 'sent' });
    await keepSums(ledger, await standingOf(ledger, edition));
    expect(await standingOf(ledger, edition)).toMatchObject({ discrepancy: 0, counts: { audience: 250, sent: 250 } });
    const other = await aBigEdition(dynamoLedger(table), {
      pages: 40,
      stateOf: () => 'sent',
      rung: 20,
      suffix: 'lost',
    });
    await table.delete({ pk: `PAGES#${other.id}`, sk: '000007' });
    expect(await standingOf(ledger, other)).toMatchObject({ discrepancy: -1, counts: { audience: 40, sent: 39 } });
  });

  test('are none while pages behind those that are counted wait', async () => {
    const { ledger } = aCountedLedger();
    const edition = await aBigEdition(ledger, { pages: 250, stateOf: () => 'ready', rung: 20 });
    expect(await standingOf(ledger, edition)).toMatchObject({ discrepancy: 0, counts: { audience: 250, ready: 250 } });
  });
});

const PASSED = { through: 0, doneAt: '2026-05-04T07:30:00.000Z', passed: true };

describe('a sum', () => {
  test('never says what is not so, whoever counts, changes or dies at the same time', async () => {
    const first = Number(process.env['COURANT_SEED'] ?? 1);
    let closed = 0;
    for (let seed = first; seed < first + 150; seed++) closed += await interleaved(seed);
    // There was something to look at.
    expect(closed).toBeGreaterThan(150);
  }, 240_000);
});

const PAGES = 4;

/** Counters, late events and slow workers on the pages of one sum, in a random order; how often a closed sum was seen. */
const interleaved = async (seed: number): Promise<number> => {
  const random = randomOf(seed);
  const table = memoryTable();
  const there = await aBigEdition(dynamoLedger(table), { pages: PAGES, stateOf: () => 'unknown' });
  const fates: readonly Fate[] = ['die-before', 'die-after', 'fail-after', 'repeat'];
  const stage = aStage(() => (random() < 0.08 ? (fates[Math.floor(random() * fates.length)] ?? 'well') : 'well'));
  const start = (work: (ledger: ReturnType<typeof dynamoLedger>) => Promise<unknown>): void => {
    const process = stage.enter();
    work(dynamoLedger(staged(process, 'ledger', table))).catch(() => {});
  };
  const count = async (ledger: ReturnType<typeof dynamoLedger>): Promise<void> =>
    keepSums(ledger, await standingOf(ledger, there));
  const jobs = [
    ...Array.from({ length: 8 }, () => () => start(count)),
    ...Array.from({ length: PAGES }, (_, i) => () => {
      const told = { edition: there.id, delivery: `${i + 1}-0`, event: 'sent', messageId: 'm' } as const;
      start((ledger) => settleByEvent(ledger, told));
    }),
    // A worker who slept beyond his lease knows that his mail did not go out: its page is open again.
    () =>
      start((ledger) =>
        changePage(ledger, { edition: there.id, page: 2 }, (page) =>
          settled(page, 'lost', new Map([[0, { is: 'ready' }]]), page.through),
        ),
      ),
  ];
  let seen = 0;
  for (let steps = 0; steps < 400 && (jobs.length > 0 || stage.waiting() > 0); steps++) {
    await new Promise((resolve) => setImmediate(resolve));
    if (jobs.length > 0 && (stage.waiting() === 0 || random() < 0.3)) {
      jobs.splice(Math.floor(random() * jobs.length), 1)[0]?.();
      continue;
    }
    stage.next((among) => Math.floor(random() * among));
    await new Promise((resolve) => setImmediate(resolve));
    seen += (await check(seed, table, there.id)) ? 1 : 0;
  }
  return seen;
};

const check = async (seed: number, table: ReturnType<typeof memoryTable>, id: string): Promise<boolean> => {
  const ledger = dynamoLedger(table);
  const [tally] = await ledger.tallies(id);
  const pages = await ledger.pages(id, { after: 0, limit: GROUP_PAGES });
  const edition = await ledger.edition(id);
  if (tally?.sum) expect({ seed, ...tally.sum.counts }).toEqual({ seed, ...sumOf(pages).states });
  if (edition) expect((await standingOf(ledger, edition)).counts).toEqual(countsOf(pages, PAGES));
  return tally?.sum !== null && tally?.sum !== undefined;
};
