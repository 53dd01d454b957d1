import { randomBytes } from 'node:crypto';
import { environment } from '../environment.ts';
import { httpHandler } from '../http/door.ts';
import { newsroomGatekeeper } from '../http/newsroomKey.ts';
import { dynamoClient, dynamoTable } from '../storage/table.dynamo.ts';
import { now } from '../time.ts';
import { bellOfQueues } from './bells.sqs.ts';
import { jobFilesClient, s3JobFiles } from './files.s3.ts';
import { dynamoJobs } from './jobs.dynamo.ts';
import { type JobPorts, jobRoutes } from './jobs.routes.ts';

export const handler = httpHandler({ routes: jobRoutes, connect, gatekeeper: newsroomGatekeeper });

function connect(): JobPorts {
  const client = dynamoClient();
  return {
    jobs: dynamoJobs({
      table: dynamoTable(client, environment('TABLE_JOBS')),
      newId: () => randomBytes(16).toString('hex'),
    }),
    files: s3JobFiles({ client: jobFilesClient(), bucket: environment('BUCKET_PRIVATE'), now }),
    bellOf: bellOfQueues({
      subscriberJobs: environment('QUEUE_SUBSCRIBERJOBS'),
      articleJobs: environment('QUEUE_ARTICLEJOBS'),
    }),
    keys: dynamoTable(client, environment('TABLE_KEYS')),
    now,
  };
}
