import { readdir, readFile } from 'node:fs/promises';
import { transform } from 'esbuild';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Encoding, encodedPath } from '../../functions/feeds/publish/encodings.ts';
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

/** The address in the bucket that a request for a feed goes on to, or the status it is answered with. */
const wayOf = (headers: Record<string, string>, uri = '/feeds/en/all.rss'): string | number => {
  const result = handler(viewerRequest(uri, headers));
  return 'uri' in result ? result.uri : result.statusCode;
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

describe('at the edge, the encoding of a feed is', () => {
  const plain = '/feeds/en/all.rss';
  const pathIn = (encoding: Encoding): string => encodedPath(encoding, plain);

  test.each([
    ['gzip, deflate, br', pathIn('br')],
    ['gzip, deflate, br, zstd', pathIn('br')],
    ['gzip', pathIn('gzip')],
    ['x-gzip', pathIn('gzip')],
    ['GZIP;q=0.5', pathIn('gzip')],
    ['deflate, gzip;q=1.0, *;q=0.5', pathIn('gzip')],
    ['br;q=0.5, gzip;q=0.8', pathIn('gzip')],
    ['br ; q=0.8 , gzip ; q=0.8', pathIn('br')],
    ['gzip;q=0, br;q=0', plain],
    ['gzip;q=0', plain],
    ['identity', plain],
    ['identity, gzip;q=0.5', plain],
    ['identity;q=0.5, gzip;q=0.001', plain],
    ['identity;q=0.5, *;q=0.8', pathIn('br')],
    ['deflate', plain],
    ['', plain],
    ['*', pathIn('br')],
    ['br;q=0, *', pathIn('gzip')],
    ['identity;q=0', pathIn('gzip')],
    ['identity;q=0, br', pathIn('br')],
    ['gzip;q=nonsense', plain],
  ])('for a reader that accepts “%s”, what lies at %s', (accepts, path) => {
    expect(wayOf({ 'accept-encoding': accepts })).toBe(path);
  });

  test('none for a reader that says nothing', () => {
    expect(wayOf({})).toBe(plain);
  });

  test.each(['*;q=0', 'identity;q=0, gzip;q=0', 'identity;q=0, gzip;q=0, br;q=0'])(
    'not there for a reader that refuses all there are: %s',
    (accepts) => {
      expect(wayOf({ 'accept-encoding': accepts })).toBe(406);
    },
  );

  test('chosen among all lines of the header', () => {
    const event = viewerRequest(plain);
    event.request.headers['accept-encoding'] = {
      value: 'deflate',
      multiValue: [{ value: 'deflate' }, { value: 'br' }],
    };
    expect(handler(event)).toMatchObject({ uri: pathIn('br') });
  });

  test('one of three that are kept, however readers spell what they accept', () => {
    const asked = fc.array(
      fc.tuple(
        fc.constantFrom('gzip', 'br', 'identity', '*', 'zstd', 'x-gzip'),
        fc.constantFrom('', ';q=0', ';q=0.3', ';Q=1'),
      ),
    );
    fc.assert(
      fc.property(asked, (names) => {
        const way = wayOf({ 'accept-encoding': names.map((parts) => parts.join('')).join(', ') });
        expect([plain, pathIn('gzip'), pathIn('br'), 406]).toContain(way);
      }),
    );
  });

  test('chosen for archives and heads too, and for nothing that is no feed', () => {
    expect(wayOf({ 'accept-encoding': 'gzip' }, '/feeds/en/all/archive/3.atom')).toBe(
      '/gzip/feeds/en/all/archive/3.atom',
    );
    expect(handler(viewerRequest(plain, { 'accept-encoding': 'br' }, 'HEAD'))).toMatchObject({ uri: pathIn('br') });
    expect(wayOf({ 'accept-encoding': 'gzip' }, '/en')).toBe('/en');
  });
});

describe('at the edge, a condition', () => {
  const passedOn = (headers: Record<string, string>) => valuesOf(handler(viewerRequest('/feeds/en/all.rss', headers)));

  test('is compared weakly', () => {
    expect(passedOn({ 'if-none-match': 'W/"abc"' })['if-none-match']).toBe('"abc"');
    expect(passedOn({ 'if-none-match': '"W/a", W/"b",W/"c"' })['if-none-match']).toBe('"W/a","b","c"');
    expect(passedOn({ 'if-none-match': '*' })['if-none-match']).toBe('*');
  });

  test('on the tag wins over one on the date', () => {
    const since = 'Fri, 01 May 2026 08:00:00 GMT';
    expect(passedOn({ 'if-none-match': '"a"', 'if-modified-since': since })['if-modified-since']).toBeUndefined();
    expect(passedOn({ 'if-modified-since': since })['if-modified-since']).toBe(since);
  });

  test('may be sent by a script of any site', () => {
    const asked = { origin: 'https://reader.example', 'access-control-request-headers': 'if-none-match' };
    const result = handler(viewerRequest('/feeds/en/all.json', asked, 'OPTIONS'));
    expect(result).toMatchObject({ statusCode: 204 });
    expect(valuesOf(result)).toMatchObject({
      'access-control-allow-origin': '*',
      'access-control-allow-headers': 'If-None-Match, If-Modified-Since',
      'access-control-allow-methods': 'GET, HEAD',
    });
  });
});

describe('at the edge, a feed on its way out', () => {
  test('is known by its own address, whatever it lay in', () => {
    const link = '</feeds/en/all.rss>; rel="self"';
    for (const uri of ['/feeds/en/all.rss', '/br/feeds/en/all.rss', '/gzip/feeds/en/all.rss']) {
      expect(valuesOf(handler(viewerResponse(uri)))['link']).toBe(link);
    }
  });

  test('that the reader has already is not described again, but says what it varies by', () => {
    expect(valuesOf(handler(viewerResponse('/br/feeds/en/all.rss', { etag: '"a"' }, 304)))).toMatchObject({
      etag: '"a"',
      vary: 'Accept-Encoding, Sec-Fetch-Dest',
      'access-control-allow-origin': '*',
    });
    expect(valuesOf(handler(viewerResponse('/feeds/en/all.rss', {}, 304)))['link']).toBeUndefined();
  });

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

test('the edge’s files stand alone and are written in what the edge’s runtime knows', async () => {
  const at = new URL('../../functions/site/', import.meta.url);
  const own = (await readdir(new URL('edge/', at))).map((name) => `edge/${name}`);
  expect(own).toContain('edge/encoding.ts');
  for (const file of ['edge.ts', ...own]) {
    const source = await readFile(new URL(file, at), 'utf8');
    for (const [, from] of source.matchAll(/^import .* from '(.*)';$/gm))
      expect([file, from]).toEqual([file, expect.stringMatching(/^\.\/(edge\/)?\w+\.ts$/)]);
    // Whatever is newer than ES 5.1 with these three is an error here, or would come out rewritten.
    const known = { 'const-and-let': true, arrow: true, 'template-literal': true };
    const written = await transform(source, { loader: 'ts', target: 'esnext' });
    const lowered = await transform(source, { loader: 'ts', target: 'es5', supported: known });
    expect(lowered.code).toBe(written.code);
  }
});
