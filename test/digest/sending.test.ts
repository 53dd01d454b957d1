import { describe, expect, test } from 'vitest';
import { askForEdition } from '../../functions/digest/asking/newsletters.ts';
import { countEdition } from '../../functions/digest/ledger/standing.ts';
import { deliver } from '../../functions/digest/sending/deliver.ts';
import { LEASE_MS, sendPage } from '../../functions/digest/sending/send.ts';
import type { OutgoingMail, SendResult } from '../../functions/mail/mailer.ts';
import { functions } from '../../infra/topology.ts';
import { aSubscriber } from './support/aSubscriber.ts';
import { settleByEvent } from './support/tell.ts';
import { accepted, atOnce, theRoom } from './support/theRoom.ts';

type Room = ReturnType<typeof theRoom>;

/** An edition that has begun, with the doorbells of its pages in the queue. */
const begunFor = async (room: Room, count: number): Promise<string> => {
  await room.join(...Array.from({ length: count }, (_, i) => aSubscriber(`reader${i}`)));
  room.wire.publish();
  const [newsletter] = room.newsletters.press.newsroom.newsletters;
  const edition = newsletter && (await askForEdition(room.newsletters, newsletter, 'weekly'));
  await room.work(1);
  return edition?.id ?? '';
};

const counts = async (room: Room, id: string) => {
  const edition = await room.ledger.edition(id);
  if (!edition) throw new Error('no edition');
  return countEdition(room.ledger, edition);
};

const NEVER = Number.POSITIVE_INFINITY;

const mails = (count: number): Map<number, OutgoingMail> =>
  new Map(
    Array.from({ length: count }, (_, i) => [
      i,
      { from: 'a@b.example', to: `${i}@r.example`, raw: Buffer.alloc(0), tags: {} },
    ]),
  );

describe('a worker', () => {
  test('stops at the first word of a pause, and at the first sign that nobody is there', async () => {
    for (const answer of [
      { is: 'paused', code: 'DailyQuota' },
      { is: 'not-reached', code: 'ECONNREFUSED' },
    ] as const) {
      let calls = 0;
      const mailer = {
        send: async (): Promise<SendResult> => {
          calls++;
          return answer;
        },
      };
      const { results, paused } = await deliver({ mailer, speed: atOnce }, mails(100), NEVER);
      expect(calls).toBeLessThanOrEqual(25);
      expect(new Set([...results.values()].map(({ is }) => is))).toEqual(new Set(['ready']));
      expect(paused).toBe(answer.is === 'paused' ? 'DailyQuota' : undefined);
    }
  });

  test('keeps what it knows of the others when the mailer itself breaks', async () => {
    const mailer = {
      send: async ({ to }: OutgoingMail): Promise<SendResult> => {
        if (to.startsWith('3@')) throw new TypeError('broken');
        return accepted();
      },
    };
    const { results } = await deliver({ mailer, speed: atOnce }, mails(5), NEVER);
    expect([...results.values()].map(({ is }) => is)).toEqual(['sent', 'sent', 'sent', 'unknown', 'sent']);
  });

  test('has what was sent written down, and the rest sent later, where no further turn can be had', async () => {
    const room = theRoom();
    const id = await begunFor(room, 25);
    let turns = 0;
    const turn = async (): Promise<'now'> => {
      if (++turns > 5) throw new Error('The register of senders cannot be read.');
      return 'now';
    };
    await sendPage({ ...room.sending, speed: { ...atOnce, turn } }, { edition: id, page: 1 });
    expect(await counts(room, id)).toMatchObject({ audience: 25, sent: 5, ready: 20 });
    await room.work();
    expect([room.sent.length, new Set(room.sent.map(({ to }) => to)).size]).toEqual([25, 25]);
  });

  test('takes at low rates no more of a page than three seconds of sending', async () => {
    const room = theRoom();
    const id = await begunFor(room, 25);
    const slow = { ...room.sending, speed: { ...atOnce, enter: async () => 2 } };
    await sendPage(slow, { edition: id, page: 1 });
    expect(await counts(room, id)).toMatchObject({ audience: 25, sent: 6, ready: 19 });
    expect(room.queue).toContainEqual({ edition: id, page: 1 });
  });

  test('pauses the edition where the account may send nothing', async () => {
    const room = theRoom();
    const id = await begunFor(room, 3);
    await sendPage({ ...room.sending, speed: { ...atOnce, enter: async () => 0 } }, { edition: id, page: 1 });
    expect(await room.ledger.edition(id)).toMatchObject({ state: 'paused', paused: { because: 'NoSendRate' } });
    expect(room.sent).toEqual([]);
  });

  test('sends nothing for a doorbell that comes twice, names no page, or no edition', async () => {
    const room = theRoom();
    const id = await begunFor(room, 3);
    await Promise.all([
      sendPage(room.sending, { edition: id, page: 1 }),
      sendPage(room.sending, { edition: id, page: 1 }),
      sendPage(room.sending, { edition: id, page: 2 }),
      sendPage(room.sending, { edition: 'city-news-weekly-20200101T080000Z', page: 1 }),
    ]);
    await room.work();
    expect(room.sent).toHaveLength(3);
  });

  test('asks the tables less than a third of a time per mail', async () => {
    const room = theRoom();
    const id = await begunFor(room, 25);
    let requests = 0;
    const counted = <T extends object>(port: T): T =>
      new Proxy(port, {
        get: (target, name, receiver) => {
          const method: unknown = Reflect.get(target, name, receiver);
          if (typeof method !== 'function') return method;
          return (...args: unknown[]) => {
            requests++;
            return Reflect.apply(method, target, args);
          };
        },
      });
    const { ledger, subscribers, piecesOf } = room.sending;
    const wire = (edition: Parameters<typeof piecesOf>[0]) => {
      requests++;
      return piecesOf(edition);
    };
    const sending = { ...room.sending, ledger: counted(ledger), subscribers: counted(subscribers), piecesOf: wire };
    await sendPage(sending, { edition: id, page: 1 });
    expect(room.sent).toHaveLength(25);
    expect(requests / 25).toBeLessThanOrEqual(0.3);
  });

  test('leaves out a reader whose address no mail can carry, and sends to the others', async () => {
    const room = theRoom();
    await room.join({ ...aSubscriber('odd'), address: 'odd one@readers.example' });
    const id = await begunFor(room, 2);
    await room.work();
    expect(await counts(room, id)).toMatchObject({ audience: 3, sent: 2, suppressed: 1 });
  });
});

