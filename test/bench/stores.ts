import { fork } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SQSClient } from '@aws-sdk/client-sqs';
import { z } from 'zod';
import { s3Client } from '../../functions/shared/storage/bucket.s3.ts';
import { dynamoClient } from '../../functions/shared/storage/table.dynamo.ts';
import { pointSdkAt } from '../../infra/local/environment.ts';
import { localName, makeBuckets, makeQueues, makeTables } from '../../infra/local/resources.ts';
import { buildTemplates } from '../../infra/templates.ts';
import { buckets, tables, variableOf } from '../../infra/topology.ts';
import { openLeavingSite } from '../support/leavingSite.ts';

/** Emulators in another process, with the environment of every function set to them. */
export interface BenchStores {
  readonly urls: { readonly dynamodb: string; readonly aws: string; readonly ses: string };
  /** SES answers after so many milliseconds, as the real one does over a network. */
  delaySes(ms: number): void;
  /** Forms of the first mails that SES took. */
  mails(): Promise<string[]>;
  stop(): Promise<void>;
}

const started = z.object({ urls: z.object({ dynamodb: z.string(), aws: z.string(), ses: z.string() }) });
const keptMails = z.object({ mails: z.array(z.string()) });

export const startBenchStores = async (): Promise<BenchStores> => {
  const directory = await mkdtemp(join(tmpdir(), 'courant-bench-'));
  const child = fork(new URL('./stores.worker.ts', import.meta.url), [directory], { execArgv: [] });
  const told = () => new Promise<unknown>((resolve) => child.once('message', resolve));
  const { urls } = started.parse(await told());
  const site = await openLeavingSite();
  pointSdkAt({ DYNAMODB: urls.dynamodb, S3: urls.aws, SQS: urls.aws, SNS: urls.aws, SES: urls.ses });
  await makeTables(dynamoClient());
  await makeBuckets(s3Client());
  const queueUrls = await makeQueues(new SQSClient({ useQueueUrlAsEndpoint: false }));
  await buildTemplates(join(directory, 'templates'));
  Object.assign(process.env, {
    SITE_URL: site.url,
    TEMPLATES_DIR: join(directory, 'templates'),
    COURANT_VERSION: '0.0.0',
    SES_CONFIGURATION_SET: 'courant',
    SES_TOPIC_ARN: 'arn:aws:sns:eu-west-1:000000000000:mail-events',
  });
  for (const name of Object.keys(tables)) process.env[variableOf('TABLE', name)] = localName(name);
  for (const name of Object.keys(buckets)) process.env[variableOf('BUCKET', name)] = localName(name);
  for (const [name, url] of Object.entries(queueUrls)) process.env[variableOf('QUEUE', name)] = url;
  return {
    urls,
    delaySes: (ms) => void child.send({ do: 'delay', ms }),
    async mails() {
      const answer = told();
      child.send({ do: 'mails' });
      return keptMails.parse(await answer).mails;
    },
    async stop() {
      const gone = new Promise((resolve) => child.once('exit', resolve));
      child.disconnect();
      await site.close();
      await gone;
      await rm(directory, { recursive: true, force: true });
    },
  };
};
