import { SESClient, SendRawEmailCommand } from '@aws-sdk/client-ses';
import { z } from 'zod';
import { setLogSink } from '../../functions/shared/log.ts';
import { turnClock, wallMs } from '../../functions/shared/time.ts';
import type { Handler, Handlers } from '../../infra/local/triggers/handlers.ts';
import { startPoller } from '../../infra/local/triggers/poller.ts';
import { httpApi } from '../../infra/local/web/api.ts';
import { openServer } from '../../infra/local/web/server.ts';
import { type FunctionName, type FunctionSpec, functions, variableOf } from '../../infra/topology.ts';
import { freePort } from '../support/courant.ts';
import { pollingClient } from './stores.ts';

/**
 * A process that does what some of the functions do, with the real handlers behind real queues: it is started, told
 * where the stores are, and killed whenever somebody likes. `COURANT_HANDS` names its functions.
 */
const message = z.discriminatedUnion('do', [
  z.object({ do: z.literal('begin'), environment: z.record(z.string(), z.string()), offsetMs: z.number() }),
  z.object({ do: z.literal('turn'), offsetMs: z.number() }),
  z.object({ do: z.literal('tick') }),
]);

noteCalls();
setLogSink((line) => {
  if (process.env['COURANT_SAY'] === 'all') process.stderr.write(`${process.env['AWS_ACCESS_KEY_ID']} ${line}\n`);
});
// Whoever started it is gone.
process.on('disconnect', () => process.exit(0));

const hands = new Set((process.env['COURANT_HANDS'] ?? '').split(','));
const specs: [string, FunctionSpec][] = Object.entries(functions).filter(([name]) => hands.has(name));
const handlers = await load();
process.on('message', (raw) => act(message.parse(raw)));
process.send?.({ is: 'warm' });

/** Tells when SES is called, by the clock of who calls: how busy the machine is between the two says nothing of him. */
function noteCalls(): void {
  const send = SESClient.prototype.send;
  const noting = function (this: SESClient, ...asked: unknown[]): unknown {
    if (asked[0] instanceof SendRawEmailCommand) process.send?.({ is: 'calls', at: wallMs() });
    return Reflect.apply(send, this, asked);
  };
  Object.defineProperty(SESClient.prototype, 'send', { value: noting, configurable: true, writable: true });
}

async function load(): Promise<Handlers> {
  const elsewhere: Handler = async () => ({ statusCode: 404 });
  const all = Object.keys(functions).map((name) => [name, elsewhere] as const);
  const mine = await Promise.all(
    specs.map(async ([name, { entry }]) => {
      const door = await import(new URL(`../../${entry}`, import.meta.url).href);
      return [name, door.handler] as const;
    }),
  );
  return Object.fromEntries([...all, ...mine]) as Handlers;
}

function act(told: z.infer<typeof message>): void {
  switch (told.do) {
    case 'begin':
      Object.assign(process.env, told.environment);
      turnClock(told.offsetMs);
      return void begin();
    case 'turn':
      turnClock(told.offsetMs);
      return;
    case 'tick':
      return void tick();
  }
}

async function begin(): Promise<void> {
  const client = pollingClient();
  for (const [name, { trigger }] of specs) {
    if (!('queue' in trigger)) continue;
    const queueUrl = process.env[variableOf('QUEUE', trigger.queue)] ?? '';
    startPoller({ client, name, queueUrl, batch: trigger.batch, handler: handlers[name as FunctionName] });
  }
  const port = await freePort();
  const server = await openServer(port);
  server.serve(httpApi(handlers));
  process.send?.({ is: 'at-work', port });
}

async function tick(): Promise<void> {
  const timed = specs.filter(([, { trigger }]) => 'every' in trigger);
  // What fails is looked at again in the next minute, as on AWS.
  await Promise.allSettled(timed.map(([name]) => handlers[name as FunctionName]({})));
}
