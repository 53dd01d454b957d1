import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { OutgoingMail, SendResult } from '../../functions/mail/mailer.ts';
import { dynamoRegister } from '../../functions/mail/register.dynamo.ts';
import { entered, type Register, reserveOf, type SenderKind, shareOf } from '../../functions/mail/register.ts';
import { MOST_AT_ONCE, openSpeed, paced, type Speed } from '../../functions/mail/speed.ts';
import { memoryTable } from '../support/memoryTable.ts';
import { aTurnedClock, mostInASecond } from './aTurnedClock.ts';

interface Account {
  readonly perSecond: number;
  readonly perDay?: number;
  readonly sentLastDay?: number;
}

const sent = (): SendResult => ({ is: 'sent', messageId: 'm' });
const MAIL: OutgoingMail = { from: 'a@b.example', to: 'r@readers.example', raw: new Uint8Array(), tags: {} };

/** Processes that share an account, a register and a clock, and each has 60 milliseconds between its mails and SES. */
const anOffice = ({ perSecond, perDay = Number.POSITIVE_INFINITY, sentLastDay = 0 }: Account) => {
  const clock = aTurnedClock();
  const register = dynamoRegister(memoryTable());
  const moments: number[] = [];
  const asked: number[] = [];
  let names = 0;
  const quota = async () => {
    asked.push(clock.clockMs());
    return { perSecond, perDay, sentLastDay };
  };
  const join = (kind: SenderKind = 'editions', keepsFree: (perDay: number) => number = () => 0): Speed =>
    openSpeed({ mailer: { quota }, register, kind, id: `sender-${++names}`, keepsFree, ...clock });
  const note = async (answer: SendResult = sent()): Promise<SendResult> => {
    moments.push(clock.clockMs());
    await clock.sleep(60);
    return answer;
  };
  /** Sends page after page, as a function with four messages in hand does, until it is stopped. */
  const work = (speed: Speed) => {
    let stopped = false;
    const worker = async (): Promise<void> => {
      while (!stopped) {
        const share = await speed.enter();
        if (typeof share === 'string') continue;
        await clock.sleep(30);
        const until = clock.clockMs() + 4000;
        let left = Math.min(25, Math.max(1, Math.floor(share * 3)));
        const hand = async (): Promise<void> => {
          while (!stopped && left-- > 0 && (await speed.turn(until)) === 'now') speed.heard(await note());
        };
        await Promise.all(Array.from({ length: Math.min(16, left) }, hand));
        speed.leave();
      }
    };
    for (let i = 0; i < 4; i++) void worker();
    return () => {
      stopped = true;
    };
  };
  const rateBetween = (from: number, to: number): number =>
    (moments.filter((at) => at >= from && at < to).length * 1000) / (to - from);
  return { clock, join, work, note, moments, asked, rateBetween, register };
};

describe('those who send at the same time', () => {
  test.each([
    [1, 1],
    [1, 3],
    [14, 1],
    [14, 2],
    [14, 3],
    [500, 2],
  ])('keep together to %i a second, and use it, when there are %i of them', async (rate, count) => {
    const office = anOffice({ perSecond: rate });
    for (let i = 0; i < count; i++) office.work(office.join());
    await office.clock.pass(10_000);
    const from = office.clock.clockMs();
    const seconds = rate > 100 ? 10 : 60;
    await office.clock.pass(seconds * 1000);
    expect(mostInASecond(office.moments)).toBeLessThanOrEqual(rate);
    expect(office.rateBetween(from, from + seconds * 1000) / rate).toBeGreaterThanOrEqual(0.95);
  });

  test('keep to it while others come, go and die, and use what is free again', async () => {
    const office = anOffice({ perSecond: 14 });
    const stops = [office.work(office.join())];
    for (let i = 0; i < 4; i++) {
      await office.clock.pass(7300);
      stops.push(office.work(office.join()));
      if (i % 2 === 1) stops.shift()?.();
    }
    for (const stop of stops.slice(1)) stop();
    await office.clock.pass(20_000);
    const from = office.clock.clockMs();
    await office.clock.pass(30_000);
    expect(mostInASecond(office.moments)).toBeLessThanOrEqual(14);
    expect(office.rateBetween(from, from + 30_000)).toBeGreaterThanOrEqual(14 * 0.95);
  });

  test('let confirmations through at once, and lose little to them', async () => {
    const office = anOffice({ perSecond: 14 });
    office.work(office.join());
    office.work(office.join());
    await office.clock.pass(20_000);
    const waits: number[] = [];
    const mailer = paced({ send: () => office.note() }, office.join('confirmations'));
    const from = office.clock.clockMs();
    for (let i = 0; i < 5; i++) {
      const asked = office.clock.clockMs();
      const told = mailer
        .send(MAIL)
        .then((result) => waits.push(result.is === 'sent' ? office.clock.clockMs() - asked : 1e9));
      await office.clock.pass(6000);
      await told;
    }
    expect(Math.max(...waits)).toBeLessThan(6000);
    expect(mostInASecond(office.moments)).toBeLessThanOrEqual(14);
    expect(office.rateBetween(from, from + 30_000)).toBeGreaterThanOrEqual(14 * 0.85);
  });

  test('ask SES once a minute between them', async () => {
    const office = anOffice({ perSecond: 14 });
    office.work(office.join());
    office.work(office.join());
    await office.clock.pass(185_000);
    expect(office.asked.length).toBeGreaterThanOrEqual(3);
    // At the very start both may find that nobody has asked.
    expect(office.asked.length).toBeLessThanOrEqual(5);
  });

  test('slow down when SES says “too fast”, and come back', async () => {
    const office = anOffice({ perSecond: 100 });
    const speed = office.join();
    await speed.enter();
    for (let i = 0; i < 4; i++) speed.heard({ is: 'throttled' });
    speed.leave();
    // Three at once are enough for a quarter of the rate.
    expect(Number(await speed.enter()) * 3).toBeCloseTo(100 * 0.7 ** 4);
    for (let i = 0; i < 2000; i++) speed.heard(sent());
    speed.leave();
    expect(Number(await speed.enter()) * MOST_AT_ONCE).toBeCloseTo(100);
  });

  test('hear that there is no rate, or that what is left of the day is for others', async () => {
    expect(await anOffice({ perSecond: 0 }).join().enter()).toBe(0);
    const office = anOffice({ perSecond: 14, perDay: 1000, sentLastDay: 890 });
    const editions = office.join('editions', () => 100);
    const confirmations = office.join('confirmations', () => Number.NEGATIVE_INFINITY);
    expect(await editions.enter()).toBe(7);
    for (let i = 0; i < 10; i++) {
      const turn = editions.turn(Number.POSITIVE_INFINITY);
      await office.clock.pass(200);
      await turn;
    }
    editions.leave();
    expect(await editions.enter()).toBe('reserved');
    const entering = confirmations.enter();
    await office.clock.pass(10_000);
    expect(await entering).toBeGreaterThan(0);
  });

  test('wait no longer for a turn than they say, and take none then', async () => {
    const office = anOffice({ perSecond: 1 });
    const speed = office.join();
    await speed.enter();
    expect(await speed.turn(office.clock.clockMs())).toBe('now');
    expect(await speed.turn(office.clock.clockMs() + 500)).toBe('too-late');
    const late = speed.turn(office.clock.clockMs() + 5000);
    await office.clock.pass(1100);
    expect(await late).toBe('now');
  });
});

