import { loadNewsroom } from '../../shared/config.ts';
import { environment } from '../../shared/environment.ts';
import { httpHandler } from '../../shared/http/door.ts';
import { newsroomGatekeeper } from '../../shared/http/newsroomKey.ts';
import { sqsClient, sqsDoorbell } from '../../shared/storage/doorbell.sqs.ts';
import { dynamoClient, dynamoTable } from '../../shared/storage/table.dynamo.ts';
import { now } from '../../shared/time.ts';
import type { SourcesDesk } from './ports.ts';
import { dynamoSources } from './sources.dynamo.ts';
import { sourceRoutes } from './sources.routes.ts';

export const handler = httpHandler({ routes: sourceRoutes, connect, gatekeeper: newsroomGatekeeper });

async function connect(): Promise<SourcesDesk> {
  const client = dynamoClient();
  return {
    sources: dynamoSources(dynamoTable(client, environment('TABLE_SOURCES'))),
    bell: sqsDoorbell(sqsClient(), environment('QUEUE_SOURCES')),
    keys: dynamoTable(client, environment('TABLE_KEYS')),
    newsroom: await loadNewsroom(),
    now,
  };
}
