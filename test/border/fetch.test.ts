import { createServer } from 'node:net';
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { type Fetched, openFetch } from '../../functions/border/fetch/fetch.ts';
import type { Resolved } from '../../functions/border/fetch/lookup.ts';
import { isGlobalAddress } from '../../functions/border/fetch/network.ts';
import { allowedIn } from '../../functions/border/fetch/target.ts';
import { openTestSite, type TestSite } from '../support/httpServer.ts';

let site: TestSite;
beforeAll(async () => {
  site = await openTestSite();
});
beforeEach(() => {
  site.heard.length = 0;
});
afterAll(() => site.close());

const LOCAL: Resolved = { address: '127.0.0.1', family: 4 };
const userAgent = 'Courant/0 (+https://news.example; editors@news.example)';

/** A reader that may ask 127.0.0.1, and for which names lead where the test says. */
const fetching = (names: Record<string, () => Resolved[]> = {}, timeoutMs = 10_000) =>
  openFetch({
    userAgent,
    allowed: allowedIn(['127.0.0.1', ...Object.keys(names)].join(',')),
    timeoutMs,
    resolve: async (name) => names[name]?.() ?? [],
  });

const strict = openFetch({ userAgent, allowed: allowedIn(''), resolve: async () => [LOCAL] });

const answer = (fetched: Fetched) => {
  if (fetched.is !== 'answer') throw new Error(`It was ${fetched.is}: ${fetched.because}`);
  return { ...fetched, text: Buffer.from(fetched.bytes).toString('utf8') };
};

const NOT_PUBLIC = { is: 'refused', because: 'it leads to an address that is not public' };

describe('addresses that may be asked', () => {
  test.each(['93.184.216.34', '8.8.8.8', '2606:4700::1111', '::ffff:8.8.8.8', '64:ff9b::808:808', '2002:808:808::1'])(
    '%s is public',
    (address) => expect(isGlobalAddress(address)).toBe(true),
  );

  test.each([
    ...['127.0.0.1', '10.1.2.3', '172.16.0.1', '192.168.1.1', '169.254.169.254', '100.64.0.1', '0.0.0.0'],
    ...['198.18.0.1', '192.0.0.1', '192.0.2.1', '224.0.0.1', '240.0.0.1', '255.255.255.255'],
    ...['::1', '::', 'fe80::1', 'fe80::1%eth0', 'fd00:ec2::254', 'ff02::1', '2001:db8::1', '2001::1', '100::1'],
    ...['::ffff:127.0.0.1', '::ffff:a9fe:a9fe', '64:ff9b::7f00:1', '64:ff9b:1::1', '2002:7f00:1::', '::127.0.0.1'],
    ...['4000::1', 'no address', ''],
  ])('%s is not', (address) => expect(isGlobalAddress(address)).toBe(false));

  test.each([
    ...['http://127.0.0.1/', 'http://127.1/', 'http://012.1.2.3/', 'http://0x7f000001/', 'http://2130706433/'],
    ...['http://[::1]/', 'http://[::ffff:169.254.169.254]/', 'http://[64:ff9b::a00:1]/', 'http://１２７.0.0.1/'],
    'http://0/',
  ])('no spelling of an address of our own network is asked: %s', async (url) => {
    expect(await strict(url)).toEqual(NOT_PUBLIC);
  });

  test('the allow-list lets in what it names and nothing else', async () => {
    expect(await fetching()('http://127.0.0.2/')).toEqual(NOT_PUBLIC);
    expect(await fetching()('http://[::1]/')).toEqual(NOT_PUBLIC);
  });

  test.each([
    'ftp://city.example/',
    'file:///etc/passwd',
    'gopher://city.example/',
    'javascript:1',
    'city.example',
    '',
  ])('“%s” is no web address', async (url) =>
    expect(await strict(url)).toEqual({ is: 'refused', because: 'it is not a web address' }),
  );

  test('other ports and credentials are refused', async () => {
    expect(await strict('http://city.example:6379/')).toMatchObject({ is: 'refused' });
    expect(await strict('https://me:secret@city.example/')).toMatchObject({
      is: 'refused',
      because: 'it has a name or a password in it',
    });
  });

  test('a name that leads to us is found out when the socket looks it up', async () => {
    expect(await strict('http://city.example/')).toEqual(NOT_PUBLIC);
    expect(site.heard).toEqual([]);
  });

  test('one address of ours among public ones spoils them all', async () => {
    const mixed = fetching({
      'mixed.example': () => [LOCAL, { address: '93.184.216.34', family: 4 }, { address: '10.0.0.1', family: 4 }],
    });
    expect(await mixed(`http://mixed.example:${site.port}/`)).toEqual(NOT_PUBLIC);
    expect(site.heard).toEqual([]);
  });

  test('a name that means something else between two hops is looked at again', async () => {
    const answers = [[LOCAL], [{ address: '169.254.169.254', family: 4 }]];
    const rebound = fetching({ 'rebound.example': () => answers.shift() ?? [] });
    site.says('/again', { status: 302, headers: { location: '/secret' } });
    site.says('/secret', 'secret');
    expect(await rebound(`http://rebound.example:${site.port}/again`)).toEqual(NOT_PUBLIC);
    expect(site.heard.map(({ path }) => path)).toEqual(['/again']);
  });

  test.each([
    'http://169.254.169.254/latest/meta-data/',
    'http://[fd00:ec2::254]/',
    'http://[::ffff:10.0.0.1]/',
    'file:///etc/passwd',
  ])('a redirect to %s is not followed', async (location) => {
    site.says('/away', { status: 301, headers: { location } });
    expect(await fetching()(`${site.url}/away`)).toMatchObject({ is: 'refused' });
  });

  test('a proxy in the environment is not used', async () => {
    site.says('/plain', 'here');
    Object.assign(process.env, { HTTP_PROXY: 'http://127.0.0.1:1', http_proxy: 'http://127.0.0.1:1' });
    try {
      expect(answer(await fetching()(`${site.url}/plain`)).text).toBe('here');
    } finally {
      delete process.env['HTTP_PROXY'];
      delete process.env['http_proxy'];
    }
  });
});

