import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { capital } from '../../../infra/aws/each.ts';
import { type FunctionName, type FunctionSpec, functions, type Grant } from '../../../infra/topology.ts';
import { resourcesOf, SENDER } from './drawStack.ts';

const oneOrMore = <T extends z.ZodType>(one: T) => z.union([one.transform((value) => [value]), z.array(one)]);
const statementSchema = z.object({
  Effect: z.string(),
  Action: oneOrMore(z.string()),
  Resource: oneOrMore(z.unknown()),
  Condition: z.unknown().optional(),
});
type Statement = z.output<typeof statementSchema>;
const policySchema = z.object({ PolicyDocument: z.object({ Statement: z.array(statementSchema) }) });

const resources = resourcesOf();
const specs: [FunctionName, FunctionSpec][] = Object.entries(functions) as [FunctionName, FunctionSpec][];

const policies = Object.entries(resources).filter(([, { Type }]) => Type === 'AWS::IAM::Policy');
const statementsOf = (id: string): Statement[] =>
  policies
    .filter(([policy]) => policy.startsWith(id))
    .flatMap(([, { Properties }]) => policySchema.parse(Properties).PolicyDocument.Statement);
const allowedTo = (name: FunctionName): Statement[] => statementsOf(`Functions${capital(name)}RoleDefaultPolicy`);
const touches = (statement: Statement, id: string): boolean => JSON.stringify(statement.Resource).includes(`"${id}`);

const mayWrite = (grant: Grant | undefined): boolean =>
  typeof grant === 'object' ? grant.write !== undefined : grant === 'write';

/** How the keys begin that it may do this with in the private bucket: `jobs/`, and nothing for all of them. */
const prefixesFor = (name: FunctionName, action: string): string[] =>
  allowedTo(name)
    .filter(({ Action }) => Action.includes(action))
    .filter((statement) => touches(statement, 'StoragePrivateBucket'))
    .flatMap(({ Resource }) =>
      [...JSON.stringify(Resource).matchAll(OBJECTS_OF_PRIVATE)].map(([, prefix = '']) => prefix),
    );
const OBJECTS_OF_PRIVATE = /"StoragePrivateBucket\w+","Arn"\]\},"\/([^"]*)\*"/g;

describe('what a function may touch', () => {
  test('each has a role of its own', () => {
    const roles = Object.values(resources)
      .filter(({ Type }) => Type === 'AWS::Lambda::Function')
      .map(({ Properties }) => JSON.stringify(Properties['Role']));
    expect(roles).toHaveLength(specs.length);
    expect(new Set(roles).size).toBe(roles.length);
  });

  test('no role has a policy that AWS wrote', () => {
    const managed = Object.values(resources).filter(({ Properties }) => 'ManagedPolicyArns' in Properties);
    expect(managed).toEqual([]);
  });

  test.each(specs)(
    '%s writes to the tables and buckets the topology lets it write to, and to no other',
    (name, spec) => {
      const writes = allowedTo(name).filter(({ Action }) =>
        Action.some((action) => /:(Put|Delete|BatchWrite)(Item|Object)$/.test(action)),
      );
      for (const store of ['wire', 'feeds', 'subscribers', 'ledger', 'clicks', 'keys'] as const) {
        const may = writes.some((statement) => touches(statement, `Storage${capital(store)}Table`));
        expect([store, may]).toEqual([store, mayWrite(spec.tables?.[store])]);
      }
      for (const store of ['public', 'private'] as const) {
        const may = writes.some((statement) => touches(statement, `Storage${capital(store)}Bucket`));
        expect([store, may]).toEqual([store, mayWrite(spec.buckets?.[store])]);
      }
    },
  );

  test.each(specs)('%s reads and rings what the topology names, and nothing else', (name, spec) => {
    const mayTouch = (id: string): boolean => allowedTo(name).some((statement) => touches(statement, id));
    for (const store of ['wire', 'feeds', 'subscribers', 'ledger', 'clicks', 'keys'] as const) {
      expect([store, mayTouch(`Storage${capital(store)}Table`)]).toEqual([store, spec.tables?.[store] !== undefined]);
    }
    const rings = allowedTo(name).filter(({ Action }) => Action.includes('sqs:SendMessage'));
    for (const queue of ['feeds', 'confirmations', 'editions', 'pages', 'feedback'] as const) {
      const may = rings.some((statement) => touches(statement, `Queues${capital(queue)}Queue`));
      expect([queue, may]).toEqual([queue, spec.rings?.includes(queue) ?? false]);
    }
  });
});

