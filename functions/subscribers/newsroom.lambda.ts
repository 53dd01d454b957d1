import { randomBytes } from 'node:crypto';
import { ulid } from 'ulid';
import { loadNewsroom } from '../shared/config.ts';
import { environment } from '../shared/environment.ts';
import { httpHandler } from '../shared/http/door.ts';
import { newsroomGatekeeper } from '../shared/http/newsroomKey.ts';
import { bellOfQueues } from '../shared/job/bells.sqs.ts';
import { jobFilesClient, s3JobFiles } from '../shared/job/files.s3.ts';
import { dynamoJobs } from '../shared/job/jobs.dynamo.ts';
import { once } from '../shared/once.ts';
import { dynamoClient, dynamoTable } from '../shared/storage/table.dynamo.ts';
import { msOf, now } from '../shared/time.ts';
import { readTokenKeys } from '../shared/tokenKeys.ts';
import { dynamoGrowth } from './counting/growth.dynamo.ts';
import type { NewsroomPorts } from './door.ts';
import { dynamoDirectory } from './listing/directory.dynamo.ts';
import { newsroomRoutes } from './newsroom.routes.ts';
import { dynamoSubscribers } from './subscribers.dynamo.ts';
import { growthWithTopicsNow, withTopicsNow } from './topicsNow.ts';

export const handler = httpHandler({ routes: newsroomRoutes, connect, gatekeeper: newsroomGatekeeper });

async function connect(): Promise<NewsroomPorts> {
  const client = dynamoClient();
  const table = dynamoTable(client, environment('TABLE_SUBSCRIBERS'));
  const keys = dynamoTable(client, environment('TABLE_KEYS'));
  const newId = () => randomBytes(16).toString('hex');
  const newsroom = await loadNewsroom();
  const addressKeys = once(() => readTokenKeys(keys, 'addresses'));
  return {
    house: { newsroom },
    subscribers: withTopicsNow(dynamoSubscribers({ table, addressKeys, newId }), newsroom),
    directory: dynamoDirectory(table),
    growth: growthWithTopicsNow(dynamoGrowth(table), newsroom),
    jobs: dynamoJobs({ table: dynamoTable(client, environment('TABLE_JOBS')), newId }),
    files: s3JobFiles({ client: jobFilesClient(), bucket: environment('BUCKET_PRIVATE'), now }),
    bellOf: bellOfQueues({ subscriberJobs: environment('QUEUE_SUBSCRIBERJOBS') }),
    newJobId: () => ulid(msOf(now())),
    keys,
    now,
  };
}
