import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';

export interface Said {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
}

export interface Heard {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
}

/** A site on 127.0.0.1 that says what a test wants and remembers what it was asked. */
export interface TestSite {
  readonly url: string;
  readonly port: number;
  readonly heard: Heard[];
  /** What this path (with its query, else without) answers from now on. */
  says(path: string, said: Said | string | ((request: Heard) => Said)): void;
  /** For what no `Said` can do: answers cut off in the middle, or never. */
  does(path: string, work: (request: IncomingMessage, response: ServerResponse) => void): void;
  close(): Promise<void>;
}

export const openTestSite = async (): Promise<TestSite> => {
  const says = new Map<string, (request: Heard) => Said>();
  const does = new Map<string, (request: IncomingMessage, response: ServerResponse) => void>();
  const heard: Heard[] = [];
  const server = createServer((request, response) => {
    const path = request.url ?? '/';
    const bare = path.split('?')[0] ?? '';
    const one = { path, headers: request.headers };
    heard.push(one);
    const work = does.get(path) ?? does.get(bare);
    if (work) return work(request, response);
    const said = (says.get(path) ?? says.get(bare))?.(one) ?? { status: 404, body: 'nothing here' };
    response.writeHead(said.status ?? 200, said.headers ?? {});
    response.end(said.body ?? '');
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    heard,
    says(path, said) {
      says.set(path, typeof said === 'function' ? said : () => (typeof said === 'string' ? { body: said } : said));
    },
    does(path, work) {
      does.set(path, work);
    },
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
};
