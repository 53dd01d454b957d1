import {
  CreateTableCommand,
  DescribeTableCommand,
  type DynamoDBClient,
  ResourceInUseException,
} from '@aws-sdk/client-dynamodb';
import { CreateBucketCommand, HeadBucketCommand, type S3Client, S3ServiceException } from '@aws-sdk/client-s3';
import { CreateTopicCommand, type SNSClient, SubscribeCommand } from '@aws-sdk/client-sns';
import { CreateQueueCommand, GetQueueAttributesCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { buckets, MOST_RECEIVES, queues, tables } from '../topology.ts';

/** What a store is called in a run on this machine: `courant-wire`. */
export const localName = (name: string): string => `courant-${name}`;

/** Makes the tables of the topology where they are missing. */
export const makeTables = async (client: DynamoDBClient): Promise<void> => {
  for (const [name, table] of Object.entries(tables)) {
    await makeTable(client, localName(name), 'index' in table && table.index);
  }
};

export const makeTable = async (client: DynamoDBClient, name: string, indexed: boolean): Promise<void> => {
  const attributes = indexed ? ['pk', 'sk', 'ipk', 'isk'] : ['pk', 'sk'];
  try {
    await client.send(
      new CreateTableCommand({
        TableName: name,
        BillingMode: 'PAY_PER_REQUEST',
        AttributeDefinitions: attributes.map((AttributeName) => ({ AttributeName, AttributeType: 'S' })),
        KeySchema: keysOf('pk', 'sk'),
        ...(indexed && {
          GlobalSecondaryIndexes: [
            { IndexName: 'index', KeySchema: keysOf('ipk', 'isk'), Projection: { ProjectionType: 'ALL' } },
          ],
        }),
      }),
    );
  } catch (error) {
    // It is there from an earlier run, with everything in it.
    if (!(error instanceof ResourceInUseException)) throw error;
  }
  while ((await client.send(new DescribeTableCommand({ TableName: name }))).Table?.TableStatus !== 'ACTIVE') {
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
};

const keysOf = (partition: string, sort: string) => [
  { AttributeName: partition, KeyType: 'HASH' as const },
  { AttributeName: sort, KeyType: 'RANGE' as const },
];

/** Makes the buckets of the topology where they are missing. */
export const makeBuckets = async (client: S3Client): Promise<void> => {
  for (const name of Object.keys(buckets)) await makeBucket(client, localName(name));
};

export const makeBucket = async (client: S3Client, name: string): Promise<void> => {
  try {
    await client.send(new HeadBucketCommand({ Bucket: name }));
  } catch (error) {
    if (!(error instanceof S3ServiceException) || error.$metadata.httpStatusCode !== 404) throw error;
    await client.send(new CreateBucketCommand({ Bucket: name }));
  }
};

/** Makes the queues with their dead-letter queues; answers their addresses by name. */
export const makeQueues = async (client: SQSClient): Promise<Record<string, string>> => {
  const urls: Record<string, string> = {};
  for (const [name, { visibilitySeconds }] of Object.entries(queues)) {
    const dead = await makeQueue(client, localName(`${name}-dead`), {});
    urls[name] = await makeQueue(client, localName(name), {
      VisibilityTimeout: String(visibilitySeconds),
      RedrivePolicy: JSON.stringify({ deadLetterTargetArn: await arnOf(client, dead), maxReceiveCount: MOST_RECEIVES }),
    });
  }
  return urls;
};

const makeQueue = async (client: SQSClient, name: string, Attributes: Record<string, string>): Promise<string> => {
  const { QueueUrl } = await client.send(new CreateQueueCommand({ QueueName: name, Attributes }));
  if (!QueueUrl) throw new Error(`The queue ${name} has no address.`);
  return QueueUrl;
};

const arnOf = async (client: SQSClient, QueueUrl: string): Promise<string> => {
  const { Attributes } = await client.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['QueueArn'] }));
  return Attributes?.['QueueArn'] ?? '';
};

/** Makes the topic that SES reports to, with the feedback queue behind it; answers the topic's ARN. */
export const makeEventTopic = async (sns: SNSClient, sqs: SQSClient, feedbackUrl: string): Promise<string> => {
  const { TopicArn } = await sns.send(new CreateTopicCommand({ Name: localName('mail-events') }));
  if (!TopicArn) throw new Error('The topic of mail events has no ARN.');
  await sns.send(new SubscribeCommand({ TopicArn, Protocol: 'sqs', Endpoint: await arnOf(sqs, feedbackUrl) }));
  return TopicArn;
};