describe('redirects', () => {
  const hops = (count: number, status: number): void => {
    for (let i = count; i > 0; i--) site.says(`/hop${i}`, { status, headers: { location: `/hop${i - 1}` } });
    site.says('/hop0', 'arrived');
  };

  test('three are followed, and where a permanent way ends is told', async () => {
    hops(3, 301);
    const { text, url, movedTo } = answer(await fetching()(`${site.url}/hop3`));
    expect({ text, url, movedTo }).toEqual({ text: 'arrived', url: `${site.url}/hop0`, movedTo: `${site.url}/hop0` });
  });

  test('four are not', async () => {
    hops(4, 308);
    expect(await fetching()(`${site.url}/hop4`)).toMatchObject({
      is: 'refused',
      because: 'it redirects more than three times',
    });
  });

  test('a way for now is no move, and ends one', async () => {
    hops(2, 302);
    expect(answer(await fetching()(`${site.url}/hop2`)).movedTo).toBeUndefined();
    site.says('/hop2', { status: 308, headers: { location: '/hop1' } });
    expect(answer(await fetching()(`${site.url}/hop2`)).movedTo).toBe(`${site.url}/hop1`);
  });
});

describe('bodies', () => {
  const text = 'La Seine, la Loire et le Rhône. '.repeat(100);

  test.each([
    ['gzip', gzipSync],
    ['x-gzip', gzipSync],
    ['br', brotliCompressSync],
    ['deflate', deflateSync],
    ['identity', (plain: string) => Buffer.from(plain)],
  ])('one layer of %s is taken off', async (encoding, compress) => {
    site.says('/packed', { headers: { 'content-encoding': encoding }, body: compress(text) });
    const got = answer(await fetching()(`${site.url}/packed`));
    expect(got.text).toBe(text);
    expect(got.wireBytes).toBe(compress(text).length);
  });

  test.each(['gzip, gzip', 'gzip, br', 'zstd', 'compress'])('“%s” is refused', async (encoding) => {
    site.says('/packed', { headers: { 'content-encoding': encoding }, body: gzipSync(gzipSync(text)) });
    expect(await fetching()(`${site.url}/packed`)).toMatchObject({ is: 'refused' });
  });

  test('a bomb is let go of at 10 MB', async () => {
    const bomb = gzipSync(Buffer.alloc(60_000_000));
    site.says('/bomb', { headers: { 'content-encoding': 'gzip' }, body: bomb });
    expect(await fetching()(`${site.url}/bomb`)).toEqual({ is: 'refused', because: 'it is over 10 MB' });
  });

  test('a body that never ends is let go of as well', async () => {
    site.does('/endless', (_, response) => {
      const more = (): void => {
        while (response.write(Buffer.alloc(100_000)) && !response.destroyed);
      };
      response.on('drain', more);
      more();
    });
    expect(await fetching()(`${site.url}/endless`)).toEqual({ is: 'refused', because: 'it is over 10 MB' });
  });

  test('of a head no more is taken than was wanted', async () => {
    site.says('/picture', { body: Buffer.alloc(900_000, 7) });
    const head = answer(await fetching()(`${site.url}/picture`, { mostBytes: 1000, headOnly: true }));
    expect(head.bytes).toHaveLength(1000);
  });

  test('an answer without a body is one, even if it claims to be compressed', async () => {
    site.says('/same', { status: 304, headers: { 'content-encoding': 'gzip', etag: '"a"' } });
    expect(answer(await fetching()(`${site.url}/same`))).toMatchObject({ status: 304, text: '' });
  });
});

