import { describe, expect, test } from 'vitest';
import type { Cadence } from '../../functions/shared/config.ts';
import { addMs, DAY_MS } from '../../functions/shared/time.ts';
import { confirm } from '../../functions/subscribers/confirming/confirm.ts';
import { leave, undoLeaving } from '../../functions/subscribers/leaving/leave.ts';
import { changeChoices } from '../../functions/subscribers/preferences/changeChoices.ts';
import { audiencesOf, type Subscriber } from '../../functions/subscribers/subscriber.ts';
import { suppressed } from '../../functions/subscribers/suppress.ts';
import { type MemoryTable, memoryTable } from '../support/memoryTable.ts';
import { aMember, aPendingSubscriber, NEWSLETTER, START, seenAt, someChoices } from './aSubscriber.ts';
import { subscribersOn } from './everyTable.ts';

const later = addMs(START, DAY_MS / 2);
const choosing = (cadence: Cadence) => (one: Subscriber) =>
  changeChoices(one, NEWSLETTER, someChoices({ cadence }), seenAt(later)).subscriber;
const leaving = (one: Subscriber): Subscriber => leave(one, NEWSLETTER, seenAt(later)).subscriber;
const undoing = (one: Subscriber): Subscriber => undoLeaving(one, NEWSLETTER, seenAt(later)).subscriber;
const confirming = (one: Subscriber): Subscriber =>
  confirm(one, { newsletter: NEWSLETTER, round: 1 }, seenAt(later)).subscriber;
const bouncing = (one: Subscriber): Subscriber => suppressed(one, 'bounce', later).subscriber;

/** A table that dies before an operation, and lives again after it. */
const mortalTable = (): MemoryTable & { dieBefore(operation: number): void; liveAgain(): void } => {
  let left = Number.POSITIVE_INFINITY;
  const table = memoryTable(() => {
    if (left-- <= 0) throw new Error('The power is gone.');
  });
  return {
    ...table,
    dieBefore: (operation) => {
      left = operation;
    },
    liveAgain: () => {
      left = Number.POSITIVE_INFINITY;
    },
  };
};

const CADENCES = ['daily', 'weekly', 'monthly'] as const;

/** Whoever belongs is in the audience: the one thing that must hold at every moment. */
const nobodyIsMissing = async (table: MemoryTable): Promise<void> => {
  const subscribers = subscribersOn(table);
  for (const item of table.items().filter(({ sk }) => sk === 'SUBSCRIBER')) {
    const subscriber = await subscribers.byId(item.pk.slice('SUBSCRIBER#'.length));
    for (const { newsletter, cadence } of subscriber ? audiencesOf(subscriber) : []) {
      const found = await subscribers.audience(newsletter, cadence, { limit: 10 });
      expect(found, `the audience of ${cadence}`).toContainEqual({ id: subscriber?.id });
    }
  }
};

/** Saves one after the other; gives what the last one left. */
const savedInTurn = async (
  table: MemoryTable,
  moves: readonly ((one: Subscriber) => Subscriber)[],
  first: Subscriber,
) => {
  const subscribers = subscribersOn(table);
  await subscribers.save({ ...first, version: 0 }, first);
  for (const move of moves) {
    const before = await subscribers.byId(first.id);
    if (before) await subscribers.save(before, move(before));
  }
  return subscribers.byId(first.id);
};

describe('a function that dies between any two operations of a save', () => {
  test.each([
    ['a confirmation', aPendingSubscriber(), [], confirming],
    ['another pace', aMember(), [], choosing('daily')],
    ['a leaving', aMember(), [], leaving],
    ['a leaving taken back', aMember(), [leaving], undoing],
    ['a return at another pace', aMember(), [leaving], choosing('monthly')],
    ['a suppression', aMember(), [], bouncing],
  ] as const)('in %s leaves nobody out, and the next try completes it', async (_, first, earlier, move) => {
    for (let operation = 0, died = true; died; operation++) {
      const table = mortalTable();
      const before = await savedInTurn(table, earlier, first);
      if (!before) throw new Error('There is nobody.');
      table.dieBefore(operation);
      died = await subscribersOn(table)
        .save(before, move(before))
        .then(
          () => false,
          () => true,
        );
      table.liveAgain();
      await nobodyIsMissing(table);

      const present = await subscribersOn(table).byId(first.id);
      if (present) await subscribersOn(table).save(present, move(present));
      await nobodyIsMissing(table);
      const done = await subscribersOn(table).byId(first.id);
      expect(done && audiencesOf(done)).toEqual(audiencesOf(move(before)));
      if (!died) expect(operation).toBeGreaterThan(1);
    }
  });

  test('and whoever dies before the subscriber is there leaves an address the next one takes over', async () => {
    for (let operation = 0; operation < 5; operation++) {
      const table = mortalTable();
      table.dieBefore(operation);
      const sign = async () => {
        const one = await subscribersOn(table).open('ana@readers.example', START);
        return subscribersOn(table).save(one, { ...aPendingSubscriber(), id: one.id, address: one.address });
      };
      await sign().catch(() => undefined);
      table.liveAgain();
      await sign();
      expect(table.items().filter(({ sk }) => sk === 'SUBSCRIBER')).toHaveLength(1);
      expect(await subscribersOn(table).byAddress('ana@readers.example')).toMatchObject({
        address: 'ana@readers.example',
      });
    }
  });
});

/** Lets two saves of one reader take turns, operation by operation, as the bits of `order` say. */
const inTurns = async (table: MemoryTable, saves: readonly ((t: MemoryTable) => Promise<unknown>)[], order: number) => {
  const waiting: (() => void)[][] = [[], []];
  const running = saves.map((save, who) => {
    const gate = () => new Promise<void>((resolve) => waiting[who]?.push(resolve));
    return save({
      ...table,
      get: async (...given) => gate().then(() => table.get(...given)),
      put: async (...given) => gate().then(() => table.put(...given)),
      delete: async (...given) => gate().then(() => table.delete(...given)),
    });
  });
  let over = false;
  const all = Promise.all(running).finally(() => {
    over = true;
  });
  for (let turn = 0; !over; turn++) {
    await new Promise((resolve) => setImmediate(resolve));
    const who = (order >> (turn % 10)) & 1;
    (waiting[who]?.shift() ?? waiting[1 - who]?.shift())?.();
  }
  return all;
};

test('two changes of one reader at once, in whatever order their operations mix, leave nobody out', async () => {
  const again = (move: (one: Subscriber) => Subscriber) => async (table: MemoryTable) => {
    for (let tries = 0; tries < 5; tries++) {
      const before = await subscribersOn(table).byId(aMember().id);
      if (!before || (await subscribersOn(table).save(before, move(before))) === 'saved') return;
    }
  };
  for (const [one, other] of [
    [leaving, choosing('weekly')],
    [leaving, undoing],
    [choosing('daily'), choosing('weekly')],
  ] as const)
    for (let order = 0; order < 1024; order += 7) {
      const table = memoryTable();
      await savedInTurn(table, one === leaving ? [] : [leaving], aMember());
      await inTurns(table, [again(one), again(other)], order);
      await nobodyIsMissing(table);
      const done = await subscribersOn(table).byId(aMember().id);
      expect(CADENCES).toContain(done?.subscriptions[0]?.cadence);
    }
});
