import { createSocket } from 'node:dgram';
import { Resolver } from 'node:dns/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openFetch } from '../../functions/border/fetch/fetch.ts';
import { allowedIn } from '../../functions/border/fetch/target.ts';
import { dnsRecords } from '../../functions/digest/preflight/dns.ts';
import { foreignWeb, quickLookup } from '../../functions/digest/preflight/web.ts';
import { openTestSite, type TestSite } from '../support/httpServer.ts';

type Answered = readonly string[] | 'no-such-name' | 'broken';

const RCODES = { 'no-such-name': 3, broken: 2 } as const;

/** A server of the DNS on 127.0.0.1: TXT records by name, nothing of any other kind (RFC 1035 section 4). */
const openNames = async (names: Readonly<Record<string, Answered>>) => {
  const socket = createSocket('udp4');
  socket.on('message', (question, from) => {
    const labels: string[] = [];
    let at = 12;
    for (let length = question[at] ?? 0; length > 0; length = question[at] ?? 0) {
      labels.push(question.subarray(at + 1, at + 1 + length).toString());
      at += length + 1;
    }
    const answered = names[labels.join('.').toLowerCase()] ?? 'no-such-name';
    const isText = question.readUInt16BE(at + 1) === 16;
    const texts = typeof answered === 'string' || !isText ? [] : answered;
    const head = Buffer.from(question.subarray(0, 12));
    head.writeUInt16BE(0x8180 | (typeof answered === 'string' ? RCODES[answered] : 0), 2);
    head.writeUInt16BE(texts.length, 6);
    head.writeUInt32BE(0, 8);
    const records = texts.map((text) => {
      // A text is cut into pieces of 255 bytes at most.
      const data = Buffer.concat(
        (text.match(/.{1,200}/g) ?? []).map((part) => Buffer.concat([Buffer.from([part.length]), Buffer.from(part)])),
      );
      const fixed = Buffer.from([0xc0, 12, 0, 16, 0, 1, 0, 0, 0, 60, 0, 0]);
      fixed.writeUInt16BE(data.length, 10);
      return Buffer.concat([fixed, data]);
    });
    socket.send(Buffer.concat([head, question.subarray(12, at + 5), ...records]), from.port, from.address);
  });
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
  const resolver = new Resolver({ timeout: 2000, tries: 3 });
  resolver.setServers([`127.0.0.1:${socket.address().port}`]);
  return { resolver, close: () => socket.close() };
};

let site: TestSite;
let names: Awaited<ReturnType<typeof openNames>>;
const LONG = `v=spf1 ${'ip4:192.0.2.1 '.repeat(20)}include:amazonses.com ~all`;

beforeAll(async () => {
  site = await openTestSite();
  names = await openNames({ 'news.example': [], 'bounces.news.example': [LONG], 'stumbles.example': 'broken' });
});
afterAll(async () => {
  names.close();
  await site.close();
});

describe('records', () => {
  test('come whole, are missing, or are unknown', async () => {
    const records = dnsRecords(names.resolver);
    expect(await records.texts('bounces.news.example')).toEqual([LONG]);
    expect(await records.texts('news.example')).toEqual([]);
    expect(await records.texts('_dmarc.news.example')).toEqual([]);
    expect(await records.texts('stumbles.example')).toBe('unknown');
  });

  test('a domain is known if its name is there, with whatever records; “there is none” is no silence', async () => {
    const records = dnsRecords(names.resolver);
    expect(await records.knows('news.example')).toBe('there');
    expect(await records.knows('nowhere.example')).toBe('missing');
    expect(await records.knows('stumbles.example')).toBe('unknown');
  });
});

describe('the web', () => {
  const web = () =>
    foreignWeb(
      openFetch({
        userAgent: 'Courant/0',
        allowed: allowedIn('127.0.0.1,localhost,nowhere.example'),
        resolve: quickLookup(names.resolver),
      }),
    );

  test('only what says so itself is gone', async () => {
    site.says('/picture', { headers: { 'content-type': 'image/png' }, body: 'x'.repeat(50_000) });
    for (const status of [403, 404, 410, 429, 500]) site.says(`/${status}`, { status });
    const look = (path: string) => web().look(`http://localhost:${site.port}${path}`);
    expect(await look('/picture')).toEqual({ is: 'there', type: 'image/png' });
    const states = await Promise.all(['/403', '/404', '/410', '/429', '/500'].map(look));
    expect(states.map(({ is }) => is)).toEqual(['unclear', 'gone', 'gone', 'unclear', 'unclear']);
    expect(await web().look('http://nowhere.example/x')).toEqual({ is: 'nameless' });
    expect(await web().look('http://10.0.0.1/x')).toMatchObject({ is: 'unclear' });
  });

  test('the link for leaving is pressed as RFC 8058 says, and a redirect is not followed', async () => {
    let heard = '';
    site.does('/leave', (request, response) => {
      request.on('data', (bytes) => {
        heard += `${request.method} ${request.headers['content-type']} ${bytes}`;
      });
      request.on('end', () => response.end());
    });
    site.says('/moved', { status: 302, headers: { location: '/leave' } });
    expect(await web().oneClick(`${site.url}/leave`)).toEqual({ status: 200 });
    expect(heard).toBe('POST application/x-www-form-urlencoded List-Unsubscribe=One-Click');
    expect(await web().oneClick(`${site.url}/moved`)).toEqual({ status: 302 });
    expect(await web().oneClick('http://127.0.0.1:1/leave')).toBe('unreachable');
  });
});
