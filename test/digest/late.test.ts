import { beforeAll, describe, expect, test } from 'vitest';
import { askForEdition } from '../../functions/digest/asking/newsletters.ts';
import type { PageDoorbell } from '../../functions/digest/doorbells.ts';
import { countEdition } from '../../functions/digest/ledger/standing.ts';
import { LEASE_MS, sendPage } from '../../functions/digest/sending/send.ts';
import type { OutgoingMail, SendResult } from '../../functions/mail/mailer.ts';
import { dynamoRegister } from '../../functions/mail/register.dynamo.ts';
import { openSpeed } from '../../functions/mail/speed.ts';
import { setLogSink } from '../../functions/shared/log.ts';
import type { Subscriber } from '../../functions/subscribers/subscriber.ts';
import { aTurnedClock } from '../mail/aTurnedClock.ts';
import { memoryTable } from '../support/memoryTable.ts';
import { aSubscriber } from './support/aSubscriber.ts';
import { accepted, theRoom } from './support/theRoom.ts';

beforeAll(() => setLogSink(() => {}));

type Room = ReturnType<typeof theRoom>;

const begunFor = async (room: Room, readers: readonly Subscriber[]): Promise<string> => {
  await room.join(...readers);
  room.wire.publish();
  const [newsletter] = room.newsletters.press.newsroom.newsletters;
  const edition = newsletter && (await askForEdition(room.newsletters, newsletter, 'weekly'));
  await room.work(1);
  return edition?.id ?? '';
};

const countsOfRoom = async (room: Room, id: string) => {
  const edition = await room.ledger.edition(id);
  if (!edition) throw new Error('no edition');
  return countEdition(room.ledger, edition);
};

const left = (reader: Subscriber): Subscriber => ({
  ...reader,
  subscriptions: reader.subscriptions.map((one) => ({
    ...one,
    state: 'left' as const,
    leftAt: '2026-05-04T07:31:00.000Z',
  })),
});

/** Two functions with four messages in hand each, at the account's rate, on a clock that the test turns. */
const sendOn = (room: Room, perSecond: number) => {
  const clock = aTurnedClock();
  const calls = new Map<string, number[]>();
  const register = dynamoRegister(memoryTable());
  const send = async ({ to }: OutgoingMail): Promise<SendResult> => {
    calls.set(to, [...(calls.get(to) ?? []), clock.clockMs()]);
    await clock.sleep(60);
    return accepted();
  };
  const quota = async () => ({ perSecond, perDay: 50_000, sentLastDay: 0 });
  let idle = false;
  const start = (id: string): void => {
    const mailer = { quota, send };
    const speed = openSpeed({ mailer, register, kind: 'editions', id, keepsFree: () => 0, ...clock });
    const worker = async (): Promise<void> => {
      while (!idle) {
        const at = room.queue.findIndex((message) => 'page' in message);
        const [bell] = at < 0 ? [] : room.queue.splice(at, 1);
        if (bell && 'page' in bell) await sendPage({ ...room.sending, mailer, speed }, bell satisfies PageDoorbell);
        else await clock.sleep(100);
      }
    };
    for (let i = 0; i < 4; i++) void worker();
  };
  start('one');
  start('two');
  return {
    clock,
    calls,
    stop: () => {
      idle = true;
    },
  };
};

describe('a reader who leaves while an edition is sent', () => {
  test.each([2, 14, 40])('is not sent it more than five seconds later, at %i a second', async (rate) => {
    const room = theRoom();
    const readers = Array.from({ length: 200 }, (_, i) => aSubscriber(`reader${i}`));
    const id = await begunFor(room, readers);
    const { clock, calls, stop } = sendOn(room, rate);
    const leftAt = new Map<string, number>();
    // Somebody leaves every second, a reader of another page each time.
    for (let i = 0; i < 40 && i * rate < 400; i++) {
      await clock.pass(1000);
      const leaver = readers[(i * 37) % readers.length];
      if (!leaver || leftAt.has(leaver.address)) continue;
      await room.change(leaver.id, left);
      leftAt.set(leaver.address, clock.clockMs());
    }
    await clock.pass(200_000);
    stop();
    expect(leftAt.size).toBeGreaterThan(5);
    for (const [address, at] of leftAt) {
      for (const call of calls.get(address) ?? []) expect(call - at).toBeLessThanOrEqual(5000);
    }
    expect(Math.max(...[...calls.values()].map((each) => each.length))).toBe(1);
    const { sent, suppressed } = await countsOfRoom(room, id);
    expect(sent).toBe(calls.size);
    expect(sent + suppressed).toBe(200);
    expect(suppressed).toBeGreaterThan(0);
  });
});

/** A worker who stops where `asleep` says, until he is woken. */
const aSleeper = () => {
  const woken = Promise.withResolvers<void>();
  return { asleep: woken.promise, wake: woken.resolve };
};

const turns = async (): Promise<void> => {
  for (let i = 0; i < 50; i++) await new Promise((resolve) => setImmediate(resolve));
};

describe('a worker who slept through his lease', () => {
  const readers = [aSubscriber('ana'), aSubscriber('ben'), aSubscriber('cleo')];

  test('before his first call sends nothing when he wakes: another one has', async () => {
    const room = theRoom();
    const id = await begunFor(room, readers);
    room.queue.length = 0;
    const { asleep, wake } = aSleeper();
    const calls: string[] = [];
    const mailer = {
      send: async ({ to }: OutgoingMail) => {
        calls.push(to);
        return accepted();
      },
    };
    const { piecesOf } = room.sending;
    const sleepy = {
      ...room.sending,
      mailer,
      piecesOf: (edition: Parameters<typeof piecesOf>[0]) => asleep.then(() => piecesOf(edition)),
    };
    const sleeping = sendPage(sleepy, { edition: id, page: 1 });
    await turns();
    room.later(LEASE_MS + 1000);
    await room.sweep();
    await room.work();
    expect(room.sent).toHaveLength(3);
    wake();
    await sleeping;
    expect(calls).toEqual([]);
    expect(await countsOfRoom(room, id)).toMatchObject({ audience: 3, sent: 3 });
  });

  test('amid his calls writes down what he knows when he wakes, and nobody gets it twice', async () => {
    const room = theRoom();
    const id = await begunFor(room, readers);
    room.queue.length = 0;
    const { asleep, wake } = aSleeper();
    const calls: string[] = [];
    const mailer = {
      send: async ({ to }: OutgoingMail): Promise<SendResult> => {
        calls.push(to);
        await asleep;
        return accepted();
      },
    };
    const sleeping = sendPage({ ...room.sending, mailer }, { edition: id, page: 1 });
    await turns();
    expect(calls).toHaveLength(3);
    room.later(LEASE_MS + 1000);
    await room.sweep();
    await room.work();
    expect(await room.ledger.edition(id)).toMatchObject({ state: 'complete', watched: true });
    expect(await countsOfRoom(room, id)).toMatchObject({ audience: 3, unknown: 3, sent: 0 });
    wake();
    await sleeping;
    expect(await countsOfRoom(room, id)).toMatchObject({ audience: 3, unknown: 0, sent: 3 });
    expect(room.sent).toEqual([]);
  });
});
