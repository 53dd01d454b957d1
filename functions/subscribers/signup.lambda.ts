import { randomBytes } from 'node:crypto';
import { environment } from '../shared/environment.ts';
import { httpHandler } from '../shared/http/door.ts';
import { newsroomGatekeeper } from '../shared/http/newsroomKey.ts';
import { once } from '../shared/once.ts';
import { openHouse } from '../shared/page/house.ts';
import { sqsClient, sqsDoorbell } from '../shared/storage/doorbell.sqs.ts';
import { dynamoClient, dynamoTable } from '../shared/storage/table.dynamo.ts';
import { now } from '../shared/time.ts';
import { readTokenKeys } from '../shared/tokenKeys.ts';
import type { SignupPorts } from './door.ts';
import { dynamoNetworkLimit } from './joining/networkLimit.dynamo.ts';
import { linksOf } from './links.ts';
import { errorPage } from './pages.ts';
import { signupRoutes } from './signup.routes.ts';
import { dynamoSubscribers } from './subscribers.dynamo.ts';
import { subscriberRoutes } from './subscribers.routes.ts';
import { withTopicsNow } from './topicsNow.ts';

export const handler = httpHandler({
  routes: [...signupRoutes, ...subscriberRoutes],
  connect,
  gatekeeper: newsroomGatekeeper,
  errorPage,
});

async function connect(): Promise<SignupPorts> {
  const client = dynamoClient();
  const keys = dynamoTable(client, environment('TABLE_KEYS'));
  const table = dynamoTable(client, environment('TABLE_SUBSCRIBERS'));
  const house = await openHouse();
  const subscribers = dynamoSubscribers({
    table,
    addressKeys: once(() => readTokenKeys(keys, 'addresses')),
    newId: () => randomBytes(16).toString('hex'),
  });
  return {
    house,
    subscribers: withTopicsNow(subscribers, house.newsroom),
    links: linksOf(() => readTokenKeys(keys, 'links'), now),
    networkLimit: dynamoNetworkLimit(table),
    bell: sqsDoorbell(sqsClient(), environment('QUEUE_CONFIRMATIONS')),
    keys,
    now,
  };
}
