import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { ClientRequest } from 'node:http';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { z } from 'zod';

/** What some work took: of this process, and of the table. */
export interface Spent {
  readonly ms: number;
  /** Of the processor, all threads together. */
  readonly cpuMs: number;
  /** The most memory this process had, in MB. */
  readonly peakMb: number;
  /** Requests by the port they went to. */
  readonly requests: ReadonlyMap<string, number>;
}

const LOOK_MS = 100;

/** Does the work and tells what it took. */
export const metered = async (work: () => Promise<unknown>): Promise<Spent> => {
  const requests = new Map<string, number>();
  const count = (message: unknown): void => {
    const { request } = z.object({ request: z.instanceof(ClientRequest) }).parse(message);
    const host = String(request.getHeader('host') ?? request.host);
    requests.set(host, (requests.get(host) ?? 0) + 1);
  };
  let peak = process.memoryUsage.rss();
  const looking = setInterval(() => {
    peak = Math.max(peak, process.memoryUsage.rss());
  }, LOOK_MS);
  subscribe('http.client.request.start', count);
  const cpu = process.cpuUsage();
  const from = performance.now();
  try {
    await work();
  } finally {
    clearInterval(looking);
    unsubscribe('http.client.request.start', count);
  }
  const { user, system } = process.cpuUsage(cpu);
  return { ms: performance.now() - from, cpuMs: (user + system) / 1000, peakMb: peak / 2 ** 20, requests };
};

export const requestsTo = ({ requests }: Spent, url: string): number => requests.get(new URL(url).host) ?? 0;

export interface Units {
  read: number;
  write: number;
}

const consumed = z.object({ CapacityUnits: z.number().default(0) });
const answered = z.looseObject({ ConsumedCapacity: z.union([consumed, z.array(consumed)]).optional() });
const READS = /^(GetItem|Query|BatchGetItem)/;

/**
 * Has the table say what each request would cost, as DynamoDB counts it: read and write units, indexes included. From
 * the call on; `stop` ends it.
 */
export const countUnits = (): { readonly units: Units; stop(): void } => {
  const units: Units = { read: 0, write: 0 };
  const plain = Object.getOwnPropertyDescriptor(DynamoDBClient.prototype, 'send');
  const send = DynamoDBClient.prototype.send;
  const counting = async function (this: DynamoDBClient, command: { input: Record<string, unknown> }) {
    command.input['ReturnConsumedCapacity'] = 'TOTAL';
    const answer: unknown = await Reflect.apply(send, this, [command]);
    const { ConsumedCapacity = [] } = answered.parse(answer);
    const sum = [ConsumedCapacity].flat().reduce((all, { CapacityUnits }) => all + CapacityUnits, 0);
    units[READS.test(command.constructor.name) ? 'read' : 'write'] += sum;
    return answer;
  };
  Object.defineProperty(DynamoDBClient.prototype, 'send', { value: counting, configurable: true, writable: true });
  return {
    units,
    stop() {
      if (plain) Object.defineProperty(DynamoDBClient.prototype, 'send', plain);
      else Reflect.deleteProperty(DynamoDBClient.prototype, 'send');
    },
  };
};
