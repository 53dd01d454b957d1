import { describe, expect, test } from 'vitest';
import { addMs, DAY_MS } from '../../functions/shared/time.ts';
import { confirm } from '../../functions/subscribers/confirming/confirm.ts';
import { countEvents } from '../../functions/subscribers/counting/count.ts';
import { dynamoGrowth } from '../../functions/subscribers/counting/growth.dynamo.ts';
import { signUp } from '../../functions/subscribers/joining/signUp.ts';
import { leave } from '../../functions/subscribers/leaving/leave.ts';
import type { Over } from '../../functions/subscribers/leaving/over.ts';
import type { Subscriber } from '../../functions/subscribers/subscriber.ts';
import { memoryTable } from '../support/memoryTable.ts';
import { aWish, NEWSLETTER, START, seenAt } from './aSubscriber.ts';
import { subscribersOn } from './everyTable.ts';

let power = Number.POSITIVE_INFINITY;
const aHouse = () => {
  const table = memoryTable(() => {
    if (power-- <= 0) throw new Error('The power is gone.');
  });
  const subscribers = subscribersOn(table);
  const growth = dynamoGrowth(table);
  const count = () => countEvents({ table, subscribers, growth, now: () => START, workMs: 1000 });
  return { table, subscribers, growth, count };
};

const joining = (one: Subscriber): Subscriber =>
  confirm(signUp(one, aWish(START), START).subscriber, { newsletter: NEWSLETTER, round: 1 }, seenAt(START)).subscriber;
const leaving = (one: Subscriber): Subscriber => leave(one, NEWSLETTER, seenAt(addMs(START, DAY_MS))).subscriber;

const saving = async (
  { subscribers }: ReturnType<typeof aHouse>,
  address: string,
  move: (one: Subscriber) => Subscriber,
  over?: Over,
) => {
  const before = await subscribers.open(address, START);
  return subscribers.save(before, move(before), over);
};

const EDITION = `${NEWSLETTER}-weekly-20260501T080000Z`;

const numbers = async ({ growth }: ReturnType<typeof aHouse>) => {
  const { active, confirmed, left } = await growth.total(NEWSLETTER);
  const days = await growth.days(NEWSLETTER, '2026-05-01', '2026-05-31');
  return {
    now: [active.total, confirmed.total, left.total],
    days: days.map(({ day, sheet }) => [day, sheet.confirmed.total, sheet.left.total]),
    over: await growth.leavings(EDITION),
  };
};

const EXPECTED = {
  now: [4, 6, 2],
  days: [
    ['2026-05-01', 6, 0],
    ['2026-05-02', 0, 2],
  ],
  over: { en: 1, fr: 1 },
};

const lived = async (house: ReturnType<typeof aHouse>): Promise<void> => {
  for (let i = 0; i < 6; i++) await saving(house, `r${i}@x.example`, joining);
  for (const [i, language] of ['en', 'fr'].entries())
    await saving(house, `r${i}@x.example`, leaving, { edition: EDITION, language });
};

describe('what is counted', () => {
  test('is counted once, wherever the one who counts dies', async () => {
    for (let at = 0, died = true; died; at++) {
      const house = aHouse();
      await lived(house);
      power = at;
      died = await house.count().then(
        () => false,
        () => true,
      );
      power = Number.POSITIVE_INFINITY;
      await house.count();
      await house.count();
      expect(await numbers(house), `died at ${at}`).toEqual(EXPECTED);
      expect(house.table.items().filter(({ pk }) => pk.startsWith('EVENT#'))).toEqual([]);
      if (!died) expect(at).toBeGreaterThan(30);
    }
  });

  test('is what came to be: a save that died before it was there counts nothing, until it is done again', async () => {
    for (let at = 0, died = true; died; at++) {
      const house = aHouse();
      power = at;
      died = await saving(house, 'ana@x.example', joining).then(
        () => false,
        () => true,
      );
      power = Number.POSITIVE_INFINITY;
      await house.count();
      const there = await house.subscribers.byAddress('ana@x.example');
      expect((await numbers(house)).now, `died at ${at}`).toEqual(there ? [1, 1, 0] : [0, 0, 0]);
      if (!there) await saving(house, 'ana@x.example', joining);
      await house.count();
      expect((await numbers(house)).now).toEqual([1, 1, 0]);
    }
  });

  test('is one of two saves that were tried at the same time', async () => {
    const house = aHouse();
    const before = await house.subscribers.open('ana@x.example', START);
    const outcomes = await Promise.all([
      house.subscribers.save(before, joining(before)),
      house.subscribers.save(before, joining(before)),
    ]);
    expect(outcomes.sort()).toEqual(['conflict', 'saved']);
    await house.count();
    expect((await numbers(house)).now).toEqual([1, 1, 0]);
  });

  test('goes on over as many batches as there are', async () => {
    const house = aHouse();
    for (let i = 0; i < 450; i++) await saving(house, `r${i}@x.example`, joining);
    await house.count();
    expect((await numbers(house)).now).toEqual([450, 450, 0]);
  });
});
