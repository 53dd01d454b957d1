import { z } from 'zod';
import type { Press } from '../../../functions/digest/composing/press.ts';
import { newsletterRoutes } from '../../../functions/digest/newsletters.routes.ts';
import type { Checks } from '../../../functions/digest/preflight/ports.ts';
import type { Newsroom } from '../../../functions/shared/config.ts';
import { httpHandler } from '../../../functions/shared/http/door.ts';
import { newsroomGatekeeper, newsroomKeyItem } from '../../../functions/shared/http/newsroomKey.ts';
import { theRoom } from './theRoom.ts';

const KEY = 'a-newsroom-key-of-thirty-two-letters';
/** Keys that say whose they are. */
const NAMED = ['Ana', 'Ben'];

/** The newsletters' door over the whole room in memory. */
export const aDoor = async (options: { newsroom?: Newsroom; press?: Press; checks?: Checks } = {}) => {
  const room = theRoom(options);
  await room.newsletters.keys.put(newsroomKeyItem(KEY, room.now()));
  for (const name of NAMED) await room.newsletters.keys.put(newsroomKeyItem(`key-of-${name}`, room.now(), name));
  const handler = httpHandler({
    routes: newsletterRoutes,
    connect: () => room.newsletters,
    gatekeeper: newsroomGatekeeper,
  });
  const ask = async (method: string, path: string, body?: unknown, headers: Record<string, string> = {}) => {
    const [rawPath = '', rawQueryString = ''] = path.split('?');
    const answer = await handler({
      version: '2.0',
      routeKey: '$default',
      rawPath,
      rawQueryString,
      headers: {
        authorization: `Bearer ${KEY}`,
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...headers,
      },
      isBase64Encoded: false,
      body: body === undefined ? null : JSON.stringify(body),
      requestContext: {
        accountId: '0',
        apiId: 'a',
        authentication: null,
        authorizer: {},
        domainName: 'a.invalid',
        domainPrefix: 'a',
        http: { method, path: rawPath, protocol: 'HTTP/1.1', sourceIp: '192.0.2.1', userAgent: 'test' },
        requestId: 'r',
        routeKey: '$default',
        stage: '$default',
        time: '',
        timeEpoch: 0,
      },
    });
    return answered.parse(answer);
  };
  const call = async (...asked: Parameters<typeof ask>) => {
    const { statusCode, body, headers } = await ask(...asked);
    return { status: statusCode, headers, json: z.record(z.string(), z.unknown()).parse(JSON.parse(body)) };
  };
  return { room, call, ask };
};

const answered = z.object({
  statusCode: z.number(),
  headers: z.record(z.string(), z.string()).default({}),
  body: z.string(),
});
