import { beforeAll, describe, expect, test } from 'vitest';
import { askForEdition, takeAction } from '../../functions/digest/asking/newsletters.ts';
import { deliveryId } from '../../functions/digest/ledger/page.ts';
import { standingOf } from '../../functions/digest/ledger/standing.ts';
import { sendPage } from '../../functions/digest/sending/send.ts';
import type { OutgoingMail, SendResult } from '../../functions/mail/mailer.ts';
import { setLogSink } from '../../functions/shared/log.ts';
import { MINUTE_MS } from '../../functions/shared/time.ts';
import { aSubscriber } from './support/aSubscriber.ts';
import { settleByEvent } from './support/tell.ts';
import { accepted, theRoom } from './support/theRoom.ts';

type Room = ReturnType<typeof theRoom>;

beforeAll(() => setLogSink(() => {}));

/** Sixty readers on three pages: the first has its mails, and somebody is about to take the second. */
const halfWay = async (answer: (mail: OutgoingMail) => SendResult | Promise<SendResult> = accepted) => {
  const room = theRoom({ answer });
  await room.join(...Array.from({ length: 60 }, (_, i) => aSubscriber(`reader${i}`)));
  room.wire.publish();
  const [newsletter] = room.newsletters.press.newsroom.newsletters;
  const edition = newsletter && (await askForEdition(room.newsletters, newsletter, 'weekly'));
  if (!edition) throw new Error('There was nothing new.');
  await room.work(2);
  expect(room.sent).toHaveLength(25);
  const second = room.queue.shift();
  expect(second).toEqual({ edition: edition.id, page: 2 });
  return { room, id: edition.id, second: { edition: edition.id, page: 2 } };
};

/** How it stands, as the API says it; throws where the audience is not accounted for. */
const look = async (room: Room, id: string) => {
  const edition = await room.ledger.edition(id);
  if (!edition) throw new Error('There is no edition.');
  const { counts, discrepancy } = await standingOf(room.ledger, edition);
  const { audience, ...states } = counts;
  const sum = Object.values(states).reduce((a, b) => a + b, 0);
  expect({ sum, audience, discrepancy }).toEqual({ sum: 60, audience: 60, discrepancy: 0 });
  return { ...states, isClosed: edition.closedAt !== null };
};

const cancel = async (room: Room, id: string): Promise<void> => {
  await takeAction(room.newsletters, id, 'cancel', { unknown: false });
  await look(room, id);
  await room.work();
};

describe('an edition that is cancelled while somebody is at work on a page', () => {
  test('lets the mails under way end with their results, and gives nothing to whoever waits', async () => {
    let calls = 0;
    let waiting: (() => void)[] | undefined;
    const answer = async (): Promise<SendResult> => {
      const call = ++calls;
      if (waiting) await new Promise<void>((resolve) => waiting?.push(resolve));
      return call % 5 === 0 ? { is: 'unknown', code: 'timeout' } : accepted();
    };
    const { room, id, second } = await halfWay(() => (waiting ? answer() : accepted()));
    waiting = [];
    const work = sendPage(room.sending, second);
    while (waiting.length === 0) await new Promise((resolve) => setImmediate(resolve));
    await cancel(room, id);
    expect(await look(room, id)).toMatchObject({ sent: 25, sending: 25, cancelled: 10, isClosed: false });
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      next();
      await new Promise((resolve) => setImmediate(resolve));
      await look(room, id);
    }
    await work;
    expect(await look(room, id)).toMatchObject({ sent: 45, unknown: 5, sending: 0, cancelled: 10 });
    room.later(MINUTE_MS);
    await room.sweep();
    await room.work();
    expect(await look(room, id)).toMatchObject({ sent: 45, unknown: 5, cancelled: 10, isClosed: true });
    const page = await room.ledger.page(id, 2);
    for (const [index, { state }] of (page?.deliveries ?? []).entries()) {
      const told = { edition: id, delivery: deliveryId(2, index), event: 'sent', messageId: 'm' } as const;
      if (state === 'unknown') await settleByEvent(room.ledger, told);
      await look(room, id);
    }
    expect(await look(room, id)).toMatchObject({ sent: 50, unknown: 0, cancelled: 10 });
  });

  test('sends nothing of a page that was claimed and not begun', async () => {
    const { room, id, second } = await halfWay();
    const held = Promise.withResolvers<void>();
    let asked = false;
    const byIds = async (ids: readonly string[]) => {
      asked = true;
      await held.promise;
      return room.subscribers.byIds(ids);
    };
    const work = sendPage({ ...room.sending, subscribers: { byIds } }, second);
    while (!asked) await new Promise((resolve) => setImmediate(resolve));
    expect(await look(room, id)).toMatchObject({ sent: 25, claimed: 25, ready: 10 });
    await cancel(room, id);
    expect(await look(room, id)).toMatchObject({ sent: 25, claimed: 0, cancelled: 35 });
    held.resolve();
    await work;
    await room.work();
    expect(room.sent).toHaveLength(25);
    expect(await look(room, id)).toMatchObject({ sent: 25, cancelled: 35, isClosed: true });
  });

  test('leaves unknown whom a worker was sending to when he died, and closes without him', async () => {
    const never = new Promise<never>(() => {});
    let died = false;
    const { room, id, second } = await halfWay(() => (died ? never : accepted()));
    died = true;
    void sendPage(room.sending, second);
    while ((await look(room, id)).sending === 0) await new Promise((resolve) => setImmediate(resolve));
    await cancel(room, id);
    expect(await look(room, id)).toMatchObject({ sending: 25, cancelled: 10, isClosed: false });
    room.later(3 * MINUTE_MS);
    await room.sweep();
    await room.work();
    expect(await look(room, id)).toMatchObject({ sent: 25, unknown: 25, cancelled: 10, isClosed: true });
  });
});
