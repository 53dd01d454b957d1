import { z } from 'zod';
import { sha256 } from '../../shared/hash.ts';
import type { Table } from '../../shared/storage/table.ts';
import { addMs, DAY_MS, epochSeconds, type Instant } from '../../shared/time.ts';

const kept = z.object({ tries: z.int() });

/** How often a file was begun. One that ends the process each time must not keep all others waiting for ever. */
export interface Tries {
  /** Counts another; says which it is, from 1. */
  begin(path: string, etag: string, now: Instant): Promise<number>;
}

export const dynamoTries = (table: Table): Tries => ({
  async begin(path, etag, now) {
    // What was written over is another file, and starts anew.
    const key = { pk: `INBOX#${sha256(JSON.stringify([path, etag]))}`, sk: 'TRIES' };
    const item = await table.get(key);
    const tries = (item ? kept.parse(item).tries : 0) + 1;
    // Two at the same moment count as one: it is a guard, and no promise.
    await table.put({ ...key, tries, expiresAtSeconds: epochSeconds(addMs(now, 7 * DAY_MS)) });
    return tries;
  },
});
