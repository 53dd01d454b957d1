import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { StartTrouble } from '../settings.ts';
import type { WebRequest, WebResponse } from './event.ts';

/** The most that the HTTP API takes. */
const MOST_BYTES = 10 * 1024 * 1024;

export interface WebServer {
  /** From now on, requests are answered by this. */
  serve(answer: (request: WebRequest) => Promise<WebResponse>): void;
  /** Takes no more requests, and ends when those in hand are answered. */
  close(): Promise<void>;
}

/** Listens on this machine only. Until `serve` is called it says that it is starting. */
export const openServer = async (port: number): Promise<WebServer> => {
  let answer = async (_: WebRequest): Promise<WebResponse> => plain(503, 'Courant is starting.\n');
  const server = createServer((request, response) => {
    respond(request, response, (asked) => answer(asked)).catch(() => response.destroy());
  });
  await listen(server, port);
  return {
    serve(by) {
      answer = by;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeIdleConnections();
      }),
  };
};

const listen = (server: Server, port: number): Promise<void> =>
  new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const inUse = error.code === 'EADDRINUSE';
      reject(
        new StartTrouble(
          inUse
            ? `Port ${port} is in use. Stop what runs there, or choose another: PORT=4001 npm start`
            : `Port ${port} cannot be opened (${error.code ?? error.message}).`,
        ),
      );
    });
    server.listen(port, '127.0.0.1', resolve);
  });

const respond = async (
  request: IncomingMessage,
  response: ServerResponse,
  answer: (request: WebRequest) => Promise<WebResponse>,
): Promise<void> => {
  const body = await bodyOf(request);
  const { status, headers, body: bytes } = body === 'too large' ? tooLarge() : await answer(requestOf(request, body));
  const bodiless = request.method === 'HEAD' || status === 204 || status === 304;
  response.writeHead(status, {
    ...headers,
    ...(bodiless ? {} : { 'content-length': bytes.length }),
    ...(body === 'too large' && { connection: 'close' }),
  });
  response.end(bodiless ? undefined : bytes);
};

const bodyOf = async (request: IncomingMessage): Promise<Uint8Array | 'too large'> => {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    size += chunk.length;
    // Read on without keeping it, so that the sender hears the answer instead of a broken connection.
    if (size <= MOST_BYTES) chunks.push(chunk);
    else if (size > 10 * MOST_BYTES) break;
  }
  return size > MOST_BYTES ? 'too large' : Buffer.concat(chunks);
};

const requestOf = (request: IncomingMessage, body: Uint8Array): WebRequest => {
  const [path = '/', query = ''] = splitOnce(request.url ?? '/', '?');
  return {
    method: request.method ?? 'GET',
    path,
    query,
    headers: Object.fromEntries(
      Object.entries(request.headers).map(([name, value]) => [
        name,
        Array.isArray(value) ? value.join(', ') : (value ?? ''),
      ]),
    ),
    body,
    sourceIp: request.socket.remoteAddress ?? '127.0.0.1',
  };
};

const splitOnce = (text: string, at: string): string[] => {
  const i = text.indexOf(at);
  return i < 0 ? [text] : [text.slice(0, i), text.slice(i + 1)];
};

const plain = (status: number, text: string): WebResponse => ({
  status,
  headers: { 'content-type': 'text/plain; charset=utf-8', 'retry-after': '1' },
  body: Buffer.from(text),
});

const tooLarge = (): WebResponse => ({
  status: 413,
  headers: { 'content-type': 'application/problem+json' },
  body: Buffer.from(
    JSON.stringify({
      type: 'about:blank',
      title: 'Content Too Large',
      status: 413,
      detail: 'The body is too large.',
      field: 'body',
    }),
  ),
});
