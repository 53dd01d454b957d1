import type { TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { Effect, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import { type BucketName, type FunctionSpec, type QueueName, type TableName, tables, variableOf } from '../topology.ts';
import type { QueuePair } from './queues.ts';

export interface Stores {
  readonly tables: Readonly<Record<TableName, TableV2>>;
  readonly buckets: Readonly<Record<BucketName, IBucket>>;
  readonly queues: Readonly<Record<QueueName, QueuePair>>;
}

/** What the ports `Table` and `Bucket` call, and nothing that they do not. */
const TABLE_ACTIONS = {
  read: ['dynamodb:GetItem', 'dynamodb:BatchGetItem', 'dynamodb:Query'],
  write: ['dynamodb:PutItem', 'dynamodb:DeleteItem', 'dynamodb:BatchWriteItem'],
};
const OBJECT_ACTIONS = { read: ['s3:GetObject'], write: ['s3:PutObject', 's3:DeleteObject'] };

/** The statements that the topology's grants come to. `write` includes `read`. */
export const grantsOf = (spec: FunctionSpec, stores: Stores): PolicyStatement[] => [
  ...entriesOf(spec.tables).map(([name, how]) => {
    const { tableArn } = stores.tables[name];
    return allow(actionsOf(TABLE_ACTIONS, how), [
      tableArn,
      ...('index' in tables[name] ? [`${tableArn}/index/index`] : []),
    ]);
  }),
  ...entriesOf(spec.buckets).flatMap(([name, how]) => [
    allow(actionsOf(OBJECT_ACTIONS, how), [stores.buckets[name].arnForObjects('*')]),
    // Without it S3 answers 403 instead of 404 for an object that is not there.
    allow(['s3:ListBucket'], [stores.buckets[name].bucketArn]),
  ]),
  ...(spec.rings ?? []).map((name) => allow(['sqs:SendMessage'], [stores.queues[name].queue.queueArn])),
];

/** How a function finds its stores: `TABLE_WIRE`, `BUCKET_PUBLIC`, `QUEUE_FEEDS`. */
export const storeVariables = (spec: FunctionSpec, stores: Stores): Record<string, string> =>
  Object.fromEntries([
    ...entriesOf(spec.tables).map(([name]) => [variableOf('TABLE', name), stores.tables[name].tableName]),
    ...entriesOf(spec.buckets).map(([name]) => [variableOf('BUCKET', name), stores.buckets[name].bucketName]),
    ...(spec.rings ?? []).map((name) => [variableOf('QUEUE', name), stores.queues[name].queue.queueUrl]),
  ]);

const allow = (actions: string[], resources: string[]): PolicyStatement =>
  new PolicyStatement({ effect: Effect.ALLOW, actions, resources });

const actionsOf = (actions: { read: string[]; write: string[] }, how: 'read' | 'write'): string[] =>
  how === 'write' ? [...actions.read, ...actions.write] : actions.read;

const entriesOf = <Name extends string>(
  granted: Partial<Record<Name, 'read' | 'write'>> | undefined,
): [Name, 'read' | 'write'][] => Object.entries(granted ?? {}) as [Name, 'read' | 'write'][];
