import { randomBytes } from 'node:crypto';
import { dynamoLedger } from '../digest/ledger/ledger.dynamo.ts';
import { environment } from '../shared/environment.ts';
import { once } from '../shared/once.ts';
import { groupHandler } from '../shared/queue.ts';
import { sqsClient, sqsDoorbell } from '../shared/storage/doorbell.sqs.ts';
import { dynamoClient, dynamoTable } from '../shared/storage/table.dynamo.ts';
import { readTokenKeys } from '../shared/tokenKeys.ts';
import { dynamoSubscribers } from '../subscribers/subscribers.dynamo.ts';
import { type Feedback, Told, takeFeedback, togetherBy } from './feedback.ts';
import { dynamoMailboxes } from './mailboxes.dynamo.ts';

export const handler = groupHandler({ message: Told, connect, groupOf: togetherBy, work: takeFeedback, atOnce: 8 });

function connect(): Feedback {
  const client = dynamoClient();
  const keys = dynamoTable(client, environment('TABLE_KEYS'));
  const subscribers = dynamoTable(client, environment('TABLE_SUBSCRIBERS'));
  return {
    mailboxes: dynamoMailboxes(subscribers),
    ledger: dynamoLedger(dynamoTable(client, environment('TABLE_LEDGER'))),
    subscribers: dynamoSubscribers({
      table: subscribers,
      addressKeys: once(() => readTokenKeys(keys, 'addresses')),
      newId: () => randomBytes(16).toString('hex'),
    }),
    editionsBell: sqsDoorbell(sqsClient(), environment('QUEUE_EDITIONS')),
    topicArn: environment('SES_TOPIC_ARN'),
  };
}
