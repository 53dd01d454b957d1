import { extname } from 'node:path';
import { Worker } from 'node:worker_threads';
import { log } from '../../../shared/log.ts';
import { steadyMs } from '../../../shared/time.ts';
import type { ThreadData } from './tasks.ts';

export interface ThreadAsk {
  readonly task: string;
  readonly input: unknown;
}

export type ThreadAnswer =
  | { readonly is: 'ready' }
  | { readonly is: 'done'; readonly value: unknown }
  | { readonly is: 'refused'; readonly because: string }
  | { readonly is: 'broken'; readonly fields: Readonly<Record<string, string | number | boolean | null | undefined>> };

export interface ThreadLimits {
  /** Time of the processor for one task, so that a machine that does other things too spoils nothing. */
  readonly cpuMs: number;
  /** For a thread that waits rather than works. */
  readonly mostMs: number;
  readonly memoryMb: number;
}

const THREAD_LIMITS: ThreadLimits = { cpuMs: 2000, mostMs: 30_000, memoryMb: 256 };

export type Done =
  | { readonly is: 'done'; readonly value: unknown }
  | { readonly is: 'refused'; readonly because: string };

export interface Thread {
  /** Works on one task at a time; the next waits. */
  call(task: string, input: unknown): Promise<Done>;
  close(): Promise<void>;
}

/** The thread's file lies beside this one and has its ending: `.ts` as written, `.cjs` as bundled for Lambda. */
const FILE = new URL(`./read.worker${extname(new URL(import.meta.url).pathname)}`, import.meta.url);

/**
 * A thread that reads foreign documents, and is ended when one of them takes too much: 2 s of the processor or 256 MB.
 * That costs this document; the next gets a new thread.
 */
export const openThread = (data: ThreadData, limits: ThreadLimits = THREAD_LIMITS): Thread => {
  let worker: Promise<Worker> | undefined;
  let last: Promise<unknown> = Promise.resolve();

  /** A start that failed costs one document; the next one tries again. */
  const forgotten = (error: unknown): never => {
    worker = undefined;
    throw error;
  };

  const work = async (ask: ThreadAsk): Promise<Done> => {
    worker ??= started(data, limits).catch(forgotten);
    const thread = await worker;
    // While it works it is waited for; while it waits for work, it keeps nobody from ending.
    thread.ref();
    const { answer, lives } = await answerOf(thread, ask, limits);
    thread.unref();
    if (!lives) worker = undefined;
    return answer;
  };

  return {
    call(task, input) {
      const done = last.then(() => work({ task, input }));
      last = done.catch(() => {});
      return done;
    },
    async close() {
      await last;
      await (await worker)?.terminate();
      worker = undefined;
    },
  };
};

const started = async (workerData: ThreadData, { memoryMb }: ThreadLimits): Promise<Worker> => {
  const worker = new Worker(FILE, { workerData, resourceLimits: { maxOldGenerationSizeMb: memoryMb }, execArgv: [] });
  await new Promise<void>((resolve, reject) => {
    worker.once('message', () => resolve());
    worker.once('error', reject);
    worker.once('exit', (code) => reject(new Error(`The thread ended with ${code} before it had begun.`)));
  });
  worker.removeAllListeners('error').removeAllListeners('exit');
  // How it ends is heard by whoever waits for it; one that ends while nobody waits is only replaced.
  worker.on('error', () => {});
  return worker;
};

interface Ended {
  readonly answer: Done;
  readonly lives: boolean;
}

const refused = (because: string): Done => ({ is: 'refused', because });

const LOOK_MS = 50;

const answerOf = async (worker: Worker, ask: ThreadAsk, limits: ThreadLimits): Promise<Ended> => {
  const before = await cpuMsOf(worker);
  if (before === undefined) return { answer: refused(BROKEN), lives: false };
  return new Promise((resolve) => {
    const end = (ended: Ended): void => {
      clearInterval(timer);
      worker.off('message', answered).off('error', failed).off('exit', exited);
      resolve(ended);
    };
    const answered = (answer: ThreadAnswer): void => end({ answer: doneOf(answer, ask.task), lives: true });
    const failed = (error: Error): void => {
      const isMemory = 'code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY';
      if (!isMemory) log.error('source.reading-failed', { task: ask.task, error: error.name });
      end({ answer: refused(isMemory ? 'it takes more than 256 MB to read' : BROKEN), lives: false });
    };
    const exited = (): void => end({ answer: refused(BROKEN), lives: false });
    const startedAt = steadyMs();
    const timer = setInterval(async () => {
      // One that is gone already says so by its own events.
      const used = ((await cpuMsOf(worker)) ?? before) - before;
      if (used <= limits.cpuMs && steadyMs() - startedAt <= limits.mostMs) return;
      end({ answer: refused('it takes more than 2 seconds to read'), lives: false });
      await worker.terminate();
    }, LOOK_MS);
    worker.on('message', answered).on('error', failed).on('exit', exited);
    worker.postMessage(ask);
  });
};

const BROKEN = 'something in it cannot be read here';

const doneOf = (answer: ThreadAnswer, task: string): Done => {
  if (answer.is === 'done' || answer.is === 'refused') return answer;
  log.error('source.reading-failed', { task, ...(answer.is === 'broken' ? answer.fields : {}) });
  return refused(BROKEN);
};

/** Milliseconds of the processor that the thread has used so far; `undefined` for one that is gone. */
const cpuMsOf = async (worker: Worker): Promise<number | undefined> => {
  try {
    const { user, system } = await worker.cpuUsage();
    return (user + system) / 1000;
  } catch {
    // It rejects for a thread that has ended, and that is the finding.
    return undefined;
  }
};
