import { Worker } from 'node:worker_threads';

/** An emulator in a thread of its own: what crashes in it is started again, on the same port, over the same data. */
export interface Emulator {
  readonly url: string;
  /** Hands the emulator a message of its own kind. */
  tell(message: unknown): void;
  stop(): Promise<void>;
}

type Started = { readonly started: number } | { readonly failed: string };

const PAUSE_MS = 50;

/** `data` is handed to the worker with the `port` it must use (0: any) as `workerData`. */
export const startEmulator = async (file: URL, data: Record<string, unknown>): Promise<Emulator> => {
  const told: unknown[] = [];
  let stopping = false;
  let first = await launch(file, { ...data, port: 0 });
  const port = first.port;
  const watch = (worker: Worker): void => {
    worker.once('exit', async () => {
      if (stopping) return;
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
      if (stopping) return;
      first = await launch(file, { ...data, port });
      for (const message of told.slice(-1)) first.worker.postMessage(message);
      watch(first.worker);
    });
    // The exit that follows is what is acted on; without a listener the error would end this process.
    worker.on('error', () => {});
  };
  watch(first.worker);
  return {
    url: `http://127.0.0.1:${port}`,
    tell(message) {
      told.push(message);
      first.worker.postMessage(message);
    },
    async stop() {
      stopping = true;
      const gone = new Promise((resolve) => first.worker.once('exit', resolve));
      first.worker.postMessage('stop');
      await gone;
    },
  };
};

const launch = (file: URL, data: Record<string, unknown>): Promise<{ worker: Worker; port: number }> =>
  new Promise((resolve, reject) => {
    const worker = new Worker(file, { workerData: data });
    worker.once('error', reject);
    worker.once('message', (message: Started) => {
      worker.off('error', reject);
      if ('started' in message) resolve({ worker, port: message.started });
      else reject(new Error(message.failed));
    });
  });
