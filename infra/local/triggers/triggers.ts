import { GetQueueAttributesCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { errorFields, log } from '../../../functions/shared/log.ts';
import { type FunctionName, type FunctionSpec, functions, type QueueName } from '../../topology.ts';
import type { Handlers } from './handlers.ts';
import { type Poller, startPoller } from './poller.ts';

/** What starts functions on AWS besides HTTP: queues and the minute. */
export interface Triggers {
  /** Runs everything that runs every minute, once, now. */
  tick(): Promise<void>;
  /** Runs one of them now. */
  run(name: FunctionName): Promise<void>;
  /** Waits until the queues are empty and nobody is at work, at most this long. */
  settle(mostMs: number): Promise<void>;
  /** Starts nothing more, and ends when what is in hand is done. */
  stop(): Promise<void>;
}

const MINUTE_MS = 60_000;
const LOOK_MS = 20;

export const startTriggers = (handlers: Handlers, client: SQSClient, queueUrls: Record<string, string>): Triggers => {
  const specs: [string, FunctionSpec][] = Object.entries(functions);
  const pollers = specs.flatMap(([name, { trigger }]) => {
    if (!('queue' in trigger)) return [];
    const queueUrl = queueUrls[trigger.queue] ?? '';
    const handler = handlers[name as FunctionName];
    return Array.from({ length: trigger.atOnce }, () =>
      startPoller({ client, name, queueUrl, batch: trigger.batch, handler }),
    );
  });
  const everyMinute = specs.filter(([, { trigger }]) => 'every' in trigger).map(([name]) => name as FunctionName);
  const tick = async (): Promise<void> => {
    await Promise.all(everyMinute.map((name) => invoke(name, handlers)));
  };
  let ticking = Promise.resolve();
  const timer = setInterval(() => {
    ticking = ticking.then(tick);
  }, MINUTE_MS);
  return {
    tick,
    run: (name) => invoke(name, handlers),
    settle: (mostMs) => settle({ client, pollers, queueUrls, mostMs }),
    async stop() {
      clearInterval(timer);
      await Promise.all([ticking, ...pollers.map((poller) => poller.stop())]);
    },
  };
};

const invoke = async (name: FunctionName, handlers: Handlers): Promise<void> => {
  try {
    await handlers[name]({});
  } catch (error) {
    // As when a scheduled Lambda fails: the next minute looks again.
    log.error('local.invocation-failed', { function: name, ...errorFields(error) });
  }
};

interface Settling {
  readonly client: SQSClient;
  readonly pollers: readonly Poller[];
  readonly queueUrls: Record<string, string>;
  readonly mostMs: number;
}

const settle = async ({ client, pollers, queueUrls, mostMs }: Settling): Promise<void> => {
  const names = Object.keys(queueUrls) as QueueName[];
  const until = Date.now() + mostMs;
  for (let quiet = 0; quiet < 3 && Date.now() < until; ) {
    const waiting = await Promise.all(names.map((name) => depthOf(client, queueUrls[name] ?? '')));
    const idle = waiting.every((depth) => depth === 0) && !pollers.some((poller) => poller.busy());
    quiet = idle ? quiet + 1 : 0;
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  }
};

const depthOf = async (client: SQSClient, QueueUrl: string): Promise<number> => {
  const { Attributes } = await client.send(
    new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['ApproximateNumberOfMessages'] }),
  );
  return Number(Attributes?.['ApproximateNumberOfMessages'] ?? 0);
};
