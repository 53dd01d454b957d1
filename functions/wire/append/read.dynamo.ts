import type { Item, Table } from '../../shared/storage/table.ts';
import { BUCKET_SIZE, bucketKey, HEAD, seqKey } from './keys.dynamo.ts';
import { type LoggedEntry, loggedEntry } from './logged.ts';

export const parseEntry = (item: Item): LoggedEntry => loggedEntry.parse(item);

export const readHeadMark = async (table: Table, how: { fresh: boolean }): Promise<number> => {
  const mark = await table.get(HEAD, { consistent: how.fresh });
  return mark ? Number(mark['seq']) : 0;
};

/**
 * The entries after a `seq`, in order, at most `limit`. They end at the first number that is missing: an entry behind a
 * hole may be seen by a read that is a moment old, and whoever stepped over the hole would never come back to it.
 */
export const readEntries = async (
  table: Table,
  after: number,
  limit: number,
  how: { fresh: boolean },
): Promise<LoggedEntry[]> => {
  const found: LoggedEntry[] = [];
  let last = after;
  while (found.length < limit) {
    const first = last + 1;
    const range = { pk: bucketKey(first), from: seqKey(first), limit: limit - found.length, consistent: how.fresh };
    for (const item of await table.query(range)) {
      const entry = parseEntry(item);
      if (entry.seq !== last + 1) return found;
      found.push(entry);
      last = entry.seq;
    }
    const bucketIsFull = last >= first && (last + 1) % BUCKET_SIZE === 0;
    if (!bucketIsFull) return found;
  }
  return found;
};