describe('what goes wrong', () => {
  test('an answer that is cut off is no answer', async () => {
    site.does('/cut', (_, response) => {
      response.writeHead(200, { 'content-length': '1000' });
      response.write('half', () => response.destroy());
    });
    expect(await fetching()(`${site.url}/cut`)).toEqual({ is: 'failed', because: 'the answer was cut off' });
  });

  test('compression that is cut off or none is broken', async () => {
    const headers = { 'content-encoding': 'gzip' };
    site.says('/broken', { headers, body: gzipSync('x'.repeat(5000)).subarray(0, 20) });
    expect(await fetching()(`${site.url}/broken`)).toEqual({ is: 'failed', because: 'its compression is broken' });
    site.says('/none', { headers, body: 'plain text' });
    expect(await fetching()(`${site.url}/none`)).toEqual({ is: 'failed', because: 'its compression is broken' });
  });

  test('silence ends in time, before the headers and within the body', async () => {
    site.does('/silent', () => {});
    site.does('/stuck', (_, response) => {
      response.writeHead(200);
      response.write('a');
    });
    const impatient = fetching({}, 300);
    const late = { is: 'failed', because: 'it did not answer in time' };
    expect(await impatient(`${site.url}/silent`)).toEqual(late);
    expect(await impatient(`${site.url}/stuck`)).toEqual(late);
  });

  test('an answer that wants to speak something else than HTTP', async () => {
    const stranger = createServer((socket) => {
      socket.on('error', () => undefined);
      socket.once('data', () =>
        socket.write('HTTP/1.1 101 Switching Protocols\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n'),
      );
    });
    await new Promise<void>((listening) => stranger.listen(0, '127.0.0.1', listening));
    const { port } = z.object({ port: z.number() }).parse(stranger.address());
    const fetched = await fetching()(`http://127.0.0.1:${port}/`);
    stranger.close();
    expect(fetched).toMatchObject({ is: 'failed' });
  });

  test('nobody there, and no such name', async () => {
    expect(await fetching()('http://127.0.0.1:1/')).toEqual({ is: 'failed', because: 'nobody answers there' });
    expect(await fetching()('http://nowhere.example/')).toEqual({ is: 'failed', because: 'its name is not known' });
  });
});

test('it says who asks, and nobody can say otherwise', async () => {
  site.says('/who', 'ok');
  await fetching()(`${site.url}/who#part`, { headers: { 'if-none-match': 'W/"a b"', 'user-agent': 'Somebody' } });
  expect(site.heard[0]).toMatchObject({
    path: '/who',
    headers: { 'user-agent': userAgent, 'if-none-match': 'W/"a b"', 'accept-encoding': 'gzip, br' },
  });
});
