import type { SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import type * as z from 'zod';
import { errorFields, log } from './log.ts';
import { once } from './once.ts';

interface Door<Message, Ports> {
  /** What may come through this door; anything else goes to the dead-letter queue. */
  readonly message: z.ZodType<Message>;
  readonly connect: () => Promise<Ports> | Ports;
  /** How many pieces of work of one batch are under way at the same time. */
  readonly atOnce?: number;
}

interface QueueDoor<Message, Ports> extends Door<Message, Ports> {
  readonly work: (ports: Ports, message: Message) => Promise<void>;
}

interface GroupDoor<Message, Ports> extends Door<Message, Ports> {
  /** Messages with the same word here are one piece of work. */
  readonly groupOf: (message: Message) => string;
  readonly work: (ports: Ports, messages: readonly Message[]) => Promise<void>;
}

/**
 * A Lambda behind a queue. Each message succeeds or fails alone (`ReportBatchItemFailures`): what failed comes again
 * and ends in the dead-letter queue; nothing that failed is acknowledged.
 */
export const queueHandler = <Message, Ports>({ work, ...door }: QueueDoor<Message, Ports>) =>
  handlerOf(door, (ports, records) =>
    records.map((record) => ({ record, run: async () => work(ports, read(door, record)) })),
  );

/**
 * The same for messages that cost less taken together. A group that fails is worked on again message by message, so that
 * the one it fails for costs the others nothing; so what is done for a message may be done twice.
 */
export const groupHandler = <Message, Ports>({ work, groupOf, ...door }: GroupDoor<Message, Ports>) =>
  handlerOf(door, (ports, records) => {
    const groups = new Map<string, Group<Message>[]>();
    const unreadable: Work[] = [];
    for (const record of records) {
      try {
        const message = read(door, record);
        groups.set(groupOf(message), [...(groups.get(groupOf(message)) ?? []), { record, message }]);
      } catch (error) {
        // No message of ours: it fails alone, as any other work that fails.
        unreadable.push({ record, run: () => Promise.reject(error) });
      }
    }
    const readable = [...groups.values()].map((group): Work => {
      const singly = group.map(({ record, message }) => ({ record, run: () => work(ports, [message]) }));
      const [only] = singly;
      if (only && singly.length === 1) return only;
      return {
        instead: singly,
        run: () =>
          work(
            ports,
            group.map(({ message }) => message),
          ),
      };
    });
    return [...unreadable, ...readable];
  });

interface Group<Message> {
  readonly record: SQSRecord;
  readonly message: Message;
}

/** A piece of work: for one message, or for several that are worked on singly where it fails. */
type Work = { readonly run: () => Promise<void> } & (
  | { readonly record: SQSRecord }
  | { readonly instead: readonly Work[] }
);

const handlerOf = <Ports>(
  { connect, atOnce = 1 }: Pick<Door<unknown, Ports>, 'connect' | 'atOnce'>,
  plan: (ports: Ports, records: readonly SQSRecord[]) => Work[],
) => {
  const ports = once(connect);
  return async (event: SQSEvent): Promise<SQSBatchResponse> => {
    const waiting = plan(await ports(), event.Records);
    const batchItemFailures: { itemIdentifier: string }[] = [];
    const worker = async (): Promise<void> => {
      for (let next = waiting.shift(); next; next = waiting.shift()) {
        if (await succeeded(next)) continue;
        if ('instead' in next) waiting.push(...next.instead);
        else batchItemFailures.push({ itemIdentifier: next.record.messageId });
      }
    };
    await Promise.all(Array.from({ length: atOnce }, worker));
    return { batchItemFailures };
  };
};

const read = <Message>({ message }: Pick<QueueDoor<Message, never>, 'message'>, { body }: SQSRecord): Message =>
  message.parse(JSON.parse(body));

const succeeded = async (work: Work): Promise<boolean> => {
  try {
    await work.run();
    return true;
  } catch (error) {
    // The queue hands it out again, and sets it aside after the fifth time with an alarm: that is the recovery.
    if ('record' in work) log.error('queue.failed', { message: work.record.messageId, ...errorFields(error) });
    else log.warn('queue.group-failed', { messages: work.instead.length, ...errorFields(error) });
    return false;
  }
};
