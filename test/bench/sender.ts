import { fork } from 'node:child_process';
import { z } from 'zod';
import type { Spent } from './meter.ts';

/** A process of its own that sends. */
export interface Sender {
  send(edition: string, pages: readonly number[]): Promise<Spent>;
  /** The bare SES client with these mails, which SES has taken before. */
  know(forms: readonly string[]): Promise<Spent>;
  bare(count: number): Promise<Spent>;
  stop(): Promise<void>;
}

const spent = z.object({
  ms: z.number(),
  cpuMs: z.number(),
  peakMb: z.number(),
  requests: z.array(z.tuple([z.string(), z.number()])).transform((entries) => new Map(entries)),
});

export const startSender = async (): Promise<Sender> => {
  const child = fork(new URL('./sender.worker.ts', import.meta.url), { execArgv: [] });
  const told = () => new Promise<unknown>((resolve) => child.once('message', resolve));
  await told();
  const ask = async (message: object): Promise<Spent> => {
    const answer = told();
    child.send(message);
    return spent.parse(await answer);
  };
  return {
    send: (edition, pages) => ask({ do: 'send', edition, pages }),
    know: (forms) => ask({ do: 'mails', forms }),
    bare: (count) => ask({ do: 'bare', count }),
    async stop() {
      const gone = new Promise((resolve) => child.once('exit', resolve));
      child.disconnect();
      await gone;
    },
  };
};
