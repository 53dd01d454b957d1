import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { addressOf, networkOf, networkText, originOf } from '../../functions/shared/http/network.ts';
import { HOUR_MS } from '../../functions/shared/time.ts';
import { dynamoNetworkLimit } from '../../functions/subscribers/joining/networkLimit.dynamo.ts';
import { memoryTable } from '../support/memoryTable.ts';
import { START } from './aSubscriber.ts';

const prefix = (address: string): string | null => networkText(networkOf(address));

describe('the address itself, for telling apart who is there at the same moment', () => {
  const addressAt = (viewer: string) =>
    addressOf({ headers: { 'cloudfront-viewer-address': viewer }, sourceIp: '10.0.0.1' });

  test('is what the edge says, whatever stands before the API', () => {
    expect(addressAt('192.0.2.77:443')).toBe('192.0.2.77');
    expect(addressAt('::ffff:192.0.2.77:443')).toBe('192.0.2.77');
    expect(addressOf({ headers: {}, sourceIp: '192.0.2.78' })).toBe('192.0.2.78');
    expect(addressAt('nobody:443')).toBeUndefined();
  });

  test('is of IPv6 the network within which one machine changes its own', () => {
    expect(addressAt('2001:db8:1:2ff:aaaa::9:443')).toBe('2001:db8:1:2ff');
    expect(addressAt('2001:db8:1:2ff:bbbb::8:443')).toBe('2001:db8:1:2ff');
    expect(addressAt('2001:db8:1:200::9:443')).not.toBe('2001:db8:1:2ff');
  });
});

describe('where a request came from', () => {
  test.each([
    ['192.0.2.77', '192.0.2.0/24'],
    ['::ffff:192.0.2.77', '192.0.2.0/24'],
    ['2001:db8:1:2ff::9', '2001:db8:1:200::/56'],
    ['2001:0DB8:0001:0200:0:0:0:1', '2001:db8:1:200::/56'],
    ['2001:db8::', '2001:db8:0:0::/56'],
    ['::2', '0:0:0:0::/56'],
    ['[2001:db8:1:2ff::9]', '2001:db8:1:200::/56'],
  ])('%s is cut to %s', (address, expected) => {
    expect(prefix(address)).toBe(expected);
  });

  test.each(['127.0.0.1', '127.9.9.9', '::1', '0:0:0:0:0:0:0:1', '::ffff:127.0.0.1'])(
    '%s is this machine',
    (address) => {
      expect(networkOf(address)).toEqual({ is: 'this-machine' });
    },
  );

  test.each(['', 'unknown', '192.0.2', '1.2.3.4.5', 'fe80::1%eth0', '127.0.0.1, 192.0.2.1', 'localhost'])(
    '“%s” is no address',
    (address) => {
      expect(networkOf(address)).toEqual({ is: 'unknown' });
    },
  );

  test('a header that says it is this machine was made up, and is no way around the limit', () => {
    for (const viewer of ['127.0.0.1:443', '[::1]:443', '::ffff:127.0.0.1:443']) {
      const seen = { headers: { 'cloudfront-viewer-address': viewer }, sourceIp: '203.0.113.9' };
      expect(originOf(seen)).toEqual({ is: 'unknown' });
    }
  });

  test('no part of a key ever comes from what somebody sent', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.ipV4(), fc.ipV6()), (address) => {
        const origin = networkOf(address);
        if (origin.is === 'network') expect(origin.prefix).toMatch(/^(\d+\.\d+\.\d+\.0\/24|[0-9a-f:]+::\/56)$/);
      }),
    );
  });

  test('two addresses of one household are one network, those of two are not', () => {
    fc.assert(
      fc.property(fc.ipV6(), (address) => {
        if (!prefix(address)) return;
        expect(prefix(prefix(address)?.replace('/56', '2') ?? '')).toBe(prefix(address));
      }),
    );
    expect(prefix('2001:db8:1:200::1')).not.toBe(prefix('2001:db8:1:300::1'));
  });

  test('CloudFront’s word about the viewer goes before the connection, which is CloudFront’s own', () => {
    const seen = (viewer: string) =>
      originOf({ headers: { 'cloudfront-viewer-address': viewer }, sourceIp: '203.0.113.9' });
    expect(seen('198.51.100.10:46532')).toEqual({ is: 'network', prefix: '198.51.100.0/24' });
    expect(seen('2001:db8:1:2ff::9:46532')).toEqual({ is: 'network', prefix: '2001:db8:1:200::/56' });
    expect(originOf({ headers: {}, sourceIp: '203.0.113.9' })).toEqual({ is: 'network', prefix: '203.0.113.0/24' });
  });
});

describe('the limit of a network', () => {
  test('is never passed, however many come at once', async () => {
    const limit = dynamoNetworkLimit(memoryTable(), { ofNetwork: 10, inPart: 1000 });
    const answers = await Promise.all(Array.from({ length: 100 }, () => limit.admits('192.0.2.0/24', START)));
    expect(answers.filter(Boolean)).toHaveLength(10);
  });

  test('counts each network and each hour by itself, and forgets', async () => {
    const table = memoryTable();
    const limit = dynamoNetworkLimit(table, { ofNetwork: 1, inPart: 1000 });
    expect(await limit.admits('192.0.2.0/24', START)).toBe(true);
    expect(await limit.admits('192.0.2.0/24', START)).toBe(false);
    expect(await limit.admits('192.0.3.0/24', START)).toBe(true);
    expect(await limit.admits('192.0.2.0/24', new Date(Date.parse(START) + HOUR_MS).toISOString())).toBe(true);
    expect(table.items().every((item) => typeof item['expiresAtSeconds'] === 'number')).toBe(true);
  });
});
