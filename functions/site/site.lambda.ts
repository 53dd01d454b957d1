import { dynamoEditions } from '../digest/editions.dynamo.ts';
import { dynamoLists } from '../feeds/lists.dynamo.ts';
import { environment } from '../shared/environment.ts';
import { httpHandler } from '../shared/http/door.ts';
import { openHouse } from '../shared/page/house.ts';
import { s3Bucket, s3Client } from '../shared/storage/bucket.s3.ts';
import { dynamoClient, dynamoTable } from '../shared/storage/table.dynamo.ts';
import { now } from '../shared/time.ts';
import { knownTokenKeys } from '../shared/tokenKeys.ts';
import { dynamoArticles } from '../wire/articles.dynamo.ts';
import { bucketBodies } from '../wire/bodies.s3.ts';
import { dynamoDraftReader } from '../wire/draftReader.dynamo.ts';
import { withTopicsNow } from '../wire/topicsNow.ts';
import { errorPage } from './pages/errorPage.ts';
import type { Site } from './ports.ts';
import { siteRoutes } from './site.routes.ts';

export const handler = httpHandler({ routes: siteRoutes, connect, errorPage });

async function connect(): Promise<Site> {
  const client = dynamoClient();
  const lists = dynamoTable(client, environment('TABLE_FEEDS'));
  const wire = dynamoTable(client, environment('TABLE_WIRE'));
  const own = s3Bucket(s3Client(), environment('BUCKET_PRIVATE'));
  const bodies = bucketBodies(own);
  const keys = dynamoTable(client, environment('TABLE_KEYS'));
  const house = await openHouse();
  return {
    house,
    articles: withTopicsNow(dynamoArticles(wire, bodies), house.newsroom),
    lists: dynamoLists(lists, house.newsroom.topics),
    editions: dynamoEditions(dynamoTable(client, environment('TABLE_LEDGER')), own),
    draft: dynamoDraftReader(wire, bodies),
    linkKeys: async () => (await knownTokenKeys(keys, 'links')) ?? { byId: new Map() },
    now,
    table: lists,
  };
}
