/** What a route answers. The door adds the security headers, the ETag and the 304. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array;
}

type Headers = Readonly<Record<string, string>>;

export const json = (status: number, value: unknown, headers: Headers = {}): Answer => ({
  status,
  headers: { 'content-type': 'application/json; charset=utf-8', ...headers },
  body: `${JSON.stringify(value)}\n`,
});

export const html = (status: number, page: string, headers: Headers = {}): Answer => ({
  status,
  headers: { 'content-type': 'text/html; charset=utf-8', ...headers },
  body: page,
});

export const text = (
  status: number,
  contentType: string,
  body: string | Uint8Array,
  headers: Headers = {},
): Answer => ({
  status,
  headers: { 'content-type': contentType, ...headers },
  body,
});

export const redirect = (status: 301 | 302 | 303 | 307 | 308, location: string, headers: Headers = {}): Answer => ({
  status,
  headers: { location, ...headers },
  body: '',
});

/** A problem as RFC 9457 section 3 has it: `detail` is one sentence for a person, `field` names what is wrong. */
export const problem = (status: number, detail: string, extra: { field?: string; headers?: Headers } = {}): Answer => ({
  status,
  headers: { 'content-type': 'application/problem+json', 'cache-control': 'no-store', ...extra.headers },
  body: `${JSON.stringify({
    type: 'about:blank',
    title: TITLES[status] ?? 'Error',
    status,
    detail,
    ...(extra.field !== undefined && { field: extra.field }),
  })}\n`,
});

const TITLES: Record<number, string> = {
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
  409: 'Conflict',
  410: 'Gone',
  412: 'Precondition Failed',
  413: 'Content Too Large',
  415: 'Unsupported Media Type',
  422: 'Unprocessable Content',
  428: 'Precondition Required',
  429: 'Too Many Requests',
  500: 'Internal Server Error',
  503: 'Service Unavailable',
};
