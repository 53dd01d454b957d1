import type { Table } from '../../shared/storage/table.ts';
import type { Subscribers } from '../../subscribers/ports.ts';
import { dynamoSubscribers } from '../../subscribers/subscribers.dynamo.ts';

/** Subscribers for those who only read them by their ids: without the key that finds them by address. */
export const dynamoReaders = (table: Table): Pick<Subscribers, 'audience' | 'byIds'> =>
  dynamoSubscribers({ table, addressKeys: notHere, newId: notHere });

const notHere = (): never => {
  throw new Error('Whoever sends editions looks nobody up by address and saves nobody.');
};
