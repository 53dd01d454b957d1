import { afterAll, beforeAll, expect, test } from 'vitest';
import { randomOf } from '../digest/support/random.ts';
import { liveThroughMorning, type Morning } from './morning.ts';
import { seeded, seeds } from './seeds.ts';
import { openTown, type Town } from './town.ts';
import { publishingStorm, strikesAt, striking } from './weather.ts';

let town: Town;
let calm: Morning;

beforeAll(async () => {
  town = await openTown(0, 0);
  calm = await liveThroughMorning(town, { seed: 1, articles: 20, rules: [], patienceMs: 3000 });
});
afterAll(() => town.stop());

test.each(['kill', 'freeze'] as const)(
  'articles are on the wire once and in the feed, whichever request meets: %s',
  async (is) => {
    for (const seed of seeds(3)) {
      const random = randomOf(seed);
      for (const point of strikesAt(calm.passed)) {
        const rule = striking(point, is, random);
        await seeded(seed, `${is} ${point.when} ${point.at}, time ${rule.nth}`, async () => {
          const { unanswered } = await liveThroughMorning(town, { seed, articles: 20, rules: [rule] });
          expect(unanswered).toBe(0);
        });
      }
    }
  },
);

test('two hundred articles are on the wire once and in the feed, in any storm', async () => {
  for (const seed of seeds(5)) {
    const rules = publishingStorm({ kills: 10, freezes: 4 });
    await seeded(seed, 'a storm', () => liveThroughMorning(town, { seed, articles: 200, rules, mostMs: 300_000 }));
  }
});
