import { afterAll, beforeAll, expect, test } from 'vitest';
import { randomOf } from '../digest/support/random.ts';
import { liveThroughNewsday } from './newsday/newsday.ts';
import { firstSeed, seeded } from './seeds.ts';
import { openTown, type Town } from './town.ts';
import { type Strike, striking } from './weather.ts';

/** Where an article passes on its way in and out, and how often at least, of sixty. */
const STAGES: readonly (readonly [at: string, times: number])[] = [
  ['DynamoDB PutItem wire WIRE', 40],
  ['DynamoDB PutItem wire IDENTITY', 80],
  ['DynamoDB PutItem wire ARTICLE', 40],
  ['DynamoDB PutItem wire INBOX', 6],
  ['S3 PutObject private', 20],
  ['S3 DeleteObject private', 6],
  ['DynamoDB PutItem sources HOST', 2],
  ['DynamoDB PutItem sources SEEN', 1],
  ['DynamoDB PutItem sources STATES', 1],
  ['SQS SendMessageBatch sources', 1],
  ['DynamoDB PutItem jobs JOB', 2],
  ['SQS SendMessageBatch articleJobs', 1],
  ['SQS DeleteMessageBatch articleJobs', 1],
  ['SQS SendMessageBatch feeds', 20],
  ['DynamoDB PutItem feeds NEWS', 10],
  ['DynamoDB PutItem feeds CURSOR', 4],
  ['S3 PutObject public', 40],
  ['SQS DeleteMessageBatch feeds', 4],
];
const KILLS = 12;

const seed = firstSeed();
let town: Town;
beforeAll(async () => {
  town = await openTown(0, 0);
});
afterAll(() => town.stop());

test('articles from every door are on the wire once, in the feeds and in the pages, whatever dies', async () => {
  await seeded(seed, 'deaths at every door', async () => {
    const random = randomOf(seed);
    const strikes = STAGES.map(([at, times]): Strike => ({ at, when: random() < 0.5 ? 'before' : 'after', times }));
    const chosen = strikes.map((one) => ({ one, by: random() })).toSorted((a, b) => a.by - b.by);
    const rules = chosen.slice(0, KILLS).map(({ one }) => striking(one, 'kill', random));
    // A busy machine is slow, and no proof of anything.
    const lived = await liveThroughNewsday(town, { seed, articles: 60, rules, mostMs: 240_000 });
    expect(lived.kills).toBeGreaterThan(KILLS / 2);
  });
}, 800_000);
