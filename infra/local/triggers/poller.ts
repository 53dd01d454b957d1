import { DeleteMessageBatchCommand, type Message, ReceiveMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import type { SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import { errorFields, log } from '../../../functions/shared/log.ts';
import type { Handler } from './handlers.ts';

interface Polled {
  readonly client: SQSClient;
  readonly name: string;
  readonly queueUrl: string;
  readonly batch: number;
  readonly handler: Handler;
}

export interface Poller {
  /** Whether a batch is being worked on right now. */
  busy(): boolean;
  /** Takes nothing more, and ends when what it holds is done. */
  stop(): Promise<void>;
}

/** What Lambda's event source does for a queue: receive, invoke, and remove what succeeded. */
export const startPoller = (polled: Polled): Poller => {
  const stopping = new AbortController();
  let busy = false;
  const loop = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      const messages = await receive(polled, stopping.signal);
      if (messages.length === 0) continue;
      busy = true;
      await work(polled, messages);
      busy = false;
    }
  };
  const ended = loop();
  return {
    busy: () => busy,
    async stop() {
      stopping.abort();
      await ended;
    },
  };
};

const RETRY_MS = 200;
/** SQS hands out and takes back ten messages with one request. */
const MOST_AT_ONCE = 10;
const WAIT_SECONDS = 20;

/** As many as are there, up to a batch. The first are waited for; on AWS the others would be as well, for a moment. */
const receive = async (polled: Polled, signal: AbortSignal): Promise<Message[]> => {
  const messages = await receiveSome(polled, { most: polled.batch, waitSeconds: WAIT_SECONDS, signal });
  for (let got = messages.length; got === MOST_AT_ONCE && messages.length < polled.batch; ) {
    const more = await receiveSome(polled, { most: polled.batch - messages.length, waitSeconds: 0, signal });
    messages.push(...more);
    got = more.length;
  }
  return messages;
};

interface Receiving {
  readonly most: number;
  readonly waitSeconds: number;
  readonly signal: AbortSignal;
}

const receiveSome = async (
  { client, queueUrl }: Polled,
  { most, waitSeconds, signal }: Receiving,
): Promise<Message[]> => {
  try {
    const answer = await client.send(
      new ReceiveMessageCommand({
        QueueUrl: queueUrl,
        MaxNumberOfMessages: Math.min(most, MOST_AT_ONCE),
        WaitTimeSeconds: waitSeconds,
        MessageSystemAttributeNames: ['All'],
      }),
      { abortSignal: signal },
    );
    return answer.Messages ?? [];
  } catch {
    // Stopped while waiting, or the emulator is being started again: look again in a moment.
    if (!signal.aborted) await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
    return [];
  }
};

const work = async ({ client, name, queueUrl, handler }: Polled, messages: Message[]): Promise<void> => {
  try {
    const event: SQSEvent = { Records: messages.map((message) => recordOf(message, name)) };
    const answer = (await handler(event)) as SQSBatchResponse | undefined;
    const failed = new Set(answer?.batchItemFailures.map((failure) => failure.itemIdentifier));
    const done = messages.filter((message) => !failed.has(message.MessageId ?? ''));
    for (let at = 0; at < done.length; at += MOST_AT_ONCE) {
      const some = done.slice(at, at + MOST_AT_ONCE);
      const Entries = some.map((message, i) => ({ Id: String(i), ReceiptHandle: message.ReceiptHandle }));
      await client.send(new DeleteMessageBatchCommand({ QueueUrl: queueUrl, Entries }));
    }
  } catch (error) {
    // As when a Lambda fails: the messages come again after their visibility timeout.
    log.error('local.invocation-failed', { function: name, ...errorFields(error) });
  }
};

const recordOf = (message: Message, name: string): SQSRecord => ({
  messageId: message.MessageId ?? '',
  receiptHandle: message.ReceiptHandle ?? '',
  body: message.Body ?? '',
  attributes: {
    ApproximateReceiveCount: message.Attributes?.ApproximateReceiveCount ?? '1',
    SentTimestamp: message.Attributes?.SentTimestamp ?? '',
    SenderId: message.Attributes?.SenderId ?? '',
    ApproximateFirstReceiveTimestamp: message.Attributes?.ApproximateFirstReceiveTimestamp ?? '',
  },
  messageAttributes: {},
  md5OfBody: message.MD5OfBody ?? '',
  eventSource: 'aws:sqs',
  eventSourceARN: `arn:aws:sqs:eu-west-1:000000000000:${name}`,
  awsRegion: 'eu-west-1',
});
