import http from 'node:http';

/** Stands between a feed reader and the server, and remembers what was asked and how it was answered. */
export interface Recorder {
  readonly url: string;
  /** What was asked since the last call. */
  taken(): Exchange[];
  close(): Promise<void>;
}

interface Exchange {
  readonly path: string;
  readonly status: number;
  readonly isConditional: boolean;
}

export const openRecorder = async (to: string): Promise<Recorder> => {
  let exchanges: Exchange[] = [];
  const server = http.createServer((asked, answer) => {
    const { method, url: path = '/', headers } = asked;
    const isConditional = headers['if-none-match'] !== undefined || headers['if-modified-since'] !== undefined;
    const passed = http.request(to + path, { method, headers }, (got) => {
      const status = got.statusCode ?? 502;
      exchanges.push({ path, status, isConditional });
      answer.writeHead(status, got.rawHeaders);
      got.pipe(answer);
    });
    passed.once('error', () => answer.destroy());
    asked.pipe(passed);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return {
    url: `http://localhost:${typeof address === 'object' && address ? address.port : 0}`,
    taken() {
      const taken = exchanges;
      exchanges = [];
      return taken;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
};
