import type { TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { Effect, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import {
  type BucketName,
  type FunctionSpec,
  type Grant,
  type QueueName,
  type TableName,
  tables,
  variableOf,
} from '../topology.ts';
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
  ...entriesOf(spec.tables).flatMap(([name, grant]) => tableGrants(name, grant, stores)),
  ...entriesOf(spec.buckets).flatMap(([name, grant]) => bucketGrants(grant, stores.buckets[name])),
  ...(spec.rings ?? []).map((name) => allow(['sqs:SendMessage'], [stores.queues[name].queue.queueArn])),
];

const tableGrants = (name: TableName, grant: Grant, stores: Stores): PolicyStatement[] => {
  const { tableArn } = stores.tables[name];
  const resources = [tableArn, ...('index' in tables[name] ? [`${tableArn}/index/index`] : [])];
  return partsOf(grant).map(({ how, names }) =>
    allow(actionsOf(TABLE_ACTIONS, how), resources, {
      ...(names !== ALL && { 'ForAllValues:StringEquals': { 'dynamodb:LeadingKeys': [...names] } }),
    }),
  );
};

const bucketGrants = (grant: Grant, bucket: IBucket): PolicyStatement[] => {
  const endings = objectEndings(grant);
  return [
    ...partsOf(grant).map(({ how, names }) =>
      allow(
        actionsOf(OBJECT_ACTIONS, how),
        names.map((name) => bucket.arnForObjects(`${name}*`)),
      ),
    ),
    // Without it S3 answers 403 instead of 404 for an object that is not there. Asking for one object names no prefix,
    // and is to get its 404 too: hence “IfExists”.
    allow(['s3:ListBucket'], [bucket.bucketArn], {
      ...(!endings.includes('*') && { StringLikeIfExists: { 's3:prefix': endings } }),
    }),
  ];
};

/** With what the keys of the granted objects end in an ARN: `*` for all, `bodies/*`. */
export const objectEndings = (grant: Grant): `${string}*`[] =>
  partsOf(grant).flatMap(({ names }) => names.map((name) => `${name}*` as const));

/** Every name begins with nothing. */
const ALL = [''] as const;

const partsOf = (grant: Grant): { readonly how: 'read' | 'write'; readonly names: readonly string[] }[] => {
  if (typeof grant === 'string') return [{ how: grant, names: ALL }];
  return (['read', 'write'] as const).flatMap((how) => (grant[how] ? [{ how, names: grant[how] }] : []));
};

/** How a function finds its stores: `TABLE_WIRE`, `BUCKET_PUBLIC`, `QUEUE_FEEDS`. */
export const storeVariables = (spec: FunctionSpec, stores: Stores): Record<string, string> =>
  Object.fromEntries([
    ...entriesOf(spec.tables).map(([name]) => [variableOf('TABLE', name), stores.tables[name].tableName]),
    ...entriesOf(spec.buckets).map(([name]) => [variableOf('BUCKET', name), stores.buckets[name].bucketName]),
    ...(spec.rings ?? []).map((name) => [variableOf('QUEUE', name), stores.queues[name].queue.queueUrl]),
  ]);

const allow = (
  actions: string[],
  resources: string[],
  conditions: Record<string, Record<string, string[]>> = {},
): PolicyStatement => new PolicyStatement({ effect: Effect.ALLOW, actions, resources, conditions });

const actionsOf = (actions: { read: string[]; write: string[] }, how: 'read' | 'write'): string[] =>
  how === 'write' ? [...actions.read, ...actions.write] : actions.read;

const entriesOf = <Name extends string>(granted: Partial<Record<Name, Grant>> | undefined): [Name, Grant][] =>
  Object.entries(granted ?? {}) as [Name, Grant][];
