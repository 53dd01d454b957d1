import { randomBytes } from 'node:crypto';
import { ulid } from 'ulid';
import { loadNewsroom } from '../shared/config.ts';
import { environment, siteUrl } from '../shared/environment.ts';
import { bellOfQueues } from '../shared/job/bells.sqs.ts';
import { jobFilesClient, s3JobFiles } from '../shared/job/files.s3.ts';
import { dynamoJobs } from '../shared/job/jobs.dynamo.ts';
import { jobDoorbell } from '../shared/job/ports.ts';
import { type JobRunner, runJob } from '../shared/job/runJob.ts';
import { queueHandler } from '../shared/queue.ts';
import { s3Bucket, s3Client } from '../shared/storage/bucket.s3.ts';
import { sqsClient, sqsDoorbell } from '../shared/storage/doorbell.sqs.ts';
import { dynamoClient, dynamoTable } from '../shared/storage/table.dynamo.ts';
import { now, nowMs, SECOND_MS } from '../shared/time.ts';
import { bucketBodies } from '../wire/bodies.s3.ts';
import { dynamoPublisher } from '../wire/publisher.dynamo.ts';
import { IMPORT } from './importing/how.ts';
import { importKind } from './importing/importJob.ts';

export const handler = queueHandler({ message: jobDoorbell, connect, work: runJob });

async function connect(): Promise<JobRunner> {
  const client = dynamoClient();
  const bucket = environment('BUCKET_PRIVATE');
  const files = s3JobFiles({ client: jobFilesClient(), bucket, now });
  const publisher = dynamoPublisher({
    table: dynamoTable(client, environment('TABLE_WIRE')),
    bodies: bucketBodies(s3Bucket(s3Client(), bucket)),
    feedsBell: sqsDoorbell(sqsClient(), environment('QUEUE_FEEDS')),
    now,
    newId: () => ulid(nowMs()),
    random: Math.random,
  });
  return {
    jobs: dynamoJobs({
      table: dynamoTable(client, environment('TABLE_JOBS')),
      newId: () => randomBytes(16).toString('hex'),
    }),
    files,
    kinds: { [IMPORT]: importKind({ publisher, newsroom: await loadNewsroom(), siteUrl: siteUrl(), files }) },
    bell: bellOfQueues({ articleJobs: environment('QUEUE_ARTICLEJOBS') })('articleJobs'),
    now,
    newClaim: () => randomBytes(6).toString('hex'),
    workMs: 30 * SECOND_MS,
    leaseMs: 150 * SECOND_MS,
  };
}
