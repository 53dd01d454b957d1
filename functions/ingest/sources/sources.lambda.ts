import { loadNewsroom } from '../../shared/config.ts';
import { environment, siteUrl } from '../../shared/environment.ts';
import { httpHandler } from '../../shared/http/door.ts';
import { newsroomGatekeeper } from '../../shared/http/newsroomKey.ts';
import { sqsClient, sqsDoorbell } from '../../shared/storage/doorbell.sqs.ts';
import { dynamoClient, dynamoTable } from '../../shared/storage/table.dynamo.ts';
import { now } from '../../shared/time.ts';
import { readTokenKeys } from '../../shared/tokenKeys.ts';
import { type HookDesk, hookRoute } from './hook.routes.ts';
import { dynamoSources } from './sources.dynamo.ts';
import { sourceRoutes } from './sources.routes.ts';

export const handler = httpHandler({ routes: [...sourceRoutes, hookRoute], connect, gatekeeper: newsroomGatekeeper });

async function connect(): Promise<HookDesk> {
  const client = dynamoClient();
  const keys = dynamoTable(client, environment('TABLE_KEYS'));
  return {
    sources: dynamoSources(dynamoTable(client, environment('TABLE_SOURCES'))),
    bell: sqsDoorbell(sqsClient(), environment('QUEUE_SOURCES')),
    keys,
    hookKeys: () => readTokenKeys(keys, 'hooks'),
    siteUrl: siteUrl(),
    newsroom: await loadNewsroom(),
    now,
  };
}
