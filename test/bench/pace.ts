import { type Rate, readersFor, sendAtRate } from '../chaos/pace.ts';
import { openTown } from '../chaos/town.ts';
import { printTable, type Row } from './table.ts';

const RATES: readonly Rate[] = [
  { perSecond: 14, seconds: 25 },
  { perSecond: 100, seconds: 15 },
  { perSecond: 500, seconds: 15 },
];

/** Two processes send an edition, page by page, to the local SES, which turns down what is too fast. */
export const benchPace = async (): Promise<void> => {
  const town = await openTown(Math.max(...RATES.map(readersFor)));
  const rows: Row[] = [];
  try {
    for (const rate of RATES) {
      const { share, called, arrived, calls, taken } = await sendAtRate(town, rate);
      rows.push({
        what: `${rate.perSecond} a second granted`,
        figure: `${(share * 100).toFixed(1)} %`,
        note: `of it used on average; at most ${called} calls in any second (${arrived} before SES), ${calls - taken} of ${calls} not taken`,
      });
    }
  } finally {
    await town.stop();
  }
  printTable('Pace: two processes send pages at one rate (at least 95 % of it, never more in any second)', rows);
};
