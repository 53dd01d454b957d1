import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { s3Bucket, s3Client } from '../../functions/shared/storage/bucket.s3.ts';
import type { Bucket } from '../../functions/shared/storage/bucket.ts';
import { dynamoClient, dynamoTable } from '../../functions/shared/storage/table.dynamo.ts';
import type { Table } from '../../functions/shared/storage/table.ts';
import { type Emulator, startEmulator } from '../../infra/local/emulators/host.ts';
import { pointSdkAt } from '../../infra/local/environment.ts';
import { makeBucket, makeTable } from '../../infra/local/resources.ts';

/** DynamoDB, S3, SQS and SNS for one test file, over the real protocols. Stop them in `afterAll`. */
export interface Emulators {
  /** A table of its own, empty. */
  table(): Promise<Table>;
  /** A bucket of its own, empty. */
  bucket(): Promise<Bucket>;
  readonly urls: { readonly dynamodb: string; readonly aws: string };
  stop(): Promise<void>;
}

export const startEmulators = async (): Promise<Emulators> => {
  const directory = await mkdtemp(join(tmpdir(), 'courant-'));
  const start = (file: string, under: string): Promise<Emulator> =>
    startEmulator(new URL(`../../infra/local/emulators/${file}`, import.meta.url), {
      directory: join(directory, under),
    });
  const dynamodb = await start('dynamodb.worker.ts', 'tables');
  const aws = await start('aws.worker.ts', 'objects');
  pointSdkAt({ DYNAMODB: dynamodb.url, S3: aws.url, SQS: aws.url, SNS: aws.url });
  const tableClient = dynamoClient();
  const objectClient = s3Client();
  let made = 0;
  return {
    urls: { dynamodb: dynamodb.url, aws: aws.url },
    async table() {
      const name = `table-${++made}`;
      await makeTable(tableClient, name, true);
      return dynamoTable(tableClient, name);
    },
    async bucket() {
      const name = `bucket-${++made}`;
      await makeBucket(objectClient, name);
      return s3Bucket(objectClient, name);
    },
    async stop() {
      await Promise.all([dynamodb.stop(), aws.stop()]);
      await rm(directory, { recursive: true, force: true });
    },
  };
};
