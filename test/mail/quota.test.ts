import { expect, test } from 'vitest';
import { runQuota } from '../support/quotaRun.ts';
import { mostInASecond } from './aTurnedClock.ts';

/**
 * How much of the rate is used is the bench’s to say (`npm run bench pace`) and that of `speed.test.ts`, by a turned
 * clock: a busy machine cannot always keep up. That no second ever holds more holds on every machine.
 */
test.concurrent.each([14, 500])(
  'two processes never call SES more often than %i times in a second',
  async (rate) => {
    const { called, taken, throttled } = await runQuota(rate, 6, 2);
    expect(mostInASecond(called)).toBeLessThanOrEqual(rate);
    expect(called.length).toBeGreaterThan(rate);
    expect(taken.length + throttled).toBe(called.length);
  },
  60_000,
);