describe('a mail that somebody claimed', () => {
  const aSpeed = (over: Partial<Speed>): Speed => ({
    ...{ enter: async () => 14, leave: () => {}, turn: async () => 'now', heard: () => {}, clockMs: () => 0 },
    ...over,
  });
  const fail = async (): Promise<never> => {
    throw new Error('TooManyRequestsException');
  };

  test.each([
    ['is let in by nobody', { enter: fail }],
    ['gets no turn', { turn: fail }],
  ])('is known not to be out where it %s', async (_, over) => {
    const calls: OutgoingMail[] = [];
    let left = 0;
    const send = async (mail: OutgoingMail) => {
      calls.push(mail);
      return sent();
    };
    const speed = aSpeed({ ...over, leave: () => left++ });
    expect(await paced({ send }, speed).send(MAIL)).toEqual({ is: 'not-reached', code: 'NoTurn' });
    expect([calls.length, left]).toEqual([0, 'turn' in over ? 1 : 0]);
  });

  test('goes out by what SES said last where it answers no second question', async () => {
    const office = anOffice({ perSecond: 14 });
    await office.join().enter();
    await office.clock.pass(70_000);
    const quota = fail;
    const { register, clock } = office;
    const speed = openSpeed({
      mailer: { quota },
      register,
      kind: 'confirmations',
      id: 'deaf',
      keepsFree: () => 0,
      ...clock,
    });
    const going = paced({ send: () => office.note() }, speed).send(MAIL);
    await clock.pass(6000);
    expect(await going).toEqual(sent());
  });
});

describe('the register', () => {
  const kinds = fc.array(fc.constantFrom<SenderKind>('editions', 'confirmations'), { minLength: 1, maxLength: 12 });

  const aRegister = (perSecond: number, senders: readonly SenderKind[]): Register => {
    let register: Register | undefined;
    const quota = { perSecond, perDay: 1000, sentLastDay: 0 };
    for (const [i, kind] of senders.entries()) {
      register = entered(register, { id: `s${i}`, kind, nowMs: i, sent: 0, quota });
    }
    if (!register) throw new Error('nobody came');
    return register;
  };

  test('gives away exactly the rate in whole mails, and never a confirmation less than nothing', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 600 }), kinds, (rate, senders) => {
        const register = aRegister(rate, senders);
        const shares = senders.map((_, i) => shareOf(register, `s${i}`));
        expect(shares.reduce((a, b) => a + b, 0)).toBe(rate);
        for (const share of shares) expect(Number.isInteger(share) && share >= 0).toBe(true);
      }),
    );
  });

  test('forgets who has been silent, and counts his mails', () => {
    const first = aRegister(14, ['editions']);
    const both = entered(first, { id: 's9', kind: 'editions', nowMs: 5000, sent: 7, quota: undefined });
    expect(both).toMatchObject({ version: 2, sentSince: 7 });
    expect([shareOf(both, 's0'), shareOf(both, 's9')]).toEqual([7, 7]);
    const alone = entered(both, { id: 's9', kind: 'editions', nowMs: 10_000, sent: 3, quota: undefined });
    expect([shareOf(alone, 's0'), shareOf(alone, 's9')]).toEqual([0, 14]);
    expect(alone.sentSince).toBe(10);
  });

  test('keeps a fiftieth of the day for confirmations, unless the newsroom says how many', () => {
    expect(reserveOf(200, undefined)).toBe(4);
    expect(reserveOf(50_000, undefined)).toBe(1000);
    expect(reserveOf(10_000_000, undefined)).toBe(2000);
    expect(reserveOf(200, 50)).toBe(50);
  });
});
