import { randomBytes } from 'node:crypto';
import { loadNewsroom } from '../shared/config.ts';
import { environment } from '../shared/environment.ts';
import { jobFilesClient, s3JobFiles } from '../shared/job/files.s3.ts';
import { dynamoJobs } from '../shared/job/jobs.dynamo.ts';
import { jobDoorbell } from '../shared/job/ports.ts';
import { type JobRunner, runJob } from '../shared/job/runJob.ts';
import { once } from '../shared/once.ts';
import { queueHandler } from '../shared/queue.ts';
import { sqsClient, sqsDoorbell } from '../shared/storage/doorbell.sqs.ts';
import { dynamoClient, dynamoTable } from '../shared/storage/table.dynamo.ts';
import { now, SECOND_MS } from '../shared/time.ts';
import { readTokenKeys } from '../shared/tokenKeys.ts';
import { EXPORT, exportKind } from './exporting/exportJob.ts';
import { IMPORT, importKind } from './importing/importJob.ts';
import { dynamoDirectory } from './listing/directory.dynamo.ts';
import { dynamoSubscribers } from './subscribers.dynamo.ts';

export const handler = queueHandler({ message: jobDoorbell, connect, work: runJob });

async function connect(): Promise<JobRunner> {
  const client = dynamoClient();
  const table = dynamoTable(client, environment('TABLE_SUBSCRIBERS'));
  const keys = dynamoTable(client, environment('TABLE_KEYS'));
  const newId = () => randomBytes(16).toString('hex');
  const files = s3JobFiles({ client: jobFilesClient(), bucket: environment('BUCKET_PRIVATE'), now });
  const subscribers = dynamoSubscribers({
    table,
    addressKeys: once(() => readTokenKeys(keys, 'addresses')),
    newId,
  });
  return {
    jobs: dynamoJobs({ table: dynamoTable(client, environment('TABLE_JOBS')), newId }),
    files,
    kinds: {
      [IMPORT]: importKind({ newsroom: await loadNewsroom(), subscribers, files }),
      [EXPORT]: exportKind({ subscribers, directory: dynamoDirectory(table) }),
    },
    bell: sqsDoorbell(sqsClient(), environment('QUEUE_SUBSCRIBERJOBS')),
    now,
    newClaim: () => randomBytes(6).toString('hex'),
    workMs: 10 * SECOND_MS,
    leaseMs: 90 * SECOND_MS,
  };
}
