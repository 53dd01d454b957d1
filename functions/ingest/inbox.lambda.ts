import { ulid } from 'ulid';
import { loadNewsroom } from '../shared/config.ts';
import { environment, siteUrl } from '../shared/environment.ts';
import { scheduleHandler } from '../shared/schedule.ts';
import { s3Bucket, s3Client } from '../shared/storage/bucket.s3.ts';
import { sqsClient, sqsDoorbell } from '../shared/storage/doorbell.sqs.ts';
import { dynamoClient, dynamoTable } from '../shared/storage/table.dynamo.ts';
import { now, nowMs } from '../shared/time.ts';
import { bucketBodies } from '../wire/bodies.s3.ts';
import { dynamoPublisher } from '../wire/publisher.dynamo.ts';
import { dynamoGuard } from './inbox/guard.dynamo.ts';
import { bucketInbox } from './inbox/inbox.s3.ts';
import { type InboxPorts, takeAll } from './inbox/takeAll.ts';

/** Every minute: takes the files that lie in the inbox, and lays a report beside each. */
export const handler = scheduleHandler({ connect, work: takeAll });

async function connect(): Promise<InboxPorts> {
  const newId = (): string => ulid(nowMs());
  const table = dynamoTable(dynamoClient(), environment('TABLE_WIRE'));
  const bucket = s3Bucket(s3Client(), environment('BUCKET_PRIVATE'));
  return {
    publisher: dynamoPublisher({
      table,
      bodies: bucketBodies(bucket),
      feedsBell: sqsDoorbell(sqsClient(), environment('QUEUE_FEEDS')),
      now,
      newId,
      random: Math.random,
    }),
    inbox: bucketInbox(bucket),
    guard: dynamoGuard(table, newId),
    newsroom: await loadNewsroom(),
    siteUrl: siteUrl(),
    now,
  };
}
