import type { Newsletter } from '../../shared/config.ts';
import { addMs, type Instant, MINUTE_MS } from '../../shared/time.ts';
import type { Edition } from '../ledger/edition.ts';

/**
 * Until when an edition that may go is kept back, for whoever wants to stop it after all; `null`: not at all. One of a
 * slot waits as its newsletter says, one that somebody asked for as he said, and news that goes out at once has waited
 * for its kind already.
 */
export const undoUntil = (
  { slot, cadence, undoMinutes }: Pick<Edition, 'slot' | 'cadence' | 'undoMinutes'>,
  newsletter: Newsletter | undefined,
  now: Instant,
): Instant | null => {
  const isPlanned = slot !== null && cadence !== 'immediate';
  const minutes = isPlanned ? (newsletter?.undoMinutes ?? 0) : undoMinutes;
  return minutes > 0 ? addMs(now, minutes * MINUTE_MS) : null;
};
