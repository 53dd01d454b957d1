import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { capital } from '../../../infra/aws/each.ts';
import { MOST_RECEIVES, queues, tables } from '../../../infra/topology.ts';
import { type Resource, resourcesOf } from './drawStack.ts';

const lifecycle = z.object({
  LifecycleConfiguration: z.object({
    Rules: z.array(
      z.object({
        Prefix: z.string().optional(),
        Status: z.string(),
        NoncurrentVersionExpiration: z.object({ NoncurrentDays: z.number() }).optional(),
      }),
    ),
  }),
});

const resources = resourcesOf();
const ofType = (type: string): Resource[] => Object.values(resources).filter(({ Type }) => Type === type);

describe('tables', () => {
  const found = ofType('AWS::DynamoDB::GlobalTable');

  test('there is one for each of the topology', () => {
    expect(found).toHaveLength(Object.keys(tables).length);
  });

  test('no deployment deletes or replaces one', () => {
    for (const table of found) expect(table).toMatchObject({ DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' });
  });

  test('each is protected from deletion and can be restored to any second, but for what is to be forgotten', () => {
    for (const [name, spec] of Object.entries(tables)) {
      const [, table] = Object.entries(resources).find(([id]) => id.startsWith(`Storage${capital(name)}Table`)) ?? [];
      expect([name, table?.Properties]).toMatchObject([
        name,
        {
          BillingMode: 'PAY_PER_REQUEST',
          Replicas: [
            {
              DeletionProtectionEnabled: true,
              PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: !('forgets' in spec) },
            },
          ],
        },
      ]);
    }
  });

  test('only clicks are forgotten, and the table removes those that nobody has', () => {
    const forgetful = Object.entries(tables).filter(([, table]) => 'forgets' in table);
    expect(forgetful).toEqual([['clicks', expect.objectContaining({ expires: true })]]);
  });

  test('items expire only where the topology says so, and never deliveries, feeds or keys', () => {
    const expiring = Object.entries(resources).flatMap(([id, { Properties }]) =>
      'TimeToLiveSpecification' in Properties ? [id.replace(/^Storage(\w+?)Table.*/, '$1').toLowerCase()] : [],
    );
    expect(expiring).toEqual(Object.entries(tables).flatMap(([name, table]) => ('expires' in table ? [name] : [])));
    for (const kept of ['ledger', 'feeds', 'keys']) expect(expiring).not.toContain(kept);
  });

  test('an index gives back whole items, as on the emulator', () => {
    const indexed = found.flatMap(({ Properties }) => Properties['GlobalSecondaryIndexes'] ?? []);
    expect(indexed).toHaveLength(Object.values(tables).filter((table) => 'index' in table).length);
    for (const index of indexed) {
      expect(index).toMatchObject({ IndexName: 'index', Projection: { ProjectionType: 'ALL' } });
    }
  });
});

describe('buckets', () => {
  const found = ofType('AWS::S3::Bucket');

  test('are closed to the public, keep old versions and stay when the stack goes', () => {
    expect(found).toHaveLength(2);
    for (const bucket of found) {
      expect(bucket).toMatchObject({
        DeletionPolicy: 'Retain',
        Properties: {
          PublicAccessBlockConfiguration: { BlockPublicAcls: true, RestrictPublicBuckets: true },
          VersioningConfiguration: { Status: 'Enabled' },
        },
      });
    }
  });

  test('forget files of addresses a day after they were deleted, and keep what else was deleted for 30', () => {
    const rules = found.flatMap(({ Properties }) => lifecycle.parse(Properties).LifecycleConfiguration.Rules);
    const daysOf = (prefix: string | undefined) =>
      rules
        .filter(({ Prefix }) => Prefix === prefix)
        .flatMap(({ NoncurrentVersionExpiration }) => NoncurrentVersionExpiration?.NoncurrentDays ?? []);
    expect(daysOf('jobs/')).toEqual([1]);
    expect(daysOf(undefined)).toEqual([30, 30]);
    expect(rules.every(({ Status }) => Status === 'Enabled')).toBe(true);
  });

  test('answer over TLS only', () => {
    for (const { Properties } of ofType('AWS::S3::BucketPolicy')) expect(Properties).toMatchObject(DENIES_PLAIN_HTTP);
  });
});

describe('queues', () => {
  const found = ofType('AWS::SQS::Queue');
  const working = found.filter(({ Properties }) => 'RedrivePolicy' in Properties);

  test('each sets a message aside after its fifth failure', () => {
    expect(working).toHaveLength(Object.keys(queues).length);
    for (const { Properties } of working) {
      expect(Properties['RedrivePolicy']).toMatchObject({ maxReceiveCount: MOST_RECEIVES });
    }
  });

  test('what is set aside has a place of its own, and stays there for 14 days', () => {
    const targets = working.map(({ Properties }) => JSON.stringify(Properties['RedrivePolicy']));
    expect(new Set(targets).size).toBe(working.length);
    const aside = found.filter(({ Properties }) => !('RedrivePolicy' in Properties));
    expect(aside).toHaveLength(working.length);
    for (const { Properties } of aside) expect(Properties['MessageRetentionPeriod']).toBe(14 * 24 * 3600);
  });

  test('a message is hidden for at least as long as its function may work on it', () => {
    const timeoutOf = (id: string): number => Number(resources[id]?.Properties['Timeout']);
    for (const { Properties } of ofType('AWS::Lambda::EventSourceMapping')) {
      const queue = resources[refOf(Properties['EventSourceArn'])];
      const visible = Number(queue?.Properties['VisibilityTimeout']);
      expect(visible).toBeGreaterThanOrEqual(6 * timeoutOf(refOf(Properties['FunctionName'])));
    }
  });

  test('a message that failed alone comes back alone', () => {
    for (const { Properties } of ofType('AWS::Lambda::EventSourceMapping')) {
      expect(Properties['FunctionResponseTypes']).toEqual(['ReportBatchItemFailures']);
    }
  });

  test('take messages over TLS only', () => {
    const policies = ofType('AWS::SQS::QueuePolicy');
    expect(policies).toHaveLength(found.length);
    for (const { Properties } of policies) expect(Properties).toMatchObject(DENIES_PLAIN_HTTP);
  });
});

const DENIES_PLAIN_HTTP = {
  PolicyDocument: {
    Statement: expect.arrayContaining([
      expect.objectContaining({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }),
    ]),
  },
};

const refOf = (value: unknown): string => {
  const found = /"(?:Ref|Fn::GetAtt)":\[?"(\w+)"/.exec(JSON.stringify(value));
  return found?.[1] ?? '';
};
