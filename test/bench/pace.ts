import { mostInASecond } from '../mail/aTurnedClock.ts';
import { runQuota } from '../support/quotaRun.ts';
import { printTable, type Row } from './table.ts';

/** The second process has its share after four seconds; what comes before is not looked at. */
const WARM_UP_MS = 5000;

/** Two processes against the local SES, which turns down what is too fast: how much of its rate they use. */
export const benchPace = async (): Promise<void> => {
  const rows: Row[] = [];
  for (const [rate, seconds] of [
    [14, 25],
    [100, 15],
    [500, 15],
  ] as const) {
    const { called, taken, throttled } = await runQuota(rate, seconds, 2);
    const from = Math.min(...taken) + WARM_UP_MS;
    const later = taken.filter((at) => at >= from);
    const average = ((later.length - 1) * 1000) / (Math.max(...later) - from);
    rows.push({
      what: `${rate} a second granted`,
      figure: `${((average / rate) * 100).toFixed(1)} %`,
      note: `of it used on average; at most ${mostInASecond(called)} calls in any second, ${throttled} of ${called.length} turned down as too fast`,
    });
  }
  printTable('Pace: two processes, one rate (at least 95 % of it, never more in any second)', rows);
};
