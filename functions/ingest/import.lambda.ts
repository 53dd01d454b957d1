import { randomBytes } from 'node:crypto';
import { ulid } from 'ulid';
import { loadNewsroom } from '../shared/config.ts';
import { environment } from '../shared/environment.ts';
import { httpHandler } from '../shared/http/door.ts';
import { newsroomGatekeeper } from '../shared/http/newsroomKey.ts';
import { bellOfQueues } from '../shared/job/bells.sqs.ts';
import { jobFilesClient, s3JobFiles } from '../shared/job/files.s3.ts';
import { dynamoJobs } from '../shared/job/jobs.dynamo.ts';
import { dynamoClient, dynamoTable } from '../shared/storage/table.dynamo.ts';
import { now, nowMs } from '../shared/time.ts';
import { type ImportPorts, importRoutes } from './importing/import.routes.ts';

export const handler = httpHandler({ routes: importRoutes, connect, gatekeeper: newsroomGatekeeper });

async function connect(): Promise<ImportPorts> {
  const client = dynamoClient();
  return {
    newsroom: await loadNewsroom(),
    jobs: dynamoJobs({
      table: dynamoTable(client, environment('TABLE_JOBS')),
      newId: () => randomBytes(16).toString('hex'),
    }),
    files: s3JobFiles({ client: jobFilesClient(), bucket: environment('BUCKET_PRIVATE'), now }),
    bellOf: bellOfQueues({ articleJobs: environment('QUEUE_ARTICLEJOBS') }),
    newJobId: () => ulid(nowMs()),
    keys: dynamoTable(client, environment('TABLE_KEYS')),
    now,
  };
}
