import * as z from 'zod';
import { loadNewsroom } from '../shared/config.ts';
import { environment, siteUrl } from '../shared/environment.ts';
import { queueHandler } from '../shared/queue.ts';
import { s3Bucket, s3Client } from '../shared/storage/bucket.s3.ts';
import { dynamoClient, dynamoTable } from '../shared/storage/table.dynamo.ts';
import { now } from '../shared/time.ts';
import { dynamoArticles } from '../wire/articles.dynamo.ts';
import { bucketBodies } from '../wire/bodies.s3.ts';
import { dynamoCursors } from '../wire/cursors.dynamo.ts';
import { dynamoWire } from '../wire/wire.dynamo.ts';
import type { FeedBuilder } from './build/builder.ts';
import { rebuildFeeds } from './build/rebuild.ts';
import { dynamoStates } from './build/states.dynamo.ts';
import { itemMaker } from './compose/makeItem.ts';
import { recentArticles } from './compose/recentArticles.ts';
import { bucketShelf } from './publish/shelf.s3.ts';
import { dynamoListRows } from './read/listRows.dynamo.ts';
import { renderers } from './render/renderers.ts';

const connect = async (): Promise<FeedBuilder> => {
  const tables = dynamoClient();
  const objects = s3Client();
  const feeds = dynamoTable(tables, environment('TABLE_FEEDS'));
  const wireTable = dynamoTable(tables, environment('TABLE_WIRE'));
  const bodies = bucketBodies(s3Bucket(objects, environment('BUCKET_PRIVATE')));
  const wire = dynamoWire(wireTable, bodies);
  const settings = { newsroom: await loadNewsroom(), siteUrl: siteUrl(), version: environment('COURANT_VERSION') };
  return {
    wire,
    cursors: dynamoCursors(feeds),
    rows: dynamoListRows(feeds),
    states: dynamoStates(feeds),
    articles: recentArticles(dynamoArticles(wireTable, bodies), wire),
    shelf: bucketShelf(s3Bucket(objects, environment('BUCKET_PUBLIC'))),
    settings,
    makeItem: itemMaker(settings),
    renderers: renderers(),
    now,
  };
};

export const handler = queueHandler({ message: z.strictObject({}), connect, work: rebuildFeeds });
