import { environment } from '../../../functions/shared/environment.ts';
import { handler as edge } from '../../../functions/site/edge.ts';
import { movedFeed } from '../../../functions/site/movedFeeds.ts';
import { variableOf } from '../../topology.ts';
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
    const answer = await fromBucket({ ...request, path: asked.uri });
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

const PASSED_ON = new Set(['content-type', 'content-encoding', 'cache-control', 'etag', 'last-modified']);

/** The object whose key is the path, with the conditions the caller set. */
const fromBucket = async ({ method, path, headers }: WebRequest): Promise<WebResponse> => {
  if (method !== 'GET' && method !== 'HEAD')
    return { status: 405, headers: { allow: 'GET, HEAD' }, body: new Uint8Array() };
  const conditions = Object.entries(headers).filter(
    ([name]) => name === 'if-none-match' || name === 'if-modified-since',
  );
  const bucket = `${environment('AWS_ENDPOINT_URL_S3')}/${environment(variableOf('BUCKET', 'public'))}`;
  const found = await fetch(`${bucket}${path}`, { method, headers: Object.fromEntries(conditions) });
  const body = new Uint8Array(await found.arrayBuffer());
  if (found.status >= 400) return notThere();
  return {
    status: found.status,
    headers: Object.fromEntries(
      [...found.headers].filter(([name]) => PASSED_ON.has(name) || name.startsWith('x-amz-meta-')),
    ),
    body,
  };
};

const notThere = (): WebResponse => ({
  status: 404,
  headers: { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'public, max-age=60' },
  body: Buffer.from('There is no feed at this address.\n'),
});
