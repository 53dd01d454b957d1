import { parentPort, workerData } from 'node:worker_threads';
import { buildApp } from 'fauxqs';
import { openObjects } from './objects.ts';
import { clockOf, headersOfLink, linkTrouble } from './presigned.ts';

/**
 * S3, SQS and SNS on this machine: fauxqs, with objects on disk and queues in memory. Queues hold doorbells only, so
 * nothing is lost with them.
 */
interface Settings {
  readonly port: number;
  readonly directory: string;
  /** Where a run keeps by how much its clock is turned. */
  readonly clockFile?: string;
}

const { port, directory, clockFile } = workerData as Settings;
const { s3Store, sqsStore, snsStore, precondition } = await openObjects(directory);
const app = buildApp({
  logger: false,
  host: 'localhost',
  defaultRegion: 'eu-west-1',
  stores: { s3Store, sqsStore, snsStore },
});
app.addHook('onRequest', (request, reply, done) => {
  const trouble = linkTrouble(request, clockOf(clockFile));
  if (trouble) reply.status(403).header('content-type', 'application/xml').send(trouble);
  else done();
});
app.addHook('onSend', (request, reply, payload, done) => {
  if (request.method === 'GET') reply.headers(headersOfLink(request.url));
  done(null, payload);
});
app.addHook('preHandler', (request, reply, done) => {
  const refusal = ['PUT', 'DELETE'].includes(request.method) ? precondition(request.url, request.headers) : undefined;
  if (refusal) reply.status(412).header('content-type', 'application/xml').send(refusal);
  else done();
});
try {
  await app.listen({ port, host: '127.0.0.1' });
  const address = app.server.address();
  parentPort?.postMessage({ started: typeof address === 'object' ? address?.port : 0 });
} catch (error) {
  parentPort?.postMessage({ failed: error instanceof Error ? error.message : 'fauxqs did not start' });
}
parentPort?.on('message', async (message) => {
  if (message !== 'stop') return;
  app.server.closeAllConnections();
  await app.close();
  process.exit(0);
});
