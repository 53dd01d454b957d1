import type { Table } from '../../shared/storage/table.ts';
import { addMs, epochSeconds, HOUR_MS, type Instant } from '../../shared/time.ts';
import type { NetworkLimit } from '../ports.ts';

/** Generous, since a town hall or a mobile network stands behind one address; tight enough for a list of strangers. */
const MOST_PER_HOUR = 60;
const MOST_TRIES = 10;

/** One counter per network and hour, raised by conditional puts and forgotten by the table after two hours. */
export const dynamoNetworkLimit = (table: Table, mostPerHour = MOST_PER_HOUR): NetworkLimit => ({
  async admits(network: string, now: Instant) {
    const hour = now.slice(0, 13);
    const key = { pk: `NETWORK#${network}#${hour}`, sk: 'COUNT' };
    const expiresAtSeconds = epochSeconds(addMs(now, 2 * HOUR_MS));
    for (let tries = 0; tries < MOST_TRIES; tries++) {
      const item = await table.get(key);
      const count = typeof item?.['count'] === 'number' ? item['count'] : 0;
      if (count >= mostPerHour) return false;
      const condition = item ? { is: { count } } : ('absent' as const);
      if ((await table.put({ ...key, count: count + 1, expiresAtSeconds }, condition)) === 'written') return true;
    }
    // Somebody floods us from there: then not to know the count is to have reached it.
    return false;
  },
});
