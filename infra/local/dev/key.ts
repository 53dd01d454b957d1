import { randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { newsroomKeyItem } from '../../../functions/shared/http/newsroomKey.ts';
import type { Table } from '../../../functions/shared/storage/table.ts';
import { now } from '../../../functions/shared/time.ts';

/** The newsroom key of this run: the one that was set, else the one of earlier runs, else a new one. */
export const newsroomKey = (file: string, set: string | undefined): string => {
  if (set !== undefined) return set;
  try {
    return readFileSync(file, 'utf8').trim();
  } catch {
    // The first run with this data.
    const made = `courant_${randomBytes(32).toString('base64url')}`;
    writeFileSync(file, `${made}\n`, { mode: 0o600 });
    return made;
  }
};

/** Only the hash goes into the table. Keys of earlier runs stay good. */
export const registerKey = async (keys: Table, key: string): Promise<void> => {
  await keys.put(newsroomKeyItem(key, now()));
};
