import { loadNewsroom } from '../shared/config.ts';
import { environment } from '../shared/environment.ts';
import { scheduleHandler } from '../shared/schedule.ts';
import { s3Bucket, s3Client } from '../shared/storage/bucket.s3.ts';
import { sqsClient, sqsDoorbell } from '../shared/storage/doorbell.sqs.ts';
import { dynamoClient, dynamoTable } from '../shared/storage/table.dynamo.ts';
import { now } from '../shared/time.ts';
import { bucketBodies } from '../wire/bodies.s3.ts';
import { dynamoWire } from '../wire/wire.dynamo.ts';
import { dynamoLedger } from './ledger/ledger.dynamo.ts';
import { type Sweeping, sweepEditions } from './planning/sweep.ts';

export const handler = scheduleHandler({ connect, work: sweepEditions });

async function connect(): Promise<Sweeping> {
  const client = dynamoClient();
  const queues = sqsClient();
  const bodies = bucketBodies(s3Bucket(s3Client(), environment('BUCKET_PRIVATE')));
  return {
    ledger: dynamoLedger(dynamoTable(client, environment('TABLE_LEDGER'))),
    wire: dynamoWire(dynamoTable(client, environment('TABLE_WIRE')), bodies),
    press: { newsroom: await loadNewsroom() },
    editionsBell: sqsDoorbell(queues, environment('QUEUE_EDITIONS')),
    pagesBell: sqsDoorbell(queues, environment('QUEUE_PAGES')),
    now,
  };
}
