import { Agent as HttpAgent, request as httpRequest, type IncomingMessage } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import { readBody } from './body.ts';
import { guardedLookup, NotPublic, type Resolve } from './lookup.ts';
import { type Allowed, NOT_PUBLIC } from './target.ts';

export interface HopAnswer {
  readonly is: 'answer';
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly bytes: Uint8Array;
  readonly wireBytes: number;
}

type Hop = HopAnswer | { readonly is: 'refused' | 'failed'; readonly because: string };

export interface HopAsk {
  readonly headers: Readonly<Record<string, string>>;
  readonly mostBytes: number;
  readonly headOnly: boolean;
  readonly signal: AbortSignal;
  readonly resolve: Resolve;
  readonly allowed: Allowed;
}

/** One request and its answer, over a connection of its own that asks our lookup where it leads. */
export const hop = async (url: URL, ask: HopAsk): Promise<Hop> => {
  try {
    const answer = await answerOf(url, ask);
    try {
      const body = await readBody(answer, ask);
      if (body.is === 'refused') return body;
      const { bytes, wireBytes } = body;
      return { is: 'answer', status: answer.statusCode ?? 0, headers: headersOf(answer), bytes, wireBytes };
    } finally {
      answer.destroy();
    }
  } catch (error) {
    // Whatever the network does is an answer too: the caller says it to the editors and asks again later.
    return troubleOf(error, ask.signal);
  }
};

/** Of our own making, so that no setting of the process (a proxy in its environment, say) has a hand in it. */
const agents = { 'http:': new HttpAgent({ keepAlive: false }), 'https:': new HttpsAgent({ keepAlive: false }) };

const MOST_HEADER_BYTES = 16_384;

const answerOf = (url: URL, { headers, signal, resolve, allowed }: HopAsk): Promise<IncomingMessage> =>
  new Promise((answered, failed) => {
    const isPlain = url.protocol === 'http:';
    const request = (isPlain ? httpRequest : httpsRequest)(url, {
      method: 'GET',
      headers: { ...headers, 'accept-encoding': 'gzip, br' },
      agent: isPlain ? agents['http:'] : agents['https:'],
      lookup: guardedLookup(resolve, allowed),
      signal,
      maxHeaderSize: MOST_HEADER_BYTES,
    });
    request.on('response', answered);
    request.on('error', failed);
    // Node tells of an answer 101 in no other way, and then of nothing any more.
    request.on('upgrade', (_, socket) => {
      socket.destroy();
      failed(new Error('It wants to speak something else than HTTP.'));
    });
    request.on('close', () => failed(new Error('The connection ended without an answer.')));
    request.end();
  });

const headersOf = ({ headersDistinct }: IncomingMessage): Record<string, string> =>
  Object.fromEntries(Object.entries(headersDistinct).map(([name, values]) => [name, (values ?? []).join(', ')]));

const troubleOf = (error: unknown, signal: AbortSignal): Hop => {
  if (error instanceof NotPublic) return { is: 'refused', because: NOT_PUBLIC };
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (signal.aborted) return { is: 'failed', because: 'it did not answer in time' };
  return { is: 'failed', because: TROUBLES.find(([pattern]) => pattern.test(code))?.[1] ?? 'the connection failed' };
};

const TROUBLES: readonly (readonly [RegExp, string])[] = [
  [/^(ENOTFOUND|EAI_)/, 'its name is not known'],
  [/^ECONNREFUSED$/, 'nobody answers there'],
  [/^(ECONNRESET|EPIPE|ERR_STREAM_PREMATURE_CLOSE|HPE_|ECONNABORTED)/, 'the answer was cut off'],
  [/^(Z_|ERR_BROTLI|ERR__ERROR_FORMAT|ERR_PADDING)/, 'its compression is broken'],
  [/(CERT|SSL|TLS|SIGNATURE|ALTNAME)/, 'its certificate is not right'],
];
