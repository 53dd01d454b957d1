import { environment } from '../shared/environment.ts';
import { openHouse } from '../shared/page/house.ts';
import { queueHandler } from '../shared/queue.ts';
import { s3Bucket, s3Client } from '../shared/storage/bucket.s3.ts';
import { sqsClient, sqsDoorbell } from '../shared/storage/doorbell.sqs.ts';
import { dynamoClient, dynamoTable } from '../shared/storage/table.dynamo.ts';
import { MINUTE_MS, now } from '../shared/time.ts';
import { withTopicsNow } from '../subscribers/topicsNow.ts';
import { bucketBodies } from '../wire/bodies.s3.ts';
import { wireWithTopicsNow } from '../wire/topicsNow.ts';
import { dynamoWire } from '../wire/wire.dynamo.ts';
import { bucketPieces } from './composing/pieces.s3.ts';
import { EditionDoorbell } from './doorbells.ts';
import { dynamoLedger } from './ledger/ledger.dynamo.ts';
import { lookAtEdition } from './planning/look.ts';
import type { Planning } from './planning/ports.ts';
import { dynamoReaders } from './planning/readers.dynamo.ts';

export const handler = queueHandler({ message: EditionDoorbell, connect, work: lookAtEdition });

async function connect(): Promise<Planning> {
  const client = dynamoClient();
  const queues = sqsClient();
  const bucket = s3Bucket(s3Client(), environment('BUCKET_PRIVATE'));
  const press = await openHouse();
  const wire = dynamoWire(dynamoTable(client, environment('TABLE_WIRE')), bucketBodies(bucket));
  const readers = dynamoReaders(dynamoTable(client, environment('TABLE_SUBSCRIBERS')));
  return {
    ledger: dynamoLedger(dynamoTable(client, environment('TABLE_LEDGER'))),
    wire: wireWithTopicsNow(wire, press.newsroom),
    subscribers: withTopicsNow(readers, press.newsroom),
    press,
    shelf: bucketPieces(bucket),
    editionsBell: sqsDoorbell(queues, environment('QUEUE_EDITIONS')),
    pagesBell: sqsDoorbell(queues, environment('QUEUE_PAGES')),
    now,
    // A fifth of the function's time: one step may take long after the last look at the clock.
    sliceMs: MINUTE_MS,
  };
}
