import { encodingFor } from './edge/encoding.ts';

/**
 * What happens to `/feeds/*` at the edge, before the bucket and after it, and to nothing else: a CloudFront Function
 * (runtime cloudfront-js-2.0) on AWS, and the same code locally. It stands alone, with the files in `edge/`: no other
 * imports, no clock, no network, no configuration; what must be known about a feed travels with the object. The runtime
 * knows ES 5.1 with `const`, `let`, arrows and template literals: no `for … of`, `?.`, `??`, spread or destructuring here.
 */

interface Value {
  value: string;
  multiValue?: { value: string }[];
}

interface EdgeRequest {
  method: string;
  uri: string;
  querystring: Record<string, Value>;
  headers: Record<string, Value>;
  cookies: Record<string, Value>;
}

interface EdgeResponse {
  statusCode: number;
  statusDescription?: string;
  headers: Record<string, Value>;
}

interface EdgeEvent {
  context: { eventType: string };
  request: EdgeRequest;
  response?: EdgeResponse;
}

/** Answers the request to pass on, the response to give, or the response to give instead of asking the bucket. */
export function handler(event: EdgeEvent): EdgeRequest | EdgeResponse {
  const path = addressOf(event.request.uri);
  // Pages and the API say themselves who may read and keep them.
  if (path.indexOf('/feeds/') !== 0) return event.response || event.request;
  if (event.response) return dressed(path, event.response);
  return preflight(event.request) || peoplesPage(event.request) || toBucket(event.request);
}

/** What lies in the bucket in an encoding lies under `/gzip/feeds/…` or `/br/feeds/…`. Readers know it as `/feeds/…`. */
function addressOf(uri: string): string {
  return uri.replace(/^\/(gzip|br)\/feeds\//, '/feeds/');
}

/**
 * The request as the bucket understands it, and as the edge keeps the answer: under the path of the encoding chosen, so
 * there are three copies of a document at most, however readers spell what they accept.
 */
function toBucket(request: EdgeRequest): EdgeRequest | EdgeResponse {
  const headers = request.headers;
  const encoding = encodingFor(textOf(headers['accept-encoding']));
  if (encoding === undefined) return notAcceptable();
  if (encoding !== 'identity') request.uri = `/${encoding}${request.uri}`;
  const seen = headers['if-none-match'];
  if (seen) {
    // Weak comparison (RFC 9110 section 13.1.2): a proxy that compressed made a tag weak, but the document is the same.
    seen.value = seen.value.replace(/(^|,)\s*W\//g, '$1');
    // Section 13.1.3: a date is not looked at beside a tag.
    delete headers['if-modified-since'];
  }
  return request;
}

function textOf(header: Value | undefined): string | undefined {
  if (!header) return undefined;
  return header.multiValue ? header.multiValue.map((one) => one.value).join(',') : header.value;
}

function notAcceptable(): EdgeResponse {
  return {
    statusCode: 406,
    statusDescription: 'Not Acceptable',
    headers: { vary: { value: 'Accept-Encoding' }, 'cache-control': { value: 'no-store' } },
  };
}

/** A script on another site asks before it sends a condition: the two headers are not among those anybody may send. */
function preflight(request: EdgeRequest): EdgeResponse | undefined {
  if (request.method !== 'OPTIONS') return undefined;
  return {
    statusCode: 204,
    statusDescription: 'No Content',
    headers: {
      allow: { value: 'GET, HEAD, OPTIONS' },
      'access-control-allow-origin': { value: '*' },
      'access-control-allow-methods': { value: 'GET, HEAD' },
      'access-control-allow-headers': { value: 'If-None-Match, If-Modified-Since' },
      'access-control-max-age': { value: '86400' },
    },
  };
}

/**
 * Browsers say `Sec-Fetch-Dest: document` when a person follows a link, feed readers never do. A person gets the
 * feed's own page; raw XML helps nobody.
 */
function peoplesPage(request: EdgeRequest): EdgeResponse | undefined {
  const destination = request.headers['sec-fetch-dest'];
  // biome-ignore lint/complexity/useOptionalChain: the runtime does not know it
  if (!destination || destination.value !== 'document') return undefined;
  if (request.method !== 'GET' && request.method !== 'HEAD') return undefined;
  const parts = /^\/feeds\/([A-Za-z-]+)\/((?:authors\/)?[a-z0-9-]+)[./]/.exec(request.uri);
  if (!parts) return undefined;
  return {
    statusCode: 302,
    statusDescription: 'Found',
    headers: {
      location: { value: `/${parts[1]}/feeds/${parts[2]}` },
      vary: { value: 'Sec-Fetch-Dest' },
      'cache-control': { value: 'no-store' },
    },
  };
}

/** The metadata field in which whoever wrote a feed gives its `Link` header (W3C WebSub section 4: self, and hubs). */
const LINK = 'x-amz-meta-link';

function dressed(path: string, response: EdgeResponse): EdgeResponse {
  const headers = response.headers;
  const link = headers[LINK];
  const isDocument = response.statusCode === 200 || response.statusCode === 206;
  if (isDocument) headers['link'] = { value: link ? link.value : `<${path}>; rel="self"` };
  Object.keys(headers).forEach((name) => {
    if (name.indexOf('x-amz-') === 0) delete headers[name];
  });
  headers['vary'] = { value: varyOf(headers['vary']) };
  headers['x-content-type-options'] = { value: 'nosniff' };
  // What is public for every program may be read by the scripts of every site, too.
  headers['access-control-allow-origin'] = { value: '*' };
  headers['access-control-expose-headers'] = { value: 'ETag, Last-Modified, Link' };
  return response;
}

/** What there is and ours, each once. */
function varyOf(vary: Value | undefined): string {
  const names = (vary ? vary.value.split(',') : []).map((name) => name.trim()).filter(Boolean);
  const known = names.map((name) => name.toLowerCase());
  ['Accept-Encoding', 'Sec-Fetch-Dest'].forEach((name) => {
    if (known.indexOf(name.toLowerCase()) < 0) names.push(name);
  });
  return names.join(', ');
}