describe('files of addresses', () => {
  const atJobs: FunctionName[] = ['articleImports', 'articleJobs', 'subscribers', 'subscriberJobs', 'jobs'];
  const others = specs.map(([name]) => name).filter((name) => !atJobs.includes(name));

  test.each(others)('are out of reach of %s, which does no such work', (name) => {
    for (const action of ['s3:GetObject', 's3:PutObject', 's3:DeleteObject']) {
      for (const prefix of prefixesFor(name, action)) expect(prefix).toMatch(/^(bodies|editions|inbox(-\w+)?)\/$/);
    }
    for (const { Action, Resource, Condition } of allowedTo(name)) {
      if (!Action.includes('s3:ListBucket') || !JSON.stringify(Resource).includes('"StoragePrivateBucket')) continue;
      expect(JSON.stringify(Condition)).toMatch(/^\{"StringLikeIfExists":\{"s3:prefix":/);
      expect(JSON.stringify(Condition)).not.toMatch(/jobs|"\*"/);
    }
  });

  test('who does it reaches them, and no more than it needs', () => {
    for (const name of atJobs) expect(prefixesFor(name, 's3:PutObject')).toContain('jobs/');
    expect(prefixesFor('subscriberJobs', 's3:GetObject')).toEqual(['jobs/']);
    expect(prefixesFor('editionsPlan', 's3:GetObject')).toEqual(['bodies/', 'editions/']);
    expect(prefixesFor('editionsPlan', 's3:PutObject')).toEqual(['editions/']);
  });
});

describe('keys', () => {
  test.each([
    ['site', 'TOKENS#links'],
    ['go', 'TOKENS#links'],
    ['hooks', 'TOKENS#hooks'],
    ['editionsPlan', 'TOKENS#links'],
    ['pagesSend', 'TOKENS#links'],
  ] as const)('of %s are those named %s: the newsroom’s are none of its business', (name, partition) => {
    const found = allowedTo(name).filter((statement) => touches(statement, 'StorageKeysTable'));
    expect(found).not.toEqual([]);
    for (const { Condition } of found) {
      expect(Condition).toEqual({ 'ForAllValues:StringEquals': { 'dynamodb:LeadingKeys': [partition] } });
    }
  });
});

describe('wildcards', () => {
  const all = policies.flatMap(([, { Properties }]) => policySchema.parse(Properties).PolicyDocument.Statement);

  test('no action is a wildcard', () => {
    expect(all.flatMap(({ Action }) => Action).filter((action) => action.includes('*'))).toEqual([]);
  });

  test('no resource is “*” but for how the account stands with SES', () => {
    const open = all.filter(({ Resource }) => Resource.includes('*'));
    expect([...new Set(open.flatMap(({ Action }) => Action))].sort()).toEqual([
      'ses:GetAccountSendingEnabled',
      'ses:GetIdentityDkimAttributes',
      'ses:GetIdentityVerificationAttributes',
      'ses:GetSendQuota',
    ]);
  });

  test('a resource ends in a wildcard only for the objects of one bucket, and for the schedule of one function', () => {
    const ending = all.filter(({ Resource }) => Resource.some((one) => /[/:]\*"/.test(JSON.stringify(one))));
    const actions = new Set(ending.flatMap(({ Action }) => Action));
    expect([...actions].sort()).toEqual(['lambda:InvokeFunction', 's3:DeleteObject', 's3:GetObject', 's3:PutObject']);
  });
});

describe('sending mail', () => {
  const senders = specs.filter(([, { sendsMail }]) => sendsMail).map(([name]) => name);

  test('only the functions that send mail may', () => {
    const may = specs
      .map(([name]) => name)
      .filter((name) => allowedTo(name).some(({ Action }) => Action.some((action) => action.startsWith('ses:Send'))));
    expect(may).toEqual(senders);
  });

  test('they may send from the newsroom’s address only, as its domain only', () => {
    for (const name of senders) {
      const sending = allowedTo(name).find(({ Action }) => Action.includes('ses:SendRawEmail'));
      expect(sending?.Action).toEqual(['ses:SendRawEmail']);
      expect(sending?.Condition).toEqual({ StringEquals: { 'ses:FromAddress': SENDER } });
      expect(JSON.stringify(sending?.Resource)).toMatch(/:identity\/".*MailSender/);
    }
  });

  test('events of mails reach the queue from the one topic, and the topic from the one configuration set', () => {
    const queuePolicy = Object.entries(resources).find(([id]) => id.startsWith('QueuesFeedbackQueuePolicy'));
    expect(JSON.stringify(queuePolicy)).toMatch(/"aws:SourceArn":\{"Ref":"MailEvents/);
    const topicPolicy = Object.entries(resources).find(([id]) => id.startsWith('MailEventsPolicy'));
    expect(JSON.stringify(topicPolicy)).toMatch(/:configuration-set\/",\{"Ref":"MailConfigurationSet/);
  });
});
