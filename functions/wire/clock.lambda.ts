import { ulid } from 'ulid';
import { environment } from '../shared/environment.ts';
import { scheduleHandler } from '../shared/schedule.ts';
import { s3Bucket, s3Client } from '../shared/storage/bucket.s3.ts';
import { sqsClient, sqsDoorbell } from '../shared/storage/doorbell.sqs.ts';
import { dynamoClient, dynamoTable } from '../shared/storage/table.dynamo.ts';
import { now, nowMs } from '../shared/time.ts';
import { bucketBodies } from './bodies.s3.ts';
import type { Publisher } from './ports.ts';
import { dynamoPublisher } from './publisher.dynamo.ts';

const connect = (): Publisher =>
  dynamoPublisher({
    table: dynamoTable(dynamoClient(), environment('TABLE_WIRE')),
    bodies: bucketBodies(s3Bucket(s3Client(), environment('BUCKET_PRIVATE'))),
    feedsBell: sqsDoorbell(sqsClient(), environment('QUEUE_FEEDS')),
    now,
    newId: () => ulid(nowMs()),
    random: Math.random,
  });

/** Every minute: publishes what is due and ends what is over. Each entry rings the feeds' bell, as any other does. */
export const handler = scheduleHandler({ connect, work: async (publisher) => void (await publisher.ringClock()) });
