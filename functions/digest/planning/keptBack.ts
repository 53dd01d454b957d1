import type { Newsletter } from '../../shared/config.ts';
import { addMs, type Instant, MINUTE_MS } from '../../shared/time.ts';
import type { Edition } from '../ledger/edition.ts';

/**
 * Until when an edition that may go is kept back; `null`: not at all. One that was made at its cut-off waits for its
 * slot. And there is time for whoever wants to stop it after all: for an edition of a slot as its newsletter says, for
 * one that somebody asked for as he said; news that goes out at once has waited for its kind already.
 */
export const keptBackUntil = (
  { slot, cadence, undoMinutes }: Pick<Edition, 'slot' | 'cadence' | 'undoMinutes'>,
  newsletter: Newsletter | undefined,
  now: Instant,
): Instant | null => {
  const isPlanned = slot !== null && cadence !== 'immediate';
  const minutes = isPlanned ? (newsletter?.undoMinutes ?? 0) : undoMinutes;
  const latest = [slot ?? now, addMs(now, minutes * MINUTE_MS)].sort().at(-1) ?? now;
  return latest > now ? latest : null;
};
