import { readFile } from 'node:fs/promises';
import { transform } from 'esbuild';
import { describe, expect, test } from 'vitest';
import { handler } from '../../functions/site/edge.ts';

type EdgeEvent = Parameters<typeof handler>[0];

/** As CloudFront Functions hand it over: header names in small letters, values in objects. */
const viewerRequest = (uri: string, headers: Record<string, string> = {}, method = 'GET'): EdgeEvent =>
  ({
    version: '1.0',
    context: {
      distributionDomainName: 'd111111abcdef8.cloudfront.net',
      distributionId: 'EDFDVBD6EXAMPLE',
      eventType: 'viewer-request',
      requestId: 'EXAMPLEntjQpEXAMPLE_SG5Z-EXAMPLEPmPfEXAMPLEu3EqEXAMPLE==',
    },
    viewer: { ip: '198.51.100.11' },
    request: {
      method,
      uri,
      querystring: {},
      headers: Object.fromEntries(
        Object.entries({ host: 'news.example', ...headers }).map(([name, value]) => [name, { value }]),
      ),
      cookies: {},
    },
  }) as EdgeEvent;

const viewerResponse = (uri: string, headers: Record<string, string> = {}, statusCode = 200): EdgeEvent => {
  const event = viewerRequest(uri);
  return {
    ...event,
    context: { ...event.context, eventType: 'viewer-response' },
    response: {
      statusCode,
      statusDescription: 'OK',
      headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, { value }])),
    },
  };
};

const valuesOf = (result: ReturnType<typeof handler>): Record<string, string> =>
  Object.fromEntries(Object.entries(result.headers).map(([name, { value }]) => [name, value]));

describe('at the edge, a request for a feed', () => {
  test('of a feed reader goes on as it is', () => {
    const event = viewerRequest('/feeds/en/all.rss', { 'user-agent': 'newsboat/2.30' });
    expect(handler(event)).toBe(event.request);
  });

  test('of a script goes on', () => {
    const event = viewerRequest('/feeds/en/all.json', { 'sec-fetch-dest': 'empty' });
    expect(handler(event)).toBe(event.request);
  });

  test.each([
    ['/feeds/en/all.rss', '/en/feeds/all'],
    ['/feeds/fr/smart-city.atom', '/fr/feeds/smart-city'],
    ['/feeds/pt-BR/climate.json', '/pt-BR/feeds/climate'],
    ['/feeds/en/climate/archive/3.atom', '/en/feeds/climate'],
    ['/feeds/en/authors/ana-prat.rss', '/en/feeds/authors/ana-prat'],
    ['/feeds/en/authors/ana-prat/archive/3.atom', '/en/feeds/authors/ana-prat'],
  ])('of a person who followed a link to %s becomes %s', (uri, location) => {
    const result = handler(viewerRequest(uri, { 'sec-fetch-dest': 'document' }));
    expect(result).toMatchObject({ statusCode: 302 });
    expect(valuesOf(result)).toEqual({ location, vary: 'Sec-Fetch-Dest', 'cache-control': 'no-store' });
  });

  test.each(['/feeds/', '/feeds/en', '/feeds//evil.example/x.rss', '/feeds/../x.rss', '/feeds/en/a%0d%0ab.rss'])(
    'for %s, which is no feed, is left to the bucket',
    (uri) => {
      const event = viewerRequest(uri, { 'sec-fetch-dest': 'document' });
      expect(handler(event)).toBe(event.request);
    },
  );

  test('that is no reading is never redirected', () => {
    const event = viewerRequest('/feeds/en/all.rss', { 'sec-fetch-dest': 'document' }, 'POST');
    expect(handler(event)).toBe(event.request);
  });
});

describe('at the edge, a feed on its way out', () => {
  test('says what it varies by, what it is, and that any site may read it', () => {
    const result = handler(
      viewerResponse('/feeds/en/all.json', { etag: '"abc"', 'content-type': 'application/feed+json' }),
    );
    expect(valuesOf(result)).toEqual({
      etag: '"abc"',
      'content-type': 'application/feed+json',
      link: '</feeds/en/all.json>; rel="self"',
      vary: 'Accept-Encoding, Sec-Fetch-Dest',
      'x-content-type-options': 'nosniff',
      'access-control-allow-origin': '*',
      'access-control-expose-headers': 'ETag, Last-Modified, Link',
    });
  });

  test('carries the Link header that was stored with it, and nothing else of the store', () => {
    const link = '<https://news.example/feeds/en/all.rss>; rel="self"';
    const result = valuesOf(
      handler(viewerResponse('/feeds/en/all.rss', { 'x-amz-meta-link': link, 'x-amz-request-id': 'x' })),
    );
    expect(result['link']).toBe(link);
    expect(Object.keys(result).filter((name) => name.startsWith('x-amz-'))).toEqual([]);
  });

  test('keeps what it varied by before', () => {
    const result = valuesOf(handler(viewerResponse('/feeds/en/all.rss', { vary: 'Origin, accept-encoding' })));
    expect(result['vary']).toBe('Origin, accept-encoding, Sec-Fetch-Dest');
  });

  test('that is not there does not call itself a feed', () => {
    expect(valuesOf(handler(viewerResponse('/feeds/en/none.rss', {}, 404)))['link']).toBeUndefined();
  });
});

test('pages and the API pass the edge as they are', () => {
  const request = viewerRequest('/en', { 'sec-fetch-dest': 'document' });
  expect(handler(request)).toBe(request.request);
  const response = viewerResponse('/preferences/token', { vary: 'Accept', 'x-amzn-requestid': 'x' });
  expect(valuesOf(handler(response))).toEqual({ vary: 'Accept', 'x-amzn-requestid': 'x' });
});

test('the edge’s file stands alone and is written in what the edge’s runtime knows', async () => {
  const source = await readFile(new URL('../../functions/site/edge.ts', import.meta.url), 'utf8');
  expect(source).not.toMatch(/^import /m);
  // Whatever is newer than ES 5.1 with these three is an error here, or would come out rewritten.
  const known = { 'const-and-let': true, arrow: true, 'template-literal': true };
  const written = await transform(source, { loader: 'ts', target: 'esnext' });
  const lowered = await transform(source, { loader: 'ts', target: 'es5', supported: known });
  expect(lowered.code).toBe(written.code);
});
