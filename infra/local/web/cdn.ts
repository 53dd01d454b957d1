import { environment } from '../../../functions/shared/environment.ts';
import { handler as edge } from '../../../functions/site/edge.ts';
import { variableOf } from '../../topology.ts';
import type { WebRequest, WebResponse } from './event.ts';
import { isFromBucket } from './routing.ts';

/**
 * What CloudFront does: the edge rules on the way in, then the bucket or the HTTP API, then the edge rules on the way
 * out. Nothing is cached here, so a change is seen at once.
 */
export const cdn =
  (api: (request: WebRequest) => Promise<WebResponse>) =>
  async (request: WebRequest): Promise<WebResponse> => {
    const asked = edge(edgeEvent('viewer-request', request));
    if ('statusCode' in asked) return fromEdge(asked);
    const changed = { ...request, path: asked.uri ?? request.path };
    const answer = isFromBucket(changed.path) ? await fromBucket(changed) : await api(changed);
    const told = edge(edgeEvent('viewer-response', request, answer));
    return { ...answer, headers: { ...answer.headers, ...plainHeaders(told.headers) } };
  };

type EdgeEvent = Parameters<typeof edge>[0];
type EdgeHeaders = Record<string, { value: string }>;

const edgeEvent = (
  eventType: EdgeEvent['context']['eventType'],
  request: WebRequest,
  answer?: WebResponse,
): EdgeEvent => ({
  version: '1.0',
  context: { eventType },
  viewer: { ip: request.sourceIp },
  request: {
    method: request.method,
    uri: request.path,
    querystring: Object.fromEntries([...new URLSearchParams(request.query)].map(([name, value]) => [name, { value }])),
    headers: edgeHeaders(request.headers),
    cookies: {},
  },
  ...(answer && { response: { statusCode: answer.status, headers: edgeHeaders(answer.headers) } }),
});

const edgeHeaders = (headers: WebResponse['headers']): EdgeHeaders =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), { value: String(value) }]));

const plainHeaders = (headers: EdgeHeaders | undefined): Record<string, string> =>
  Object.fromEntries(Object.entries(headers ?? {}).map(([name, { value }]) => [name, value]));

const fromEdge = (answer: { statusCode: number; headers?: EdgeHeaders }): WebResponse => ({
  status: answer.statusCode,
  headers: plainHeaders(answer.headers),
  body: new Uint8Array(),
});

const PASSED_ON = ['content-type', 'content-encoding', 'cache-control', 'etag', 'last-modified'];

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
      PASSED_ON.flatMap((name) => (found.headers.has(name) ? [[name, found.headers.get(name) ?? '']] : [])),
    ),
    body,
  };
};

const notThere = (): WebResponse => ({
  status: 404,
  headers: { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'public, max-age=60' },
  body: Buffer.from('There is no feed at this address.\n'),
});
