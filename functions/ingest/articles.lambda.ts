import { ulid } from 'ulid';
import { loadNewsroom } from '../shared/config.ts';
import { environment, siteUrl } from '../shared/environment.ts';
import { httpHandler } from '../shared/http/door.ts';
import { newsroomGatekeeper } from '../shared/http/newsroomKey.ts';
import { s3Bucket, s3Client } from '../shared/storage/bucket.s3.ts';
import { sqsClient, sqsDoorbell } from '../shared/storage/doorbell.sqs.ts';
import { dynamoClient, dynamoTable } from '../shared/storage/table.dynamo.ts';
import { now, nowMs } from '../shared/time.ts';
import { readTokenKeys } from '../shared/tokenKeys.ts';
import { dynamoArticles } from '../wire/articles.dynamo.ts';
import { bucketBodies } from '../wire/bodies.s3.ts';
import { dynamoPublisher } from '../wire/publisher.dynamo.ts';
import { dynamoWire } from '../wire/wire.dynamo.ts';
import { wireRoutes } from '../wire/wire.routes.ts';
import { articleRoutes } from './articles.routes.ts';
import type { Ingest } from './ports.ts';

export const handler = httpHandler({
  routes: [...articleRoutes, ...wireRoutes],
  connect,
  gatekeeper: newsroomGatekeeper,
});

async function connect(): Promise<Ingest> {
  const client = dynamoClient();
  const table = dynamoTable(client, environment('TABLE_WIRE'));
  const bodies = bucketBodies(s3Bucket(s3Client(), environment('BUCKET_PRIVATE')));
  const feedsBell = sqsDoorbell<Record<string, never>>(sqsClient(), environment('QUEUE_FEEDS'));
  const keys = dynamoTable(client, environment('TABLE_KEYS'));
  const newId = (): string => ulid(nowMs());
  return {
    publisher: dynamoPublisher({ table, bodies, feedsBell, now, newId, random: Math.random }),
    articles: dynamoArticles(table, bodies),
    wire: dynamoWire(table, bodies),
    wireTable: table,
    keys,
    linkKeys: () => readTokenKeys(keys, 'links'),
    newsroom: await loadNewsroom(),
    siteUrl: siteUrl(),
    now,
    newId,
  };
}
