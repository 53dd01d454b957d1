import { beforeAll, describe, expect, test } from 'vitest';
import { takeAction } from '../../functions/digest/asking/newsletters.ts';
import { countsOf } from '../../functions/digest/ledger/page.ts';
import { setLogSink } from '../../functions/shared/log.ts';
import { memoryDoorbell } from '../support/memoryDoorbell.ts';
import { memoryTable } from '../support/memoryTable.ts';
import { aPress } from './support/aPress.ts';
import { aWire } from './support/aWire.ts';
import { chaos, type SesDeed, type Weather } from './support/chaos.ts';
import { randomOf } from './support/random.ts';
import type { Fate } from './support/stage.ts';

beforeAll(() => setLogSink(() => {}));

const calm = (seed: number): Weather => ({
  random: randomOf(seed),
  fateOf: () => 'well',
  sesDoes: () => 'takes',
  copies: () => 1,
  claimSize: 25,
  leavers: 0,
});

/** A person does what the system leaves to persons. */
const asPerson = async (
  world: Awaited<ReturnType<typeof chaos>>,
  action: 'send' | 'retry' | 'cancel',
): Promise<void> => {
  const [edition] = world.editions();
  const bell = memoryDoorbell<{ edition: string }>();
  const room = { ledger: world.ledger, wire: aWire(), press: aPress(), editionsBell: bell, keys: memoryTable() };
  await takeAction({ ...room, now: world.now, newSuffix: () => 'again' }, edition?.id ?? '', action, { unknown: true });
  world.queue.push(...bell.rung);
};

/** Lives through the weather, then through fair days, and looks at what came of it. */
const live = async (weather: Weather, stormySteps: number) => {
  const world = await chaos(weather);
  const isComplete = (): boolean => world.editions()[0]?.state === 'complete';
  world.start('sweep');
  expect(await world.run(world.isKnown, 1000)).toBe(true);
  world.turnTo('2026-05-04T08:00:10.000Z');
  await world.run(isComplete, stormySteps);
  world.clearUp();
  expect(await world.run(() => isComplete() || world.editions()[0]?.state === 'held', 20_000)).toBe(true);
  if (!isComplete()) await asPerson(world, 'send');
  expect(await world.run(isComplete, 20_000)).toBe(true);

  // Everybody is accounted for, and who got it is known as soon as SES has told.
  const [edition] = world.editions();
  const audience = edition?.audience ?? 0;
  expect(audience).toBeGreaterThanOrEqual(world.due.length);
  await world.settleAll();
  const settled = countsOf(world.pages(), audience);
  const got = () => world.taken.map(({ mail }) => mail.to);
  expect(new Set(got()).size).toBe(got().length);
  expect(settled.sent).toBe(got().length);
  expect(settled.ready + settled.claimed + settled.sending + settled.cancelled).toBe(0);
  expect(settled.sent + settled.failed + settled.unknown + settled.suppressed).toBe(audience);

  // Who is still missing is known by name: a person asks for exactly those, and then everybody has it once.
  if (settled.failed + settled.unknown > 0) {
    await asPerson(world, 'retry');
    expect(await world.run(isComplete, 20_000)).toBe(true);
  }
  expect(world.due.filter((address) => !got().includes(address))).toEqual([]);
  expect(new Set(got()).size).toBe(got().length);
  return { unknown: settled.unknown, sent: settled.sent };
};

/** The same, but a person cancels it when SES has taken so many mails. What became of whom, when that is over. */
const cancel = async (weather: Weather, when: number) => {
  const world = await chaos(weather);
  world.start('sweep');
  expect(await world.run(world.isKnown, 1000)).toBe(true);
  world.turnTo('2026-05-04T08:00:10.000Z');
  const state = () => world.editions()[0]?.state ?? 'planned';
  const isHalfWay = (): boolean => world.taken.length >= when || state() === 'complete';
  expect(await world.run(() => isHalfWay() || state() === 'held', 20_000)).toBe(true);
  if (state() === 'held') await asPerson(world, 'send');
  expect(await world.run(isHalfWay, 20_000)).toBe(true);
  // A storm in which SES refused so many that it was over before.
  if (state() === 'complete') return { under: 0, cancelled: 0 };
  const under = world.pages().flatMap(({ deliveries }) => deliveries.filter(({ state }) => state === 'sending'));
  await asPerson(world, 'cancel');
  const over = (): boolean => (world.editions()[0]?.closedAt ?? null) !== null;
  await world.run(over, 2000);
  world.clearUp();
  expect(await world.run(over, 20_000)).toBe(true);
  await world.settleAll();
  const [edition] = world.editions();
  const { audience, ...states } = countsOf(world.pages(), edition?.audience ?? 0);
  expect(edition?.state).toBe('cancelled');
  expect(states.ready + states.claimed + states.sending).toBe(0);
  // Whoever SES has taken a mail for stands as sent, and nobody else; that makes nobody of them cancelled.
  const got = world.taken.map(({ mail }) => mail.to);
  expect(new Set(got).size).toBe(got.length);
  expect(states.sent).toBe(got.length);
  expect(states.sent + states.failed + states.unknown + states.suppressed + states.cancelled).toBe(audience);
  return { under: under.length, cancelled: states.cancelled };
};

