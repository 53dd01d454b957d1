import { randomBytes } from 'node:crypto';
import { environment } from '../shared/environment.ts';
import { scheduleHandler } from '../shared/schedule.ts';
import { sqsClient, sqsDoorbell } from '../shared/storage/doorbell.sqs.ts';
import { dynamoClient, dynamoTable } from '../shared/storage/table.dynamo.ts';
import { now } from '../shared/time.ts';
import { ringForDue, type Sweep } from './confirming/sweep.ts';
import { dynamoSubscribers } from './subscribers.dynamo.ts';

export const handler = scheduleHandler({ connect, work: ringForDue });

function connect(): Sweep {
  return {
    subscribers: dynamoSubscribers({
      table: dynamoTable(dynamoClient(), environment('TABLE_SUBSCRIBERS')),
      addressKeys: () => Promise.reject(new Error('The sweep looks nobody up by address.')),
      newId: () => randomBytes(16).toString('hex'),
    }),
    bell: sqsDoorbell(sqsClient(), environment('QUEUE_CONFIRMATIONS')),
    now,
  };
}
