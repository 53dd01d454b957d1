import { afterAll, beforeAll, expect, test } from 'vitest';
import { readersFor, sendAtRate } from '../chaos/pace.ts';
import { openTown, type Town } from '../chaos/town.ts';

/**
 * How much of the rate is used is the chaos runs’ to say (`npm run test:chaos`) and that of `test/digest/pace.test.ts`,
 * by a turned clock: a busy machine cannot always keep up. That no second ever holds more holds on every machine.
 */
const SECONDS = 1;
let town: Town;

beforeAll(async () => {
  town = await openTown(readersFor({ perSecond: 500, seconds: SECONDS }));
}, 240_000);
afterAll(() => town.stop());

test.each([14, 500])(
  'two processes never call SES more often than %i times in a second',
  async (perSecond) => {
    const kept = await sendAtRate(town, { perSecond, seconds: SECONDS });
    expect(kept.called).toBeLessThanOrEqual(perSecond);
    expect(kept.calls).toBeGreaterThan(2 * perSecond);
    expect(kept.taken).toBeLessThanOrEqual(kept.calls);
  },
  240_000,
);