const FATES: readonly Fate[] = ['die-before', 'die-after', 'fail-before', 'fail-after', 'repeat'];

describe('one edition for sixty readers', () => {
  test('reaches everybody in fair weather, with nothing unknown', async () => {
    expect(await live(calm(1), 5000)).toEqual({ unknown: 0, sent: 51 });
  });

  test.each(FATES)(
    'reaches everybody once when one operation, whichever it is, meets: %s',
    async (fate) => {
      let operations = 0;
      const counting = (): Fate => {
        operations++;
        return 'well';
      };
      await live({ ...calm(1), fateOf: counting }, 5000);
      expect(operations).toBeGreaterThan(60);
      for (let at = 0; at < operations; at++) {
        let count = 0;
        const weather: Weather = { ...calm(1), fateOf: () => (count++ === at ? fate : 'well') };
        await named(`operation ${at} ${fate}`, () => live(weather, 5000));
      }
    },
    120_000,
  );

  test('reaches everybody once when the worker dies at any mail, before or after SES took it', async () => {
    for (let at = 0; at < 51; at++) {
      for (const deed of ['takes-and-we-die', 'takes-and-is-silent'] as const) {
        let count = 0;
        const weather: Weather = { ...calm(1), sesDoes: () => (count++ === at ? deed : 'takes') };
        await named(`mail ${at} ${deed}`, () => live(weather, 5000));
      }
    }
  }, 120_000);

  test('leaves nobody unknown once SES has told, where SES took every mail and only the answers were lost', async () => {
    for (let seed = 1; seed <= 20; seed++) {
      const dice = randomOf(seed);
      const weather: Weather = { ...calm(seed), sesDoes: () => (dice() < 0.3 ? 'takes-and-is-silent' : 'takes') };
      await named(`seed ${seed}`, async () => expect(await live(weather, 5000)).toEqual({ unknown: 0, sent: 51 }));
    }
  }, 60_000);

  test('reaches everybody once through any storm', async () => {
    const first = Number(process.env['COURANT_SEED'] ?? Math.floor(Math.random() * 1e9));
    const storms = Number(process.env['COURANT_STORMS'] ?? 60);
    let unknown = 0;
    for (let seed = first; seed < first + storms; seed++) {
      await named(`seed ${seed} (COURANT_SEED=${seed} COURANT_STORMS=1)`, async () => {
        unknown += (await live(storm(seed), 4000)).unknown;
      });
    }
    // The storms were worth the name.
    if (storms >= 60) expect(unknown).toBeGreaterThan(10);
  }, 240_000);
});

describe('one edition for sixty readers that is cancelled half-way', () => {
  test('ends with everybody accounted for, whenever that is and whoever is at work', async () => {
    const first = Number(process.env['COURANT_SEED'] ?? Math.floor(Math.random() * 1e9));
    let [busy, cancelled] = [0, 0];
    for (let seed = first; seed < first + 40; seed++) {
      const weather = seed % 2 === 0 ? { ...calm(seed), claimSize: 4 } : { ...storm(seed), leavers: 0 };
      await named(`seed ${seed} (COURANT_SEED=${seed})`, async () => {
        const ended = await cancel(weather, 1 + (seed % 40));
        if (ended.under > 0) busy++;
        cancelled += ended.cancelled;
      });
    }
    // There was something to cancel, and somebody at work meanwhile.
    expect(busy).toBeGreaterThan(10);
    expect(cancelled).toBeGreaterThan(100);
  }, 240_000);
});

/** A seed that is printed is a failure that can be seen again. */
const named = async (name: string, run: () => Promise<unknown>): Promise<void> => {
  try {
    await run();
  } catch (error) {
    throw new Error(`${name}: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
};

/** Everything at once: a twentieth of all operations goes wrong, messages are lost and doubled, SES has its moods. */
const storm = (seed: number): Weather => {
  const dice = randomOf(seed * 7919);
  const pick = <T>(from: readonly T[]): T | undefined => from[Math.floor(dice() * from.length)];
  const deeds: readonly SesDeed[] = ['takes-and-is-silent', 'takes-and-we-die', 'throttles', 'is-not-there', 'refuses'];
  return {
    random: randomOf(seed),
    fateOf: () => (dice() < 0.05 ? (pick(FATES) ?? 'well') : 'well'),
    sesDoes: () => (dice() < 0.15 ? (pick(deeds) ?? 'takes') : 'takes'),
    copies: () => (dice() < 0.1 ? 0 : dice() < 0.2 ? 2 : 1),
    claimSize: dice() < 0.5 ? 25 : 4,
    leavers: 5,
  };
};
