import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { articleRoutes } from '../../functions/ingest/articles.routes.ts';
import type { Ingest } from '../../functions/ingest/ports.ts';
import { httpHandler } from '../../functions/shared/http/door.ts';
import { newsroomGatekeeper, newsroomKeyItem } from '../../functions/shared/http/newsroomKey.ts';
import { readTokenKeys } from '../../functions/shared/tokenKeys.ts';
import { memoryBucket } from '../support/memoryBucket.ts';
import { memoryTable } from '../support/memoryTable.ts';
import { openNewsdesk } from '../wire/newsdesk.ts';
import { aNewsroom } from './aNewsroom.ts';

const KEY = 'a-newsroom-key-of-thirty-two-letters';

interface Sent {
  readonly body?: unknown;
  readonly type?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** The newsroom API's door before the real wire, with everything in memory and a clock that a test turns. */
export const aDoor = async () => {
  const wireTable = memoryTable();
  const desk = openNewsdesk(wireTable, memoryBucket());
  const keys = memoryTable();
  await keys.put(newsroomKeyItem(KEY, desk.now()));
  const ingest: Ingest = {
    ...desk,
    wireTable,
    keys,
    linkKeys: () => readTokenKeys(keys, 'links'),
    newsroom: aNewsroom(),
    siteUrl: 'https://news.example',
    newId: randomUUID,
  };
  const handler = httpHandler({ routes: articleRoutes, connect: () => ingest, gatekeeper: newsroomGatekeeper });
  return { call: callerOf(handler, KEY), desk, stored: () => wireTable.items() };
};

export type Door = Awaited<ReturnType<typeof aDoor>>;

/** Calls a door with the newsroom key, as the HTTP API does. */
export const callerOf =
  (handler: ReturnType<typeof httpHandler>, key: string) =>
  async (method: string, path: string, { body, type, headers }: Sent = {}): Promise<Answered> => {
    const text = body === undefined || typeof body === 'string' ? (body ?? null) : JSON.stringify(body);
    const content = text === null ? {} : { 'content-type': type ?? 'application/json' };
    const all = { authorization: `Bearer ${key}`, ...content, ...headers };
    const [rawPath = '', rawQueryString = ''] = path.split('?');
    return answered(await handler(httpEvent({ method, rawPath, rawQueryString, headers: all, body: text })));
  };

type LambdaEvent = Parameters<ReturnType<typeof httpHandler>>[0];

interface Request {
  readonly method: string;
  readonly rawPath: string;
  readonly rawQueryString: string;
  readonly headers: Record<string, string>;
  readonly body: string | null;
}

/** A request as the HTTP API hands it over (payload format 2.0). */
export const httpEvent = ({ method, body, ...request }: Request): LambdaEvent => ({
  version: '2.0',
  routeKey: '$default',
  ...request,
  // API Gateway encodes what is not plain text; so letters of every alphabet come through whole.
  isBase64Encoded: body !== null,
  body: body === null ? null : Buffer.from(body, 'utf8').toString('base64'),
  requestContext: {
    accountId: '000000000000',
    apiId: 'abc',
    authentication: null,
    authorizer: {},
    domainName: 'abc.execute-api.invalid',
    domainPrefix: 'abc',
    http: { method, path: request.rawPath, protocol: 'HTTP/1.1', sourceIp: '192.0.2.1', userAgent: 'test' },
    requestId: 'r',
    routeKey: '$default',
    stage: '$default',
    time: '01/Jan/2026:00:00:00 +0000',
    timeEpoch: 0,
  },
});

interface Answered {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly json: Readonly<Record<string, unknown>>;
}

const result = z.object({
  statusCode: z.number(),
  headers: z.record(z.string(), z.string()),
  body: z.string(),
  isBase64Encoded: z.boolean(),
});

const answered = (foreign: unknown): Answered => {
  const { statusCode, headers, body, isBase64Encoded } = result.parse(foreign);
  const text = Buffer.from(body, isBase64Encoded ? 'base64' : 'utf8').toString('utf8');
  return {
    status: statusCode,
    headers,
    json: z.record(z.string(), z.unknown()).parse(text === '' ? {} : JSON.parse(text)),
  };
};
