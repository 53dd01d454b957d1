import { z } from 'zod';
import type { Reply } from './answers.ts';

const received = z.looseObject({ Messages: z.array(z.record(z.string(), z.unknown())).optional() });
const asking = z.looseObject({ QueueUrl: z.string(), MaxNumberOfMessages: z.number().default(1) });

type Message = Record<string, unknown>;

/** Messages of a queue that are kept back, to be handed out once more or late. */
export interface Mailbag {
  /** The request as it goes to the queue: where something is kept back, nobody waits for more. */
  asked(body: Buffer): Buffer;
  /** The answer with what was kept back behind what has come. */
  handedOut(body: Buffer, reply: Reply): Reply;
  keep(body: Buffer, reply: Reply, how: 'twice' | 'reorder'): Reply;
}

export const openMailbag = (): Mailbag => {
  const kept = new Map<string, Message[]>();
  const keptFor = (queue: string): Message[] => kept.get(queue) ?? kept.set(queue, []).get(queue) ?? [];
  return {
    asked(body) {
      const asked = asking.parse(JSON.parse(body.toString('utf8')));
      return keptFor(asked.QueueUrl).length === 0
        ? body
        : Buffer.from(JSON.stringify({ ...asked, WaitTimeSeconds: 0 }));
    },

    handedOut(body, reply) {
      const asked = asking.parse(JSON.parse(body.toString('utf8')));
      const waiting = keptFor(asked.QueueUrl);
      if (reply.status !== 200 || waiting.length === 0) return reply;
      const fresh = messagesOf(reply);
      return withMessages(reply, [
        ...fresh,
        ...waiting.splice(0, Math.max(1, asked.MaxNumberOfMessages) - fresh.length),
      ]);
    },

    keep(body, reply, how) {
      const { QueueUrl } = asking.parse(JSON.parse(body.toString('utf8')));
      keptFor(QueueUrl).push(...messagesOf(reply));
      return how === 'twice' ? reply : withMessages(reply, []);
    },
  };
};

const messagesOf = ({ status, body }: Reply): Message[] =>
  status === 200 ? (received.parse(JSON.parse(body.toString('utf8'))).Messages ?? []) : [];

const withMessages = (reply: Reply, messages: readonly Message[]): Reply => ({
  ...reply,
  body: Buffer.from(JSON.stringify(messages.length > 0 ? { Messages: messages } : {})),
});
