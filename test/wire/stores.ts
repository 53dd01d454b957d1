import { afterAll, beforeAll, beforeEach, describe } from 'vitest';
import type { Bucket } from '../../functions/shared/storage/bucket.ts';
import type { Table } from '../../functions/shared/storage/table.ts';
import { type Emulators, startEmulators } from '../support/emulators.ts';
import { memoryBucket } from '../support/memoryBucket.ts';
import { memoryTable } from '../support/memoryTable.ts';
import { type Newsdesk, openNewsdesk } from './newsdesk.ts';

interface Stores {
  readonly table: Table;
  readonly bucket: Bucket;
  readonly desk: Newsdesk;
}

/** The same facts on the fakes and over the real protocols; each test has stores of its own. */
export const onEveryStore = (facts: (stores: () => Stores) => void): void => {
  describe.each(['memory', 'dynalite'])('on %s', (kind) => {
    let emulators: Emulators | undefined;
    let stores: Stores | undefined;

    beforeAll(async () => {
      if (kind === 'dynalite') emulators = await startEmulators();
    });

    afterAll(() => emulators?.stop());

    beforeEach(async () => {
      const table = emulators ? await emulators.table() : memoryTable();
      const bucket = emulators ? await emulators.bucket() : memoryBucket();
      stores = { table, bucket, desk: openNewsdesk(table, bucket) };
    });

    facts(() => {
      if (!stores) throw new Error('The stores are there within a test only.');
      return stores;
    });
  });
};
