import type { SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import type * as z from 'zod';
import { errorFields, log } from './log.ts';
import { once } from './once.ts';

interface QueueDoor<Message, Ports> {
  /** What may come through this door; anything else goes to the dead-letter queue. */
  readonly message: z.ZodType<Message>;
  readonly connect: () => Promise<Ports> | Ports;
  readonly work: (ports: Ports, message: Message) => Promise<void>;
  /** Messages of one batch that are worked on at the same time. */
  readonly atOnce?: number;
}

/**
 * A Lambda behind a queue. Each message succeeds or fails alone (`ReportBatchItemFailures`): what failed comes again
 * and ends in the dead-letter queue; nothing that failed is acknowledged.
 */
export const queueHandler = <Message, Ports>(door: QueueDoor<Message, Ports>) => {
  const ports = once(door.connect);
  return async (event: SQSEvent): Promise<SQSBatchResponse> => {
    const connected = await ports();
    const waiting = [...event.Records];
    const batchItemFailures: { itemIdentifier: string }[] = [];
    const worker = async (): Promise<void> => {
      for (let record = waiting.shift(); record; record = waiting.shift()) {
        if (!(await succeeded(door, connected, record))) batchItemFailures.push({ itemIdentifier: record.messageId });
      }
    };
    await Promise.all(Array.from({ length: door.atOnce ?? 1 }, worker));
    return { batchItemFailures };
  };
};

const succeeded = async <Message, Ports>(
  door: QueueDoor<Message, Ports>,
  ports: Ports,
  record: SQSRecord,
): Promise<boolean> => {
  try {
    await door.work(ports, door.message.parse(JSON.parse(record.body)));
    return true;
  } catch (error) {
    // The queue hands it out again, and sets it aside after the fifth time with an alarm: that is the recovery.
    log.error('queue.failed', { message: record.messageId, ...errorFields(error) });
    return false;
  }
};
