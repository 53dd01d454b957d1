import type { Edition } from '../ledger/edition.ts';
import { reached } from '../ledger/edition.ts';
import type { Standing } from '../ledger/standing.ts';
import type { Planning, Step } from '../planning/ports.ts';
import { sampled } from './rate.ts';

/**
 * Pages that are rung for and not done: what twenty seconds at 500 mails a second need. Whoever counts the edition
 * reads no more than these, and whoever stops it has no thousand doorbells under way.
 */
const MOST_OPEN = 400;

/** How many more pages may be rung for. After a pause some are open whose doorbells have come to nothing: they ring again. */
export const roomFor = ({ rung }: Pick<Edition, 'rung'>, { openPages }: Standing): number =>
  MOST_OPEN - openPages.filter((page) => page <= rung).length;

/** Rings for the next pages; first it is written down how far anybody may be at work. */
export const ringPages = async (
  { ledger, pagesBell, now }: Planning,
  edition: Edition,
  { standing, last }: { readonly standing: Standing; readonly last: number },
): Promise<Step> => {
  const through = Math.min(edition.rung + roomFor(edition, standing), last);
  const reach = Math.max(reached(edition), through);
  const going = sampled(edition, standing, now()) ?? edition;
  const noted = await ledger.save({ ...going, reach, touchedAt: now() });
  if (!noted) return 'again';
  const numbers = Array.from({ length: through - edition.rung }, (_, i) => edition.rung + 1 + i);
  await pagesBell.ring(...numbers.map((page) => ({ edition: edition.id, page })));
  await ledger.save({ ...noted, rung: through });
  return 'later';
};
