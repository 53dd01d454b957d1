import { afterAll, beforeAll, expect, test } from 'vitest';
import { randomOf } from '../digest/support/random.ts';
import { liveThroughNewsday, type Newsday } from './newsday/newsday.ts';
import { seeded, seeds } from './seeds.ts';
import { openTown, type Town } from './town.ts';
import { publishingStorm, type Strike, strikesAt, striking } from './weather.ts';

const ARTICLES = 1000;
const IN_CALM = 100;
const MOST_MS = 1_800_000;
/** What is passed seldom is passed as seldom by a thousand articles. */
const SELDOM = 20;

let town: Town;
let calm: Newsday;

beforeAll(async () => {
  town = await openTown(0, 0);
  calm = await liveThroughNewsday(town, { seed: 1, articles: IN_CALM, rules: [], patienceMs: 3000, mostMs: MOST_MS });
}, MOST_MS);
afterAll(() => town.stop());

test('a thousand articles from every door are on the wire once, in the feeds and in the pages, though somebody dies at every request', async () => {
  for (const seed of seeds(1)) {
    const random = randomOf(seed);
    const rules = strikesAt(calm.passed).map((point) => striking(inAll(point), 'kill', random));
    console.log(`COURANT_SEED=${seed}: ${ARTICLES} articles, ${rules.length} deaths`);
    await seeded(seed, 'a death at every request', async () => {
      const lived = await liveThroughNewsday(town, { seed, articles: ARTICLES, rules, mostMs: MOST_MS });
      console.log(`${lived.kills} died; ${lived.setAside} files set aside`);
      expect(lived.kills).toBeGreaterThan(rules.length / 2);
    });
  }
});

test('a thousand articles from every door come in whole in any storm', async () => {
  for (const seed of seeds(1)) {
    const rules = publishingStorm({ kills: 30, freezes: 6 });
    console.log(`COURANT_SEED=${seed}: ${ARTICLES} articles in a storm`);
    await seeded(seed, 'a storm', async () => {
      const lived = await liveThroughNewsday(town, { seed, articles: ARTICLES, rules, mostMs: MOST_MS });
      console.log(`${lived.kills} died, ${lived.freezes} were frozen; ${lived.setAside} files set aside`);
      expect(lived.kills + lived.freezes).toBeGreaterThan(10);
    });
  }
});

const inAll = (point: Strike): Strike => ({
  ...point,
  times: point.times < SELDOM ? point.times : Math.round((point.times * ARTICLES) / IN_CALM),
});
