import { CreateTopicCommand, SNSClient, SubscribeCommand } from '@aws-sdk/client-sns';
import { CreateQueueCommand, GetQueueAttributesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { type QueueName, queues } from '../../infra/topology.ts';

/** For long polls: a client that gives up before the queue does would take its message along. */
export const pollingClient = (): SQSClient =>
  new SQSClient({
    useQueueUrlAsEndpoint: false,
    requestHandler: { connectionTimeout: 2000, requestTimeout: 60_000 },
  });

/**
 * What a process took along when it died comes again after so long, and not after minutes as on AWS; whatever takes
 * longer is handed out twice, which nothing here may mind.
 */
const VISIBILITY_SECONDS = 8;

/** The queues of one run, and the topic of its mails' events with the feedback queue behind it. */
export const makeMessaging = async (run: number) => {
  const sqs = pollingClient();
  const sns = new SNSClient({});
  const urls: Record<string, string> = {};
  for (const name of Object.keys(queues) as QueueName[]) {
    const Attributes = { VisibilityTimeout: String(VISIBILITY_SECONDS) };
    const made = await sqs.send(new CreateQueueCommand({ QueueName: `courant-${name}-${run}`, Attributes }));
    urls[name] = made.QueueUrl ?? '';
  }
  const feedback = urls['feedback'] ?? '';
  const about = await sqs.send(new GetQueueAttributesCommand({ QueueUrl: feedback, AttributeNames: ['QueueArn'] }));
  const { TopicArn = '' } = await sns.send(new CreateTopicCommand({ Name: `courant-mail-events-${run}` }));
  await sns.send(new SubscribeCommand({ TopicArn, Protocol: 'sqs', Endpoint: about.Attributes?.['QueueArn'] ?? '' }));
  return { sqs, sns, urls, topicArn: TopicArn };
};
