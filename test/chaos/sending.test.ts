import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { randomOf } from '../digest/support/random.ts';
import { firstSeed, seeded } from './seeds.ts';
import { openTown, type Town } from './town.ts';
import { lostAnswers, storm, strikesAt, striking } from './weather.ts';
import { type Lived, liveThrough } from './weekly.ts';

/**
 * An edition for two hundred readers, with the real handlers in processes of their own, over the real protocols, and
 * everything that can befall them. `npm run test:chaos` goes through all of it; here is a part that takes a minute.
 */
const READERS = 200;
const seed = firstSeed();
let town: Town;
let calm: Lived;

beforeAll(async () => {
  town = await openTown(READERS);
});
afterAll(() => town.stop());

describe('a weekly edition for two hundred readers', () => {
  test('reaches everybody in fair weather, with nothing unknown', async () => {
    calm = await liveThrough(town, { seed, rules: [], events: 'at once', patienceMs: 3000 });
    expect(calm).toMatchObject({ unknown: 0, kills: 0, freezes: 0 });
    expect(calm.passed.get('SES SendRawEmail')).toBe(READERS);
    expect([...calm.passed.keys()]).toEqual(
      expect.arrayContaining(['DynamoDB PutItem ledger PAGES', 'SQS SendMessageBatch pages', 'S3 PutObject private']),
    );
  }, 120_000);

  test('leaves nobody unknown once SES has told, where only answers were lost', async () => {
    await seeded(seed, 'lost answers', async () => {
      const lived = await liveThrough(town, { seed, rules: lostAnswers(0.3), events: 'later' });
      expect(lived.happened.length).toBeGreaterThan(20);
      expect(lived.unknown).toBe(0);
    });
  }, 120_000);

  test('reaches everybody once when a process dies at each point it passes, before or after its effect', async () => {
    await seeded(seed, 'a death at each point', async () => {
      const random = randomOf(seed);
      const points = strikesAt(calm.passed).filter(({ when }) => when === (random() < 0.5 ? 'before' : 'after'));
      const rules = points.map((point) => striking(point, 'kill', random));
      const lived = await liveThrough(town, { seed, rules, events: 'at once', mostMs: 200_000 });
      expect(lived.kills).toBeGreaterThan(10);
    });
  }, 300_000);

  test('reaches everybody once in a storm with deaths and sleepers', async () => {
    await seeded(seed, 'a storm', () =>
      liveThrough(town, { seed, rules: storm({ kills: 2, freezes: 2 }), events: 'later', mostMs: 120_000 }),
    );
  }, 200_000);
});
