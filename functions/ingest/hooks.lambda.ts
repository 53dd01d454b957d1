import { ulid } from 'ulid';
import { loadNewsroom } from '../shared/config.ts';
import { environment, siteUrl } from '../shared/environment.ts';
import { httpHandler } from '../shared/http/door.ts';
import { s3Bucket, s3Client } from '../shared/storage/bucket.s3.ts';
import { sqsClient, sqsDoorbell } from '../shared/storage/doorbell.sqs.ts';
import { dynamoClient, dynamoTable } from '../shared/storage/table.dynamo.ts';
import { now, nowMs } from '../shared/time.ts';
import { knownTokenKeys } from '../shared/tokenKeys.ts';
import { bucketBodies } from '../wire/bodies.s3.ts';
import { dynamoPublisher } from '../wire/publisher.dynamo.ts';
import { type Hooks, hookRoutes } from './hooks/hooks.routes.ts';
import { dynamoSources } from './sources/sources.dynamo.ts';

export const handler = httpHandler({ routes: hookRoutes, connect });

async function connect(): Promise<Hooks> {
  const client = dynamoClient();
  const sqs = sqsClient();
  const keys = dynamoTable(client, environment('TABLE_KEYS'));
  return {
    sources: dynamoSources(dynamoTable(client, environment('TABLE_SOURCES'))),
    bell: sqsDoorbell(sqs, environment('QUEUE_SOURCES')),
    publisher: dynamoPublisher({
      table: dynamoTable(client, environment('TABLE_WIRE')),
      bodies: bucketBodies(s3Bucket(s3Client(), environment('BUCKET_PRIVATE'))),
      feedsBell: sqsDoorbell(sqs, environment('QUEUE_FEEDS')),
      now,
      newId: () => ulid(nowMs()),
      random: Math.random,
    }),
    hookKeys: async () => (await knownTokenKeys(keys, 'hooks')) ?? { byId: new Map() },
    newsroom: await loadNewsroom(),
    siteUrl: siteUrl(),
    now,
  };
}
