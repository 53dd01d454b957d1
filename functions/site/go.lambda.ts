import { type ClickDoor, goRoutes } from '../digest/clicking/go.routes.ts';
import { dynamoVisits } from '../digest/clicking/visits.dynamo.ts';
import { environment } from '../shared/environment.ts';
import { httpHandler } from '../shared/http/door.ts';
import { openHouse } from '../shared/page/house.ts';
import { dynamoClient, dynamoTable } from '../shared/storage/table.dynamo.ts';
import { now } from '../shared/time.ts';
import { keysAsNeeded, knownTokenKeys } from '../shared/tokenKeys.ts';
import { dynamoArticles } from '../wire/articles.dynamo.ts';
import type { Bodies } from '../wire/ports.ts';
import { errorPage } from './pages/errorPage.ts';

export const handler = httpHandler({ routes: goRoutes, connect, errorPage });

async function connect(): Promise<ClickDoor> {
  const client = dynamoClient();
  const keys = dynamoTable(client, environment('TABLE_KEYS'));
  return {
    house: await openHouse(),
    articles: dynamoArticles(dynamoTable(client, environment('TABLE_WIRE')), NO_TEXTS),
    keysFor: keysAsNeeded(async () => (await knownTokenKeys(keys, 'links')) ?? { byId: new Map() }, now),
    visits: dynamoVisits(dynamoTable(client, environment('TABLE_CLICKS'))),
    now,
  };
}

/** Where an article is needs none of its text, however long it is. */
const NO_TEXTS: Bodies = { keep: async () => '', read: async () => '', forget: async () => {} };
