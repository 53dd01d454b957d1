import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Item } from '../../functions/shared/storage/table.ts';
import { addMs, DAY_MS } from '../../functions/shared/time.ts';
import { type ConsentRecord, verifyChain } from '../../functions/subscribers/consent/chain.ts';
import { leave } from '../../functions/subscribers/leaving/leave.ts';
import { changeChoices } from '../../functions/subscribers/preferences/changeChoices.ts';
import type { Subscriber } from '../../functions/subscribers/subscriber.ts';
import { suppressed } from '../../functions/subscribers/suppress.ts';
import { type MemoryTable, memoryTable } from '../support/memoryTable.ts';
import { aMember, NEWSLETTER, START, seenAt, someChoices } from './aSubscriber.ts';
import { addressRow, onEveryTable, subscribersOn } from './everyTable.ts';

type Move = (one: Subscriber) => Subscriber;

const on = (day: number): string => addMs(START, day * DAY_MS);
const choosing =
  (cadence: 'daily' | 'weekly' | 'monthly', day: number): Move =>
  (one) =>
    changeChoices(one, NEWSLETTER, someChoices({ cadence }), seenAt(on(day))).subscriber;
const leaving =
  (day: number): Move =>
  (one) =>
    leave(one, NEWSLETTER, seenAt(on(day))).subscriber;
const LIFE: readonly Move[] = [
  choosing('daily', 1),
  leaving(2),
  choosing('monthly', 3),
  (one) => suppressed(one, 'complaint', on(4)).subscriber,
];
const WHATS = ['joined', 'changed', 'left', 'rejoined', 'suppressed'];

const there = <T>(value: T | undefined): T => {
  if (value === undefined) throw new Error('There is nobody.');
  return value;
};

const lived = async (table: Parameters<typeof subscribersOn>[0], moves = LIFE): Promise<ConsentRecord[]> => {
  const subscribers = subscribersOn(table);
  const first = aMember();
  await subscribers.save({ ...first, version: 0, consent: [] }, first);
  for (const move of moves) {
    const before = there(await subscribers.byId(first.id));
    await subscribers.save(before, move(before));
  }
  return subscribers.record(there(await subscribers.byId(first.id)));
};

const newest = (records: readonly ConsentRecord[]): string => there(records.at(-1)).hash;

onEveryTable((store) => {
  test('the record has a line for every change, each an item of its own, and no address in any', async () => {
    const { table } = store();
    const records = await lived(table);
    expect(records.map(({ what }) => what)).toEqual(WHATS);
    expect(records.map(({ number }) => number)).toEqual([1, 2, 3, 4, 5]);
    expect(verifyChain(records, newest(records))).toEqual({ is: 'whole' });
    const items = await table.query({ pk: `CONSENT#${aMember().id}` });
    expect(items.map(({ sk }) => sk)).toEqual(['000001', '000002', '000003', '000004', '000005']);
    expect(JSON.stringify(items)).not.toContain('reader@example.org');
    expect(records.every(({ person }) => addressRow('reader@example.org').pk.endsWith(person))).toBe(true);
  });

  test('the subscriber’s own item holds the newest line and none before it, so it stays small', async () => {
    const { table, subscribers } = store();
    await lived(table);
    expect(there(await subscribers.byId(aMember().id)).consent.map(({ what }) => what)).toEqual(['suppressed']);
  });

  test('lines of a release that did not chain them yet are shown, and chained with the next change', async () => {
    const { table, subscribers } = store();
    const old = choosing('daily', 1)(aMember());
    const item: Item = { ...old, version: 1, pk: `SUBSCRIBER#${old.id}`, sk: 'SUBSCRIBER' };
    await table.put(item);
    const before = there(await subscribers.byId(old.id));
    expect((await subscribers.record(before)).map(({ what }) => what)).toEqual(['joined', 'changed']);
    await subscribers.save(before, leaving(2)(before));
    const records = await subscribers.record(there(await subscribers.byId(old.id)));
    expect(records.map(({ what }) => what)).toEqual(['joined', 'changed', 'left']);
    expect(verifyChain(records, newest(records))).toEqual({ is: 'whole' });
  });
});

test('whoever dies between any two operations of a save loses no line and doubles none', async () => {
  for (let operation = 0; operation < 14; operation++) {
    let left = Number.POSITIVE_INFINITY;
    const table: MemoryTable = memoryTable(() => {
      if (left-- <= 0) throw new Error('The power is gone.');
    });
    await lived(table, LIFE.slice(0, 1));
    const subscribers = subscribersOn(table);
    const before = there(await subscribers.byId(aMember().id));
    left = operation;
    await subscribers.save(before, leaving(2)(before)).catch(() => undefined);
    left = Number.POSITIVE_INFINITY;
    const present = there(await subscribers.byId(aMember().id));
    const wanted = present.subscriptions[0]?.state === 'left' ? ['joined', 'changed', 'left'] : ['joined', 'changed'];
    const records = await subscribers.record(present);
    expect(records.map(({ what }) => what)).toEqual(wanted);
    await subscribers.save(present, choosing('monthly', 3)(present));
    const after = await subscribers.record(there(await subscribers.byId(aMember().id)));
    expect(after.map(({ what }) => what).slice(0, wanted.length)).toEqual(wanted);
    expect(after).toHaveLength(wanted.length + 1);
    expect(verifyChain(after, newest(after))).toEqual({ is: 'whole' });
  }
});

describe('a check of the record', () => {
  test('shows every line that was changed, taken out, moved, put in or cut off', async () => {
    const records = await lived(memoryTable());
    const place = fc.nat(records.length - 1);
    const tampering = fc.oneof(
      place.map((i) => records.with(i, { ...there(records[i]), what: 'rejoined', because: 'so' })),
      place.map((i) => records.with(i, { ...there(records[i]), person: 'f'.repeat(64) })),
      place.map((i) => records.toSpliced(i, 1)),
      place.map((i) => records.toSpliced(i, 0, there(records[i]))),
      place.map((i) => records.slice(0, i)),
      place.map((i) => records.toSpliced(i, 2, ...records.slice(i, i + 2).toReversed())),
    );
    fc.assert(
      fc.property(tampering, (forged) => {
        if (JSON.stringify(forged) === JSON.stringify(records)) return;
        expect(verifyChain(forged, newest(records)).is).toBe('broken');
      }),
    );
  });

  test('says which line, and what is wrong with it', async () => {
    const records = await lived(memoryTable());
    const because = { ...there(records[3]), because: 'so' };
    expect(verifyChain(records.with(3, because))).toEqual({ is: 'broken', number: 4, because: 'changed' });
    expect(verifyChain(records.toSpliced(1, 1))).toEqual({ is: 'broken', number: 2, because: 'missing' });
    expect(verifyChain(records.slice(0, 3), newest(records))).toEqual({ is: 'broken', number: 4, because: 'missing' });
    expect(verifyChain([])).toEqual({ is: 'whole' });
  });
});
