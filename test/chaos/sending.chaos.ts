import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { PAGE_READERS } from '../../functions/digest/planning/walk.ts';
import { MOST_AT_ONCE } from '../../functions/mail/speed.ts';
import { randomOf } from '../digest/support/random.ts';
import { type Deed, liveMidway } from './midway.ts';
import { seeded, seeds } from './seeds.ts';
import { openTown, type Town } from './town.ts';
import { lostAnswers, storm, stormMidway, strikesAt, striking } from './weather.ts';
import { type Lived, liveThrough } from './weekly.ts';

/** What one process can be sending: the pages it has in hand at the same time. */
const MOST_IN_HAND = MOST_AT_ONCE * PAGE_READERS;

describe('a weekly edition for two hundred readers', () => {
  let town: Town;
  let calm: Lived;

  beforeAll(async () => {
    town = await openTown(200);
    calm = await liveThrough(town, { seed: 1, rules: [], events: 'at once', patienceMs: 3000 });
  });
  afterAll(() => town.stop());

  /** One death (or one sleep longer than any lease) for each run, at every point, for every seed. */
  test.each(['kill', 'freeze'] as const)('reaches everybody once, whichever request meets: %s', async (is) => {
    for (const seed of seeds(3)) {
      const random = randomOf(seed);
      for (const point of strikesAt(calm.passed)) {
        const rule = striking(point, is, random);
        await seeded(seed, `${is} ${point.when} ${point.at}, time ${rule.nth}`, async () => {
          const lived = await liveThrough(town, { seed, rules: [rule], events: random() < 0.5 ? 'at once' : 'later' });
          expect(lived.unknown).toBeLessThanOrEqual(MOST_IN_HAND);
        });
      }
    }
  });

  test('leaves nobody unknown once SES has told, where only answers were lost', async () => {
    for (const seed of seeds(10)) {
      await seeded(seed, 'lost answers', async () => {
        const lived = await liveThrough(town, { seed, rules: lostAnswers(0.3), events: 'later' });
        expect(lived.unknown).toBe(0);
      });
    }
  });

  test('reaches everybody once in any storm', async () => {
    for (const seed of seeds(20)) {
      const rules = storm({ kills: 3, freezes: 2 });
      await seeded(seed, 'a storm', () => liveThrough(town, { seed, rules, events: 'later', mostMs: 200_000 }));
    }
  });
});

describe.each([
  { perSecond: 14, readers: 200 },
  { perSecond: 500, readers: 3000 },
])('an edition to which people do something half-way, at $perSecond a second', ({ perSecond, readers }) => {
  let town: Town;

  beforeAll(async () => {
    town = await openTown(readers);
  });
  afterAll(() => town.stop());

  test.each<{ what: string; deeds: Deed[] }>([
    { what: 'reaches nobody five seconds after he left', deeds: ['leave'] },
    { what: 'holds nothing that was retracted five seconds ago', deeds: ['retract'] },
    { what: 'reaches nobody five seconds after it was cancelled', deeds: ['cancel'] },
    { what: 'does all of this at once', deeds: ['leave', 'retract', 'cancel'] },
  ])('$what', async ({ what, deeds }) => {
    for (const seed of seeds(2)) {
      const weather = { seed, rules: stormMidway(), deeds, perSecond, mostMs: 300_000 };
      await seeded(seed, what, () => liveMidway(town, weather));
    }
  });
});

describe('a weekly edition for ten thousand readers', () => {
  let town: Town;

  beforeAll(async () => {
    town = await openTown(10_000);
  });
  afterAll(() => town.stop());

  test('reaches everybody once, with lost answers, throttling, doubled messages, deaths and sleepers', async () => {
    for (const seed of seeds(1)) {
      await seeded(seed, 'ten thousand', async () => {
        const rules = storm({ kills: 10, freezes: 4 });
        const lived = await liveThrough(town, { seed, rules, events: 'later', mostMs: 900_000 });
        expect(lived.kills).toBeGreaterThan(5);
        expect(lived.happened.length).toBeGreaterThan(500);
      });
    }
  });

  test('leaves nobody unknown once SES has told, where only answers were lost', async () => {
    for (const seed of seeds(1)) {
      await seeded(seed, 'ten thousand lost answers', async () => {
        const lived = await liveThrough(town, { seed, rules: lostAnswers(0.05), events: 'later', mostMs: 900_000 });
        expect(lived.unknown).toBe(0);
      });
    }
  });
});
