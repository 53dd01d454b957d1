import {
  Agent,
  createServer,
  request as httpRequest,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import { failure, type Reply, throttle } from './answers.ts';
import { type Mailbag, openMailbag } from './mailbag.ts';
import { type AwsRequest, readRequest, type Service } from './request.ts';
import { type Fault, openRules, type Rules } from './rules.ts';

/**
 * Stands between the AWS SDK and the emulators, over HTTP, and lets befall each request what its rules say. Every
 * request that leaves a process is so a point where that process can be killed or frozen: the code itself has no hooks.
 */
export interface FaultProxy extends Pick<Rules, 'add' | 'clear' | 'happened'> {
  /** For every `AWS_ENDPOINT_URL_*`: the signature of a request says which service is meant. */
  readonly url: string;
  /** How often each point was passed. */
  readonly passed: ReadonlyMap<string, number>;
  /** When mails came to be sent, in milliseconds of this process's clock, what befell them then included. */
  readonly mailsAtMs: readonly number[];
  /** Milliseconds since anything but a wait for messages was asked; 0 while something is under way. */
  quietMs(): number;
  close(): Promise<void>;
}

interface Outside {
  readonly targets: Readonly<Partial<Record<Service, string>>>;
  readonly random: () => number;
  /** Ends or stops the process with this access key. `freeze` comes back when it is awake again. */
  readonly kill?: (from: string) => Promise<void>;
  readonly freeze?: (from: string) => Promise<void>;
}

export const startFaultProxy = async (outside: Outside): Promise<FaultProxy> => {
  const rules = openRules(outside.random);
  const agent = new Agent({ keepAlive: true, maxSockets: 256 });
  const mailbag = openMailbag();
  const passed = new Map<string, number>();
  const mailsAtMs: number[] = [];
  let underWay = 0;
  let lastMs = performance.now();

  const serve = async (incoming: IncomingMessage, response: ServerResponse): Promise<void> => {
    const body = await bodyOf(incoming);
    const asked = readRequest(incoming.method ?? 'GET', incoming.url ?? '/', incoming.headers, body);
    passed.set(asked.point, (passed.get(asked.point) ?? 0) + 1);
    if (asked.operation === 'SendRawEmail') mailsAtMs.push(performance.now());
    let busy = asked.operation !== 'ReceiveMessage';
    const rest = (): void => {
      if (busy) underWay--;
      if (busy) lastMs = performance.now();
      busy = false;
    };
    if (busy) underWay++;
    try {
      const target = outside.targets[asked.service];
      if (target === undefined) throw new Error(`The fault proxy knows no ${asked.service}.`);
      const ask = asker({ incoming, response, body, target, agent, mailbag, asked });
      await befall({ response, asked, ask, outside, mailbag, body, rest }, rules.faultFor(asked));
    } finally {
      rest();
    }
  };

  const server = createServer((incoming, response) => {
    // Whoever went away, on either side: the other one sees a connection that ends.
    serve(incoming, response).catch(() => response.destroy());
  });
  server.keepAliveTimeout = 75_000;
  const url = await listen(server);
  return {
    url,
    ...{ passed, mailsAtMs },
    ...rules,
    quietMs: () => (underWay > 0 ? 0 : performance.now() - lastMs),
    async close() {
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
      agent.destroy();
    },
  };
};

interface Meeting {
  readonly response: ServerResponse;
  readonly asked: AwsRequest;
  /** Has the store do what is asked. */
  readonly ask: () => Promise<Reply>;
  readonly outside: Outside;
  readonly mailbag: Mailbag;
  readonly body: Buffer;
  /** Nothing happens here for now. */
  readonly rest: () => void;
}

const befall = async (meeting: Meeting, fault: Fault | undefined): Promise<void> => {
  const { response, asked, ask, mailbag, body } = meeting;
  switch (fault?.is) {
    case undefined:
      return answer(response, await ask());
    case 'throttle':
      return answer(response, throttle(asked.service));
    case 'slow':
      await new Promise((resolve) => setTimeout(resolve, fault.ms));
      return answer(response, await ask());
    case 'repeat':
      await ask();
      return answer(response, await ask());
    case 'twice':
    case 'reorder':
      return answer(response, mailbag.keep(body, await ask(), fault.is));
    case 'reset':
    case 'error':
    case 'hang':
    case 'kill':
    case 'freeze': {
      const reply = fault.when === 'after' ? await ask() : undefined;
      return strike(meeting, fault.is, reply);
    }
  }
};

/** `reply` is what the store said, where it was asked already. */
const strike = async (
  { response, asked, ask, outside, rest }: Meeting,
  is: 'reset' | 'error' | 'hang' | 'kill' | 'freeze',
  reply: Reply | undefined,
): Promise<void> => {
  switch (is) {
    case 'error':
      return answer(response, failure(asked.service));
    case 'hang':
      rest();
      return new Promise((resolve) => response.once('close', resolve));
    case 'freeze':
      rest();
      await outside.freeze?.(asked.from);
      return answer(response, reply ?? (await ask()));
    case 'kill':
      await outside.kill?.(asked.from);
      response.destroy();
      return;
    case 'reset':
      response.socket?.resetAndDestroy();
      return;
  }
};

const answer = (response: ServerResponse, { status, headers, body }: Reply): void => {
  if (response.destroyed) return;
  response.writeHead(status, { 'content-length': body.length, ...headers }).end(body);
};

interface Asking {
  readonly incoming: IncomingMessage;
  readonly response: ServerResponse;
  readonly body: Buffer;
  readonly target: string;
  readonly agent: Agent;
  readonly mailbag: Mailbag;
  readonly asked: AwsRequest;
}

/** Passes the request on as it came, and gives back the whole answer. */
const asker = (asking: Asking) => async (): Promise<Reply> => {
  const { asked, body, mailbag } = asking;
  if (asked.operation !== 'ReceiveMessage') return forward(asking, body);
  return mailbag.handedOut(body, await forward(asking, mailbag.asked(body)));
};

const forward = ({ incoming, response, target, agent, asked }: Asking, body: Buffer): Promise<Reply> =>
  new Promise((resolve, reject) => {
    const { connection: _, expect: __, 'transfer-encoding': ___, ...headers } = incoming.headers;
    const outgoing = httpRequest(
      `${target}${incoming.url ?? '/'}`,
      { method: incoming.method ?? 'GET', agent, headers: { ...headers, 'content-length': body.length } },
      (answered) => {
        bodyOf(answered).then((bytes) => resolve(replyOf(answered, bytes, incoming.method)), reject);
      },
    );
    outgoing.once('error', reject);
    // A message must not be handed to somebody who is gone.
    if (asked.operation === 'ReceiveMessage') response.once('close', () => outgoing.destroy());
    outgoing.end(body);
  });

const replyOf = ({ statusCode = 500, headers }: IncomingMessage, body: Buffer, method = 'GET'): Reply => {
  const { connection: _, 'keep-alive': __, 'transfer-encoding': ___, 'content-length': length, ...kept } = headers;
  // The answer to HEAD tells the length of a body that does not come.
  return {
    status: statusCode,
    headers: { ...kept, ...(method === 'HEAD' && length !== undefined && { 'content-length': length }) },
    body,
  };
};

const bodyOf = async (message: IncomingMessage): Promise<Buffer> => {
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(chunk);
  return Buffer.concat(chunks);
};

const listen = (server: Server): Promise<string> =>
  new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      resolve(`http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`);
    });
  });
