import { ulid } from 'ulid';
import * as z from 'zod';
import { openFetch } from '../../border/fetch/fetch.ts';
import { allowedIn } from '../../border/fetch/target.ts';
import { loadNewsroom } from '../../shared/config.ts';
import { environment, optionalEnvironment, siteUrl } from '../../shared/environment.ts';
import { queueHandler } from '../../shared/queue.ts';
import { s3Bucket, s3Client } from '../../shared/storage/bucket.s3.ts';
import { sqsClient, sqsDoorbell } from '../../shared/storage/doorbell.sqs.ts';
import { dynamoClient, dynamoTable } from '../../shared/storage/table.dynamo.ts';
import { now, nowMs } from '../../shared/time.ts';
import { bucketBodies } from '../../wire/bodies.s3.ts';
import { dynamoPublisher } from '../../wire/publisher.dynamo.ts';
import { pollHost } from './polling/poll.ts';
import type { Polling } from './ports.ts';
import { threadReader } from './reading/reader.ts';
import { dynamoSources } from './sources.dynamo.ts';
import { userAgentOf } from './userAgent.ts';

/** Hosts of one batch are asked at the same time: most of a look is waiting. */
const AT_ONCE = 10;

export const handler = queueHandler({
  message: z.strictObject({ host: z.string().max(300), sources: z.array(z.string().max(60)).max(100) }),
  connect,
  work: (ports: Polling, message) => pollHost(ports, message),
  atOnce: AT_ONCE,
});

async function connect(): Promise<Polling> {
  const client = dynamoClient();
  const newsroom = await loadNewsroom();
  return {
    sources: dynamoSources(dynamoTable(client, environment('TABLE_SOURCES'))),
    fetch: openFetch({
      userAgent: userAgentOf(newsroom, siteUrl(), environment('COURANT_VERSION')),
      // Addresses of one's own network that a run on this machine may ask; nothing on AWS sets it.
      allowed: allowedIn(optionalEnvironment('FETCH_ALLOW')),
    }),
    reader: threadReader({ newsroom, siteUrl: siteUrl() }),
    publisher: dynamoPublisher({
      table: dynamoTable(client, environment('TABLE_WIRE')),
      bodies: bucketBodies(s3Bucket(s3Client(), environment('BUCKET_PRIVATE'))),
      feedsBell: sqsDoorbell(sqsClient(), environment('QUEUE_FEEDS')),
      now,
      newId: () => ulid(nowMs()),
      random: Math.random,
    }),
    timeZone: newsroom.timeZone,
    now,
    random: Math.random,
  };
}
