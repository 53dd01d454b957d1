import { type ChildProcess, fork } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import type { FunctionName } from '../../infra/topology.ts';

/** Processes that work, die, and are started again. Each has an access key of its own, by which the faults know it. */
export interface Crew {
  /** Everybody is at work, or asleep; throws where one of them ended by itself. */
  ready(): boolean;
  turn(offsetMs: number): void;
  tick(): void;
  kill(from: string): Promise<void>;
  /** Comes back when it is awake again. */
  freeze(from: string): Promise<void>;
  wakeAll(): void;
  /** How many are frozen now, and how often somebody was killed or frozen. */
  frozen(): number;
  readonly fallen: { kills: number; freezes: number };
  /** When they have called SES to send a mail, each by his own clock: milliseconds since 1970. */
  readonly calls: readonly number[];
  /** An address at which one of them answers. */
  url(): string;
  stop(): Promise<void>;
}

interface Hired {
  /** Who is at work at the same time. */
  readonly size: number;
  readonly hands: readonly FunctionName[];
  readonly environment: Readonly<Record<string, string>>;
  readonly offsetMs: number;
}

interface Worker {
  readonly key: string;
  readonly child: ChildProcess;
  port: number | undefined;
  asleep: (() => void) | undefined;
}

const HAND = new URL('./hand.worker.ts', import.meta.url);
const told = z.discriminatedUnion('is', [
  z.object({ is: z.literal('warm') }),
  z.object({ is: z.literal('at-work'), port: z.number() }),
  z.object({ is: z.literal('calls'), at: z.number() }),
]);

let keys = 0;

export const startCrew = (hired: Hired): Crew => {
  let stopping = false;
  let { offsetMs } = hired;
  const workers = new Set<Worker>();
  const fallen = { kills: 0, freezes: 0 };
  const calls: number[] = [];
  let broken: Error | undefined;

  const hire = (): void => {
    const worker = launch(hired, { offsetMs: () => offsetMs, calls: (at) => void calls.push(at) });
    workers.add(worker);
    worker.child.once('exit', (code) => {
      workers.delete(worker);
      worker.asleep?.();
      // Who is killed has no code. Whoever ends by himself would do so again and again.
      if (code) broken = new Error(`A process of the crew ended with ${code}.`);
      else if (!stopping) hire();
    });
  };
  for (let i = 0; i < hired.size; i++) hire();
  // Somebody who is frozen would not hear that his test is gone.
  const endAll = (): void => {
    for (const { child } of workers) child.kill('SIGKILL');
  };
  process.once('exit', endAll);

  const byKey = (key: string): Worker | undefined => [...workers].find((one) => one.key === key);
  const say = (message: object): void => {
    for (const { child, port } of workers) if (port !== undefined && child.connected) child.send(message);
  };
  const wakeAll = (): void => {
    for (const worker of workers) {
      worker.asleep?.();
      worker.asleep = undefined;
    }
  };
  return {
    ...{ fallen, calls },
    ready() {
      if (broken) throw broken;
      return workers.size === hired.size && [...workers].every(({ port, asleep }) => port !== undefined || asleep);
    },
    turn(to) {
      offsetMs = to;
      say({ do: 'turn', offsetMs });
    },
    tick: () => say({ do: 'tick' }),
    async kill(key) {
      const worker = byKey(key);
      if (!worker) return;
      fallen.kills++;
      await end(worker.child);
    },
    async freeze(key) {
      const worker = byKey(key);
      if (!worker || worker.asleep) return;
      fallen.freezes++;
      worker.child.kill('SIGSTOP');
      await new Promise<void>((resolve) => {
        worker.asleep = () => {
          worker.child.kill('SIGCONT');
          resolve();
        };
      });
    },
    wakeAll,
    frozen: () => [...workers].filter(({ asleep }) => asleep).length,
    url() {
      const awake = [...workers].find(({ port, asleep }) => port !== undefined && !asleep);
      return `http://127.0.0.1:${awake?.port ?? 9}`;
    },
    async stop() {
      stopping = true;
      process.off('exit', endAll);
      await Promise.all([...workers].map(({ child }) => end(child)));
    },
  };
};

interface Boss {
  readonly offsetMs: () => number;
  readonly calls: (at: number) => void;
}

const launch = ({ hands, environment }: Hired, boss: Boss): Worker => {
  const key = `hand${++keys}`;
  const child = fork(HAND, {
    // What was compiled once is compiled for all who follow.
    env: { ...process.env, AWS_ACCESS_KEY_ID: key, COURANT_HANDS: hands.join(','), NODE_COMPILE_CACHE: CACHE },
    execArgv: [],
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const worker: Worker = { key, child, port: undefined, asleep: undefined };
  child.on('message', (raw) => {
    const message = told.parse(raw);
    switch (message.is) {
      case 'warm':
        return void child.send({
          do: 'begin',
          environment: { ...environment, AWS_ACCESS_KEY_ID: key },
          offsetMs: boss.offsetMs(),
        });
      case 'at-work':
        worker.port = message.port;
        return;
      case 'calls':
        return boss.calls(message.at);
    }
  });
  return worker;
};

const CACHE = join(tmpdir(), 'courant-compile-cache');

const end = async (child: ChildProcess): Promise<void> => {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGKILL');
  await gone;
};
