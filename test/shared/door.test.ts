import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { InvalidInput } from '../../functions/shared/errors.ts';
import { html, json } from '../../functions/shared/http/answer.ts';
import { httpHandler } from '../../functions/shared/http/door.ts';
import { newsroomGatekeeper, newsroomKeyItem } from '../../functions/shared/http/newsroomKey.ts';
import { routeFor } from '../../functions/shared/http/route.ts';
import { eventOf, responseOf } from '../../infra/local/web/event.ts';
import { memoryTable } from '../support/memoryTable.ts';

const KEY = 'a-newsroom-key-of-many-letters';
const keys = memoryTable();
await keys.put(newsroomKeyItem(KEY, '2026-01-01T00:00:00.000Z'));

interface Ports {
  readonly keys: typeof keys;
}
const route = routeFor<Ports>();
let connects = 0;

const things: Record<string, z.ZodType<unknown>> = {
  'application/json': z.strictObject({ list: z.array(z.string()) }),
  '': z.literal(''),
};

const handler = httpHandler<Ports>({
  gatekeeper: newsroomGatekeeper,
  connect: () => {
    connects++;
    if (connects === 1) throw new Error('the first start fails');
    return { keys };
  },
  routes: [
    route({
      method: 'GET',
      path: '/page',
      access: 'public',
      summary: '',
      answers: {},
      work: () => html(200, '<p>A page</p>'),
    }),
    route({
      method: 'GET',
      path: '/secret',
      access: 'newsroom',
      summary: '',
      answers: {},
      work: () => json(200, 'secret'),
    }),
    route({
      method: 'GET',
      path: '/{name}',
      access: 'public',
      summary: '',
      answers: {},
      work: (_, { params }) => json(200, params),
    }),
    route({
      method: 'POST',
      path: '/things',
      access: 'public',
      summary: '',
      mostBytes: 1000,
      accepts: things,
      answers: {},
      work: (_, { body }) => json(201, body === '' ? 'empty' : body),
    }),
    route({
      method: 'GET',
      path: '/trouble/{kind}',
      access: 'public',
      summary: '',
      answers: {},
      work: (_, { params }) => {
        if (params['kind'] === 'yours') throw new InvalidInput('Say which one.', { field: 'which', status: 409 });
        throw new Error('a secret of the house');
      },
    }),
  ],
});

const call = async (method: string, path: string, headers: Record<string, string> = {}, body: string | Buffer = '') => {
  const [bare = '', query = ''] = path.split('?');
  const request = {
    method,
    path: bare,
    query,
    headers: { host: 'x', ...headers },
    body: typeof body === 'string' ? Buffer.from(body) : body,
    sourceIp: '127.0.0.1',
  };
  const event: APIGatewayProxyEventV2 = eventOf(request, 'ANY /{proxy+}', 0);
  // The door takes Lambda's context, and uses none of it.
  const result = (await (handler as (event: APIGatewayProxyEventV2) => Promise<unknown>)(
    event,
  )) as APIGatewayProxyStructuredResultV2;
  const response = responseOf(result);
  return { ...response, text: Buffer.from(response.body).toString('utf8') };
};

describe('a door', () => {
  test('whose first start failed opens at the second try', async () => {
    expect((await call('GET', '/page')).status).toBe(500);
    expect((await call('GET', '/page')).status).toBe(200);
    expect((await call('GET', '/page')).status).toBe(200);
    expect(connects).toBe(2);
  });

  test('takes a literal path before a parameter', async () => {
    expect((await call('GET', '/page')).text).toBe('<p>A page</p>');
    expect((await call('GET', '/other%20name')).text.trim()).toBe('{"name":"other name"}');
  });

  test('gives pages a content policy and an ETag, and 304 to who has them', async () => {
    const first = await call('GET', '/page');
    expect(first.headers['content-security-policy']).toContain("default-src 'none'");
    const etag = String(first.headers['etag']);
    const again = await call('GET', '/page', { 'if-none-match': `"other", ${etag}` });
    expect(again).toMatchObject({ status: 304, text: '' });
  });

  test('answers HEAD as GET without a body', async () => {
    expect(await call('HEAD', '/page')).toMatchObject({ status: 200, text: '' });
  });

  test('redirects a last slash away, but never to another site', async () => {
    expect((await call('GET', '/page/?a=1')).headers['location']).toBe('/page?a=1');
    expect((await call('GET', '//page/')).status).toBe(404);
    expect((await call('GET', '//evil.example/')).headers['location']).toBeUndefined();
  });

  test('says which methods there are', async () => {
    const answer = await call('DELETE', '/things');
    expect(answer.status).toBe(405);
    expect(answer.headers['allow']).toContain('POST');
  });

  test('opens to the newsroom key only', async () => {
    expect((await call('GET', '/secret')).status).toBe(401);
    expect((await call('GET', '/secret', { authorization: `Bearer ${KEY}x` })).status).toBe(401);
    expect((await call('GET', '/secret', { authorization: `Bearer ${KEY}` })).status).toBe(200);
    expect(JSON.stringify(keys.items())).not.toContain(KEY);
  });

  test.each([
    ['{"list":["a",1]}', 400, 'list[1]'],
    ['{"list":[],"more":1}', 400, 'more'],
    ['{"list":["words of mine', 400, 'body'],
    [`{"list":["${'x'.repeat(1000)}"]}`, 413, 'body'],
  ])('refuses %.30s and names the field', async (body, status, field) => {
    const answer = await call('POST', '/things', { 'content-type': 'application/json' }, body);
    expect(answer.status).toBe(status);
    expect(JSON.parse(answer.text)).toMatchObject({ status, field });
    expect(answer.text).not.toContain('words of mine');
  });

  test('refuses bytes that are no UTF-8, and types it does not read', async () => {
    expect((await call('POST', '/things', { 'content-type': 'text/plain' }, '{}')).status).toBe(415);
    const latin1 = Buffer.from('{"list":["\xe9"]}', 'latin1');
    const answer = await call('POST', '/things', { 'content-type': 'application/json' }, latin1);
    expect(JSON.parse(answer.text)).toMatchObject({ status: 400, field: 'body' });
    expect((await call('POST', '/things')).text.trim()).toBe('"empty"');
  });

  test('tells the caller’s fault, and keeps its own to itself', async () => {
    const yours = await call('GET', '/trouble/yours');
    expect(JSON.parse(yours.text)).toMatchObject({ status: 409, detail: 'Say which one.', field: 'which' });
    const ours = await call('GET', '/trouble/ours');
    expect(ours.status).toBe(500);
    expect(ours.text).not.toContain('secret');
  });
});
