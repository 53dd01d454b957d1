import * as z from 'zod';
import { sha256 } from '../../shared/hash.ts';
import type { Table } from '../../shared/storage/table.ts';
import { addMs, DAY_MS, epochSeconds, type Instant, MINUTE_MS } from '../../shared/time.ts';

const held = z.object({ by: z.string(), until: z.string() });
const kept = z.object({ tries: z.int() });

/** Keeps the minutes apart, and a file that ends the process from keeping all others waiting for ever. */
export interface Guard {
  /** The inbox for oneself; `undefined`: somebody else is at it. Whoever dies with it keeps it for six minutes. */
  hold(now: Instant): Promise<{ release(): Promise<void> } | undefined>;
  /** Counts that the file was begun once more; says how often, from 1. */
  begin(path: string, etag: string, now: Instant): Promise<number>;
}

/** Longer than the function may run. */
const LEASE_MS = 6 * MINUTE_MS;
const LEASE = { pk: 'INBOX', sk: 'LEASE' };

export const dynamoGuard = (table: Table, newId: () => string): Guard => ({
  async hold(now) {
    const item = await table.get(LEASE);
    const before = item && held.parse(item);
    if (before && before.until > now) return undefined;
    const by = newId();
    const lease = { ...LEASE, by, until: addMs(now, LEASE_MS) };
    const written = await table.put(lease, before ? { is: { by: before.by } } : 'absent');
    // Refused may mean that our own first try was taken.
    const isOurs = written === 'written' || (await table.get(LEASE))?.['by'] === by;
    return isOurs ? { release: async () => void (await table.delete(LEASE, { is: { by } })) } : undefined;
  },

  async begin(path, etag, now) {
    // What was written over is another file, and starts anew.
    const key = { pk: `INBOX#${sha256(JSON.stringify([path, etag]))}`, sk: 'TRIES' };
    const item = await table.get(key);
    const tries = (item ? kept.parse(item).tries : 0) + 1;
    await table.put({ ...key, tries, expiresAtSeconds: epochSeconds(addMs(now, 7 * DAY_MS)) });
    return tries;
  },
});
