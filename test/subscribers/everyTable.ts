import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe } from 'vitest';
import { hmacSha256 } from '../../functions/shared/hash.ts';
import type { Key, Table } from '../../functions/shared/storage/table.ts';
import type { TokenKeys } from '../../functions/shared/tokenKeys.ts';
import type { Subscribers } from '../../functions/subscribers/ports.ts';
import { dynamoSubscribers } from '../../functions/subscribers/subscribers.dynamo.ts';
import { type Emulators, startEmulators } from '../support/emulators.ts';
import { memoryTable } from '../support/memoryTable.ts';

const secret = Buffer.alloc(32, 5);
const addressKeys: TokenKeys = { current: { id: '0001', secret }, byId: new Map([['0001', secret]]) };

export const subscribersOn = (table: Table): Subscribers =>
  dynamoSubscribers({
    table,
    addressKeys: async () => addressKeys,
    newId: () => randomBytes(16).toString('hex'),
  });

/** The key of the row that gives this address to a subscriber. */
export const addressRow = (address: string): Key => ({
  pk: `ADDRESS#${hmacSha256(secret, address).toString('hex')}`,
  sk: 'ADDRESS',
});

interface Store {
  readonly table: Table;
  readonly subscribers: Subscribers;
}

/** The same facts on the fake and over the real protocol; each test has a table of its own. */
export const onEveryTable = (facts: (store: () => Store) => void): void => {
  describe.each(['memory', 'dynalite'])('on %s', (kind) => {
    let emulators: Emulators | undefined;
    let store: Store | undefined;

    beforeAll(async () => {
      if (kind === 'dynalite') emulators = await startEmulators();
    });
    afterAll(() => emulators?.stop());
    beforeEach(async () => {
      const table = emulators ? await emulators.table() : memoryTable();
      store = { table, subscribers: subscribersOn(table) };
    });

    facts(() => {
      if (!store) throw new Error('The store is there within a test only.');
      return store;
    });
  });
};
