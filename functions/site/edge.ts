/**
 * What happens to `/feeds/*` at the edge, before the bucket and after it, and to nothing else: a CloudFront Function
 * (runtime cloudfront-js-2.0) on AWS, and the same code locally. It stands alone: no imports, no clock, no network, no
 * configuration; what must be known about a feed travels with the object. The runtime knows ES 5.1 with `const`, `let`,
 * arrows and template literals: no `for … of`, `?.`, `??`, spread or destructuring here.
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
  // Pages and the API say themselves who may read and keep them.
  if (event.request.uri.indexOf('/feeds/') !== 0) return event.response || event.request;
  if (event.response) return dressed(event.request, event.response);
  return peoplesPage(event.request) || event.request;
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

function dressed(request: EdgeRequest, response: EdgeResponse): EdgeResponse {
  const headers = response.headers;
  const link = headers[LINK];
  if (response.statusCode === 200) headers['link'] = { value: link ? link.value : `<${request.uri}>; rel="self"` };
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
