import { environment } from '../../shared/environment.ts';
import { scheduleHandler } from '../../shared/schedule.ts';
import { dynamoClient, dynamoTable } from '../../shared/storage/table.dynamo.ts';
import { now, SECOND_MS } from '../../shared/time.ts';
import { dynamoSubscribers } from '../subscribers.dynamo.ts';
import { type Counting, countEvents } from './count.ts';
import { dynamoGrowth } from './growth.dynamo.ts';

export const handler = scheduleHandler({ connect, work: countEvents });

const notHere = (): never => {
  throw new Error('Whoever counts looks nobody up by address and saves nobody.');
};

function connect(): Counting {
  const table = dynamoTable(dynamoClient(), environment('TABLE_SUBSCRIBERS'));
  return {
    table,
    subscribers: dynamoSubscribers({ table, addressKeys: notHere, newId: notHere }),
    growth: dynamoGrowth(table),
    now,
    workMs: 40 * SECOND_MS,
  };
}
