import { Worker } from 'node:worker_threads';

/** An emulator in a thread of its own: what crashes in it is started again, on the same port, over the same data. */
export interface Emulator {
  readonly url: string;
  stop(): Promise<void>;
}

type Started = { readonly started: number } | { readonly failed: string };

const PAUSE_MS = 50;

/**
 * `data` is handed to the worker with the `port` it must use (0: any) as `workerData`. `afterRestart` makes again what
 * the emulator does not keep.
 */
export const startEmulator = async (
  file: URL,
  data: Record<string, unknown>,
  afterRestart: () => Promise<unknown> = async () => {},
): Promise<Emulator> => {
  let stopping = false;
  let running = await launch(file, { ...data, port: 0 });
  const port = running.port;
  const watch = (worker: Worker): void => {
    worker.once('exit', async () => {
      if (stopping) return;
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
      if (stopping) return;
      running = await launch(file, { ...data, port });
      watch(running.worker);
      await afterRestart();
    });
    // The exit that follows is what is acted on; without a listener the error would end this process.
    worker.on('error', () => {});
  };
  watch(running.worker);
  return {
    url: `http://127.0.0.1:${port}`,
    async stop() {
      stopping = true;
      const gone = new Promise((resolve) => running.worker.once('exit', resolve));
      running.worker.postMessage('stop');
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