describe('a worker that is killed', () => {
  const killedWhile = async (stage: 'claimed' | 'sending') => {
    const room = theRoom();
    const id = await begunFor(room, 3);
    room.queue.length = 0;
    const never = new Promise<never>(() => {});
    const dying =
      stage === 'claimed'
        ? { ...room.sending, piecesOf: () => never }
        : { ...room.sending, mailer: { send: () => never } };
    void sendPage(dying, { edition: id, page: 1 });
    for (let i = 0; i < 50; i++) await new Promise((resolve) => setImmediate(resolve));
    expect(await counts(room, id)).toMatchObject({ [stage]: 3 });
    return { room, id };
  };

  test('before its first call is replaced after its lease, and everybody gets his mail', async () => {
    const { room, id } = await killedWhile('claimed');
    room.later(LEASE_MS - 1);
    await room.sweep();
    await room.work();
    expect(room.sent).toEqual([]);
    room.later(60_000);
    await room.sweep();
    await room.work();
    expect(room.sent).toHaveLength(3);
    expect(await room.ledger.edition(id)).toMatchObject({ state: 'complete' });
  });

  test('while it calls leaves its deliveries unknown, until SES tells', async () => {
    const { room, id } = await killedWhile('sending');
    room.later(LEASE_MS + 60_000);
    await room.sweep();
    await room.work();
    expect(room.sent).toEqual([]);
    expect(await counts(room, id)).toMatchObject({ audience: 3, unknown: 3 });
    expect(await room.ledger.edition(id)).toMatchObject({ state: 'complete' });
    for (const index of [0, 2]) {
      const event = { edition: id, delivery: `1-${index}`, event: 'sent', messageId: `m${index}` } as const;
      expect(await settleByEvent(room.ledger, event)).toBe('settled');
      expect(await settleByEvent(room.ledger, event)).toBe('known');
    }
    expect(await counts(room, id)).toMatchObject({ audience: 3, sent: 2, unknown: 1 });
  });
});

describe('the numbers of the sending function', () => {
  test('fit the map of the house', () => {
    const { timeoutSeconds } = functions.pagesSend;
    expect(LEASE_MS).toBe(2 * timeoutSeconds * 1000);
  });
});
