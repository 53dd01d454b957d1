import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';

/** A request as this machine's server took it. */
export interface WebRequest {
  readonly method: string;
  /** Path as it was sent, still encoded. */
  readonly path: string;
  readonly query: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
  readonly sourceIp: string;
}

export interface WebResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[]>>;
  readonly body: Uint8Array;
}

/** The event that API Gateway's HTTP API hands a Lambda (payload format 2.0). */
export const eventOf = (request: WebRequest, routeKey: string, now: number): APIGatewayProxyEventV2 => ({
  version: '2.0',
  routeKey,
  rawPath: request.path,
  rawQueryString: request.query,
  headers: { ...request.headers },
  requestContext: {
    accountId: '000000000000',
    apiId: 'local',
    domainName: request.headers['host'] ?? 'localhost',
    domainPrefix: 'local',
    http: {
      method: request.method,
      path: request.path,
      protocol: 'HTTP/1.1',
      sourceIp: request.sourceIp,
      userAgent: request.headers['user-agent'] ?? '',
    },
    requestId: `${now}`,
    routeKey,
    stage: '$default',
    time: new Date(now).toUTCString(),
    timeEpoch: now,
  },
  ...(request.body.length > 0 && { body: Buffer.from(request.body).toString('base64') }),
  isBase64Encoded: request.body.length > 0,
});

/** What the HTTP API makes of a Lambda's answer. */
export const responseOf = (result: APIGatewayProxyStructuredResultV2): WebResponse => ({
  status: result.statusCode ?? 200,
  headers: {
    ...Object.fromEntries(
      Object.entries(result.headers ?? {}).map(([name, value]) => [name.toLowerCase(), String(value)]),
    ),
    ...(result.cookies && { 'set-cookie': result.cookies }),
  },
  body: Buffer.from(result.body ?? '', result.isBase64Encoded ? 'base64' : 'utf8'),
});
