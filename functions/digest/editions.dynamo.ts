import type { Table } from '../shared/storage/table.ts';
import type { Editions } from './editions.ts';
import { dynamoLedger } from './ledger/ledger.dynamo.ts';

export const dynamoEditions = (table: Table): Editions => {
  const ledger = dynamoLedger(table);
  return {
    byId: (id) => ledger.edition(id),
    latest: (newsletter, limit) => ledger.newest(newsletter, { limit }),
  };
};
