import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { randomOf } from '../digest/support/random.ts';
import { liveMidway } from './midway.ts';
import { firstSeed, seeded } from './seeds.ts';
import { openTown, type Town } from './town.ts';
import { aThird, lostAnswers, storm, stormMidway, strikesAt, striking } from './weather.ts';
import { type Lived, liveThrough } from './weekly.ts';

/**
 * An edition for two hundred readers, with the real handlers in processes of their own, over the real protocols, and
 * everything that can befall them. `npm run test:chaos` goes through all of it; here is a part that takes a minute.
 */
const READERS = 200;
/** A busy machine is slow, and no proof of anything. */
const MOST_MS = 240_000;
const TIMEOUT_MS = 800_000;
const seed = firstSeed();
let town: Town;
let passed: Lived['passed'];

beforeAll(async () => {
  town = await openTown(READERS);
});
afterAll(() => town.stop());

describe('a weekly edition for two hundred readers', () => {
  test(
    'leaves nobody unknown once SES has told, where only answers were lost',
    async () => {
      await seeded(seed, 'lost answers', async () => {
        const lived = await liveThrough(town, { seed, rules: lostAnswers(0.3), events: 'later', mostMs: MOST_MS });
        expect(lived.happened.length).toBeGreaterThan(20);
        expect(lived.unknown).toBe(0);
        passed = lived.passed;
      });
      expect([...passed.keys()]).toEqual(
        expect.arrayContaining(['DynamoDB PutItem ledger PAGES', 'SQS SendMessageBatch pages', 'S3 PutObject private']),
      );
    },
    TIMEOUT_MS,
  );

  test(
    'reaches everybody once when a process dies at the points it passes, before or after its effect',
    async () => {
      await seeded(seed, 'a death at many points', async () => {
        const random = randomOf(seed);
        const points = aThird(strikesAt(passed), random);
        const rules = points.map((point) => striking(point, 'kill', random));
        const lived = await liveThrough(town, { seed, rules, events: 'at once', mostMs: MOST_MS });
        expect(lived.kills).toBeGreaterThan(3);
      });
    },
    TIMEOUT_MS,
  );

  test(
    'in a storm reaches nobody five seconds after he left, with nothing that was retracted, and nobody once it is cancelled',
    async () => {
      await seeded(seed, 'midway', () =>
        liveMidway(town, {
          ...{ seed, rules: stormMidway(), perSecond: 14, mostMs: MOST_MS },
          deeds: ['leave', 'retract', 'cancel'],
        }),
      );
    },
    TIMEOUT_MS,
  );

  test(
    'reaches everybody once in a storm with deaths and sleepers',
    async () => {
      await seeded(seed, 'a storm', () =>
        liveThrough(town, { seed, rules: storm({ kills: 1, freezes: 1 }), events: 'later', mostMs: MOST_MS }),
      );
    },
    TIMEOUT_MS,
  );
});
