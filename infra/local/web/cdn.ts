import http, { type IncomingHttpHeaders } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { environment } from '../../../functions/shared/environment.ts';
import { handler as edge } from '../../../functions/site/edge.ts';
import { movedFeed } from '../../../functions/site/movedFeeds.ts';
import { variableOf } from '../../topology.ts';
import { conditional } from './conditional.ts';
import type { WebRequest, WebResponse } from './event.ts';
import { isFromBucket } from './routing.ts';

/**
 * What CloudFront does: paths of the public bucket go through the edge rules, to the bucket, and through the edge rules
 * again; all others go to the HTTP API. Nothing is cached here, so a change is seen at once.
 */
export const cdn =
  (api: (request: WebRequest) => Promise<WebResponse>, moved: Parameters<typeof movedFeed>[1]) =>
  async (request: WebRequest): Promise<WebResponse> => {
    if (!isFromBucket(request.path)) return api(request);
    const event = { context: { eventType: 'viewer-request' }, request: edgeRequest(request) };
    const elsewhere = movedFeed(event, moved);
    if (elsewhere) {
      const { statusCode, headers, body } = elsewhere;
      return { status: statusCode, headers: plainHeaders(headers), body: Buffer.from(body?.data ?? '') };
    }
    const asked = edge(event);
    if ('statusCode' in asked)
      return { status: asked.statusCode, headers: plainHeaders(asked.headers), body: new Uint8Array() };
    const answer = conditional(plainHeaders(asked.headers), await fromBucket(asked));
    // As CloudFront does: what went wrong behind it does not pass the rules.
    if (answer.status >= 400) return answer;
    const response = { statusCode: answer.status, headers: edgeHeaders(answer.headers) };
    const told = edge({ context: { eventType: 'viewer-response' }, request: asked, response });
    return { ...answer, headers: plainHeaders(told.headers) };
  };

type EdgeHeaders = Record<string, { value: string }>;

const edgeRequest = ({ method, path, query, headers }: WebRequest) => ({
  method,
  uri: path,
  querystring: Object.fromEntries([...new URLSearchParams(query)].map(([name, value]) => [name, { value }])),
  headers: edgeHeaders(headers),
  cookies: {},
});

const edgeHeaders = (headers: WebResponse['headers']): EdgeHeaders =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), { value: String(value) }]));

const plainHeaders = (headers: EdgeHeaders): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).map(([name, { value }]) => [name, value]));

const PASSED_ON = new Set([
  'content-type',
  'content-encoding',
  'content-length',
  'cache-control',
  'etag',
  'last-modified',
]);

/** The object whose key is the path. Of a part of it (`Range`) the whole is given, as RFC 9110 section 14.2 allows. */
const fromBucket = async ({ method, uri }: { method: string; uri: string }): Promise<WebResponse> => {
  if (method !== 'GET' && method !== 'HEAD')
    return { status: 405, headers: { allow: 'GET, HEAD, OPTIONS' }, body: new Uint8Array() };
  const found = await fromStore(method, `/${environment(variableOf('BUCKET', 'public'))}${uri}`);
  if (found.status >= 400) return notThere();
  const headers = Object.entries(found.headers).filter(
    ([name]) => PASSED_ON.has(name) || name.startsWith('x-amz-meta-'),
  );
  return { ...found, headers: Object.fromEntries(headers) };
};

/** Bytes as they are stored: `fetch` would decode them and take the lengths of the encoded ones for theirs. */
const fromStore = (method: string, path: string): Promise<WebResponse> =>
  new Promise((resolve, reject) => {
    const asked = http.request(`${environment('AWS_ENDPOINT_URL_S3')}${path}`, { method, agent }, (answer) => {
      buffer(answer).then(
        (body) => resolve({ status: answer.statusCode ?? 502, headers: textsOf(answer.headers), body }),
        reject,
      );
    });
    asked.once('error', reject).end();
  });

const agent = new http.Agent({ keepAlive: true });

const textsOf = (headers: IncomingHttpHeaders): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]));

const notThere = (): WebResponse => ({
  status: 404,
  headers: {
    'content-type': 'text/plain; charset=utf-8',
    'cache-control': 'public, max-age=60',
    'x-content-type-options': 'nosniff',
  },
  body: Buffer.from('There is no feed at this address.\n'),
});
