import { createRequire } from 'node:module';
import { parentPort, workerData } from 'node:worker_threads';
import dynalite from 'dynalite';

/**
 * DynamoDB on this machine: dynalite over LevelDB files, with its two faults mended from outside. Whatever else may
 * end it ends this thread only, and the host starts it again.
 */
interface Settings {
  readonly port: number;
  readonly directory: string;
}

/** Each Query leaves a LevelDB iterator open, since these iterators have no `return`: give them one that closes. */
const closeIterators = (): void => {
  const require = createRequire(createRequire(import.meta.url).resolve('dynalite'));
  const { AbstractKeyIterator, AbstractValueIterator } = require('abstract-level');
  for (const Iterator of [AbstractKeyIterator, AbstractValueIterator]) {
    Iterator.prototype.return ??= async function close(this: { close(): Promise<void> }) {
      await this.close();
      return { done: true, value: undefined };
    };
  }
};

const { port, directory } = workerData as Settings;
closeIterators();
const server = dynalite({ path: directory, createTableMs: 0, deleteTableMs: 0 });
// A client that goes away half-way makes dynalite throw in its request's error listener: such a request needs none.
server.on('request', (request) => request.removeAllListeners('error'));
server.once('error', (error) => parentPort?.postMessage({ failed: error.message }));
server.listen(port, '127.0.0.1', () => {
  const address = server.address();
  parentPort?.postMessage({ started: typeof address === 'object' ? address?.port : 0 });
});
parentPort?.on('message', (message) => {
  if (message !== 'stop') return;
  server.close(() => process.exit(0));
  server.closeAllConnections();
});
