import { SESClient } from '@aws-sdk/client-ses';
import { CreateQueueCommand, ReceiveMessageCommand, SendMessageBatchCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { sesMailer } from '../../../functions/mail/mailer.ses.ts';
import { s3Bucket, s3Client } from '../../../functions/shared/storage/bucket.s3.ts';
import { dynamoClient, dynamoTable } from '../../../functions/shared/storage/table.dynamo.ts';
import { pointSdkAt } from '../../../infra/local/environment.ts';
import { makeBucket, makeTable } from '../../../infra/local/resources.ts';
import { randomOf } from '../../digest/support/random.ts';
import { type Emulators, startEmulators } from '../emulators.ts';
import { openSes, type SesUnderTest } from '../localSes.ts';
import { type FaultProxy, startFaultProxy } from './proxy.ts';
import type { Fault, Rule } from './rules.ts';

let emulators: Emulators;
let ses: SesUnderTest;
let faults: FaultProxy;
const killed: string[] = [];
let frozen: { from: string; wake: () => void } | undefined;

beforeAll(async () => {
  emulators = await startEmulators();
  ses = await openSes();
  const { dynamodb, aws } = emulators.urls;
  faults = await startFaultProxy({
    targets: { DynamoDB: dynamodb, SQS: aws, S3: aws, SNS: aws, SES: ses.ses.url },
    random: randomOf(1),
    kill: async (from) => void killed.push(from),
    freeze: (from) =>
      new Promise((resolve) => {
        frozen = { from, wake: resolve };
      }),
  });
  pointSdkAt({ DYNAMODB: faults.url, S3: faults.url, SQS: faults.url, SES: faults.url });
  await makeTable(dynamoClient(), 'courant-ledger-3', true);
  await makeBucket(s3Client(), 'courant-public');
});
afterEach(() => faults.clear());
afterAll(async () => {
  await faults.close();
  await ses.stopForGood();
  await emulators.stop();
});

const ledger = () => dynamoTable(dynamoClient(), 'courant-ledger-3');
const quickSes = () =>
  new SESClient({
    maxAttempts: 1,
    requestHandler: { connectionTimeout: 2000, requestTimeout: 1000, throwOnRequestTimeout: true },
  });
const send = (to: string) =>
  sesMailer(quickSes(), 'courant').send({
    from: 'news@example.org',
    to,
    raw: Buffer.from(`From: news@example.org\r\nTo: ${to}\r\nSubject: Hello\r\n\r\nHello.\r\n`),
    tags: { edition: 'one', delivery: '1-0' },
  });
const mailsTo = async (to: string): Promise<number> => (await ses.ses.list({ to, limit: 10 })).length;

describe('every request has a name', () => {
  test('that tells the service, the operation, the store and the kind of item', async () => {
    await ledger().put({ pk: 'PAGES#an-edition', sk: '000001' });
    await ledger().query({ pk: 'OPEN#an-edition', index: true });
    await ledger().batchGet([{ pk: 'SUBSCRIBER#a', sk: 'SUBSCRIBER' }]);
    const bucket = s3Bucket(s3Client(), 'courant-public');
    await bucket.put('feeds/en/all.rss', Buffer.alloc(200_000, 'a'), { contentType: 'text/plain' });
    expect((await bucket.get('feeds/en/all.rss'))?.bytes.length).toBe(200_000);
    await bucket.head('feeds/en/all.rss');
    await bucket.list('feeds/');
    await send('somebody@readers.example');
    expect([...faults.passed.keys()]).toEqual(
      expect.arrayContaining([
        'DynamoDB PutItem ledger PAGES',
        'DynamoDB Query ledger OPEN',
        'DynamoDB BatchGetItem ledger',
        'S3 PutObject public',
        'S3 GetObject public',
        'S3 HeadObject public',
        'S3 ListObjects public',
        'SES SendRawEmail',
      ]),
    );
  });
});

describe('a mail', () => {
  const cases: readonly [string, Fault, string, number][] = [
    ['is not taken when the connection is reset before', { is: 'reset', when: 'before' }, 'unknown', 0],
    ['is taken when the connection is reset after', { is: 'reset', when: 'after' }, 'unknown', 1],
    ['is not taken when 500 is answered before', { is: 'error', when: 'before' }, 'unknown', 0],
    ['is taken when 500 is answered after', { is: 'error', when: 'after' }, 'unknown', 1],
    ['is not taken when it hangs before', { is: 'hang', when: 'before' }, 'unknown', 0],
    ['is taken when it hangs after', { is: 'hang', when: 'after' }, 'unknown', 1],
    ['is not taken when it comes too fast', { is: 'throttle' }, 'throttled', 0],
    ['is taken a little later when SES is slow', { is: 'slow', ms: 50 }, 'sent', 1],
    ['is taken twice when it is repeated', { is: 'repeat' }, 'sent', 2],
  ];
  test.each(cases)('%s', async (name, fault, outcome, taken) => {
    const to = `${name.replaceAll(' ', '-')}@readers.example`;
    faults.add({ at: 'SES SendRawEmail', nth: 1, fault });
    expect((await send(to)).is).toBe(outcome);
    expect(await mailsTo(to)).toBe(taken);
    expect((await send(to)).is).toBe('sent');
  });
});

describe('a table', () => {
  let items = 0;
  const put = (...rules: Rule[]) => {
    faults.add(...rules);
    return ledger().put({ pk: `PAGES#${++items}`, sk: '1' }, 'absent');
  };
  const first = (fault: Fault): Rule => ({ at: 'DynamoDB PutItem ledger PAGES', nth: 1, fault });

  test.each<[string, Fault]>([
    ['reset', { is: 'reset', when: 'before' }],
    ['a 500', { is: 'error', when: 'before' }],
    ['a throttle', { is: 'throttle' }],
  ])('is asked again after %s that came before its effect', async (_, fault) => {
    expect(await put(first(fault))).toBe('written');
  });

  test.each<[string, Fault]>([
    ['a reset', { is: 'reset', when: 'after' }],
    ['a 500', { is: 'error', when: 'after' }],
    ['a repeat', { is: 'repeat' }],
  ])('refuses the second try of its own put after %s that came after its effect', async (_, fault) => {
    expect(await put(first(fault))).toBe('refused');
  });

  test('fails where every answer is lost', async () => {
    const rule: Rule = { at: /PutItem/, share: 1, fault: { is: 'error', when: 'before' } };
    await expect(put(rule)).rejects.toThrow('The request processing has failed.');
  });

  test('strikes only whom a rule names', async () => {
    const fault = { is: 'error', when: 'before' } as const;
    expect(await put({ at: 'DynamoDB', from: 'somebody-else', share: 1, fault })).toBe('written');
  });
});

describe('a process', () => {
  test('is killed before its request reached the store, or after', async () => {
    const kill = (when: 'before' | 'after'): Rule => ({
      at: 'SES',
      from: 'local',
      nth: 1,
      fault: { is: 'kill', when },
    });
    faults.add(kill('before'));
    await send('killed-before@readers.example');
    expect([killed.length, await mailsTo('killed-before@readers.example')]).toEqual([1, 0]);
    faults.clear();
    faults.add(kill('after'));
    await send('killed-after@readers.example');
    expect([killed.length, await mailsTo('killed-after@readers.example')]).toEqual([2, 1]);
    expect(killed).toEqual(['local', 'local']);
  });

  test('is frozen, and its request goes on when it is awake', async () => {
    faults.add({ at: 'DynamoDB PutItem', nth: 1, fault: { is: 'freeze', when: 'before' } });
    const written = ledger().put({ pk: 'PAGES#frozen', sk: '1' });
    while (!frozen) await new Promise((resolve) => setTimeout(resolve, 5));
    expect(await dynamoTable(dynamoClient(), 'courant-ledger-3').get({ pk: 'PAGES#frozen', sk: '1' })).toBeUndefined();
    frozen.wake();
    expect([frozen.from, await written]).toEqual(['local', 'written']);
  });
});

describe('messages', () => {
  const queueWith = async (name: string, ...bodies: string[]) => {
    const client = new SQSClient({ useQueueUrlAsEndpoint: false });
    const { QueueUrl = '' } = await client.send(new CreateQueueCommand({ QueueName: name }));
    await client.send(
      new SendMessageBatchCommand({ QueueUrl, Entries: bodies.map((MessageBody, i) => ({ Id: `${i}`, MessageBody })) }),
    );
    return async (): Promise<(string | undefined)[]> => {
      const { Messages = [] } = await client.send(new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 1 }));
      return Messages.map(({ Body }) => Body);
    };
  };

  test('are handed out twice', async () => {
    const receive = await queueWith('courant-pages-1', 'one', 'two');
    faults.add({ at: 'SQS ReceiveMessage pages', nth: 1, fault: { is: 'twice' } });
    const all = [...(await receive()), ...(await receive()), ...(await receive())];
    expect(all.sort()).toEqual(['one', 'one', 'two']);
  });

  test('are handed out in another order, and none is lost', async () => {
    const receive = await queueWith('courant-pages-2', 'one', 'two');
    faults.add({ at: 'SQS ReceiveMessage pages', nth: 1, fault: { is: 'reorder' } });
    expect(await receive()).toEqual([]);
    expect([...(await receive()), ...(await receive())]).toEqual(['two', 'one']);
  });

  test('come twice where the ringing is repeated', async () => {
    faults.add({ at: 'SQS SendMessageBatch pages', nth: 1, fault: { is: 'repeat' } });
    const receive = await queueWith('courant-pages-3', 'one');
    expect([...(await receive()), ...(await receive())]).toEqual(['one', 'one']);
  });
});

test('the same seed brings the same weather', async () => {
  const rule: Rule = { at: 'SES', share: 0.5, fault: { is: 'throttle' } };
  const weather = async (): Promise<string[]> => {
    const proxy = await startFaultProxy({ targets: { SES: ses.ses.url }, random: randomOf(7) });
    proxy.add(rule);
    pointSdkAt({ SES: proxy.url });
    const seen: string[] = [];
    for (let i = 0; i < 12; i++) seen.push((await send('seeded@readers.example')).is);
    await proxy.close();
    return seen;
  };
  const first = await weather();
  expect(new Set(first)).toEqual(new Set(['sent', 'throttled']));
  expect(await weather()).toEqual(first);
});
