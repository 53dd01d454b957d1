import { randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { newsroomKeyItem } from '../../../functions/shared/http/newsroomKey.ts';
import type { Table } from '../../../functions/shared/storage/table.ts';
import { now } from '../../../functions/shared/time.ts';
import type { NamedKey } from '../../namedKeys.ts';

type Keys = readonly [NamedKey, ...NamedKey[]];

/** The newsroom keys of this run: those that were set, else the one of earlier runs, else a new one. */
export const newsroomKeys = (file: string, set: Keys | undefined): Keys => {
  if (set !== undefined) return set;
  try {
    return [{ key: readFileSync(file, 'utf8').trim() }];
  } catch {
    // The first run with this data.
    const made = `courant_${randomBytes(32).toString('base64url')}`;
    writeFileSync(file, `${made}\n`, { mode: 0o600 });
    return [{ key: made }];
  }
};

/** Only the hash goes into the table. Keys of earlier runs stay good. */
export const registerKeys = async (table: Table, keys: Keys): Promise<void> => {
  for (const { key, name } of keys) await table.put(newsroomKeyItem(key, now(), name));
};
