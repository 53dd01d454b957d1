import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { randomOf } from '../digest/support/random.ts';
import { liveThroughMorning, type Morning } from './morning.ts';
import { firstSeed, seeded } from './seeds.ts';
import { openTown, type Town } from './town.ts';
import { aThird, strikesAt, striking } from './weather.ts';

const ARTICLES = 24;
/** A busy machine is slow, and no proof of anything. */
const MOST_MS = 240_000;
const TIMEOUT_MS = 800_000;
const seed = firstSeed();
let town: Town;
let calm: Morning;

beforeAll(async () => {
  town = await openTown(0, 0);
});
afterAll(() => town.stop());

describe('articles that come in through the API', () => {
  test(
    'are all answered, on the wire and in the feed in fair weather',
    async () => {
      calm = await liveThroughMorning(town, { seed, articles: ARTICLES, rules: [], patienceMs: 3000, mostMs: MOST_MS });
      expect(calm).toMatchObject({ unanswered: 0, kills: 0 });
      expect([...calm.passed.keys()]).toEqual(
        expect.arrayContaining(['DynamoDB PutItem wire WIRE', 'SQS SendMessageBatch feeds', 'S3 PutObject public']),
      );
    },
    TIMEOUT_MS,
  );

  test(
    'are on the wire once and in the feed if they were answered, whatever dies',
    async () => {
      await seeded(seed, 'deaths while articles come in', async () => {
        const random = randomOf(seed);
        const points = aThird(strikesAt(calm.passed), random);
        const rules = points.map((point) => striking(point, 'kill', random));
        const lived = await liveThroughMorning(town, { seed, articles: ARTICLES, rules, mostMs: MOST_MS });
        expect(lived.kills).toBeGreaterThan(1);
      });
    },
    TIMEOUT_MS,
  );
});
