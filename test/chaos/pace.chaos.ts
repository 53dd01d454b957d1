import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Rate, readersFor, sendAtRate } from './pace.ts';
import { openTown, type Town } from './town.ts';

const RATES: readonly Rate[] = [
  { perSecond: 14, seconds: 30 },
  { perSecond: 500, seconds: 15 },
];

let town: Town;

beforeAll(async () => {
  town = await openTown(Math.max(...RATES.map(readersFor)));
});
afterAll(() => town.stop());

test.each(RATES)(
  'two processes keep to $perSecond mails a second in every second, and use 95 % of it',
  async (rate) => {
    const { share, called, arrived, calls, taken } = await sendAtRate(town, rate);
    const most = `at most ${called} calls in any second, ${arrived} as they came before SES`;
    console.log(
      `${rate.perSecond} a second: ${(share * 100).toFixed(1)} % used, ${most}, ${calls - taken} of ${calls} not taken`,
    );
    expect(called).toBeLessThanOrEqual(rate.perSecond);
    expect(share).toBeGreaterThanOrEqual(0.95);
  },
);
