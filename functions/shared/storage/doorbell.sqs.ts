import { SendMessageBatchCommand, SQSClient } from '@aws-sdk/client-sqs';
import type { Doorbell } from './doorbell.ts';
import { quiet } from './quiet.ts';

/** SQS takes ten messages in one SendMessageBatch. */
const MOST_MESSAGES = 10;

export const sqsClient = (): SQSClient =>
  quiet(
    new SQSClient({
      maxAttempts: 5,
      useQueueUrlAsEndpoint: false,
      requestHandler: { connectionTimeout: 2000, requestTimeout: 5000, throwOnRequestTimeout: true },
    }),
  );

export const sqsDoorbell = <Message extends object>(client: SQSClient, queueUrl: string): Doorbell<Message> => ({
  async ring(...messages) {
    for (let at = 0; at < messages.length; at += MOST_MESSAGES) {
      const entries = messages
        .slice(at, at + MOST_MESSAGES)
        .map((message, i) => ({ Id: String(i), MessageBody: JSON.stringify(message) }));
      const answer = await client.send(new SendMessageBatchCommand({ QueueUrl: queueUrl, Entries: entries }));
      if (answer.Failed?.length) throw new Error(`The queue refused ${answer.Failed.length} doorbells.`);
    }
  },
});
