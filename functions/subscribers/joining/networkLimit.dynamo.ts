import { sha256 } from '../../shared/hash.ts';
import type { Table } from '../../shared/storage/table.ts';
import { addMs, epochSeconds, HOUR_MS, type Instant } from '../../shared/time.ts';
import type { NetworkLimit } from '../ports.ts';

/** Generous, since a town hall or a mobile network stands behind one address; tight enough for a list of strangers. */
const MOST_PER_HOUR = 60;
/**
 * For all networks together, so that a list of strangers spread over thousands of machines stays bounded: 20,000 an
 * hour, counted in 16 parts, since one item for everybody would be in everybody's way.
 */
const PARTS = 16;
const MOST_IN_PART = 20_000 / PARTS;
const MOST_TRIES = 10;

interface Most {
  readonly ofNetwork: number;
  readonly inPart: number;
}

/** Counters per hour, raised by conditional puts and forgotten by the table after two hours. */
export const dynamoNetworkLimit = (
  table: Table,
  { ofNetwork, inPart }: Most = { ofNetwork: MOST_PER_HOUR, inPart: MOST_IN_PART },
): NetworkLimit => ({
  admits: async (network, now) =>
    (await countIn(table, network, now, ofNetwork)) &&
    (await countIn(table, `all-${Number.parseInt(sha256(network).slice(0, 4), 16) % PARTS}`, now, inPart)),
});

const countIn = async (table: Table, counted: string, now: Instant, most: number): Promise<boolean> => {
  const key = { pk: `NETWORK#${counted}#${now.slice(0, 13)}`, sk: 'COUNT' };
  const expiresAtSeconds = epochSeconds(addMs(now, 2 * HOUR_MS));
  for (let tries = 0; tries < MOST_TRIES; tries++) {
    const item = await table.get(key);
    const count = typeof item?.['count'] === 'number' ? item['count'] : 0;
    if (count >= most) return false;
    const condition = item ? { is: { count } } : ('absent' as const);
    if ((await table.put({ ...key, count: count + 1, expiresAtSeconds }, condition)) === 'written') return true;
  }
  // Somebody floods us from there: then not to know the count is to have reached it.
  return false;
};
