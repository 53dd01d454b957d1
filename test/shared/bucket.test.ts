import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Bucket } from '../../functions/shared/storage/bucket.ts';
import { type Emulators, startEmulators } from '../support/emulators.ts';
import { memoryBucket } from '../support/memoryBucket.ts';

let emulators: Emulators;
beforeAll(async () => {
  emulators = await startEmulators();
});
afterAll(() => emulators.stop());

const kinds: [string, () => Promise<Bucket>][] = [
  ['memory', async () => memoryBucket()],
  ['fauxqs', () => emulators.bucket()],
];
const bytes = (text: string) => new TextEncoder().encode(text);
const how = { contentType: 'text/plain; charset=utf-8', metadata: { seq: '7' } };

describe.each(kinds)('a bucket in %s', (_, open) => {
  test('gives back what was put', async () => {
    const bucket = await open();
    expect(await bucket.get('a/b.txt')).toBeUndefined();
    const put = await bucket.put('a/b.txt', bytes('crue décennale'), how);
    const got = await bucket.get('a/b.txt');
    expect(new TextDecoder().decode(got?.bytes)).toBe('crue décennale');
    expect(got?.contentType).toBe('text/plain; charset=utf-8');
    expect(got?.metadata['seq']).toBe('7');
    expect(put).toEqual({ outcome: 'written', etag: got?.etag });
    expect(await bucket.head('a/b.txt')).toMatchObject({ etag: got?.etag, metadata: { seq: '7' } });
  });

  test('keeps the conditions of a put', async () => {
    const bucket = await open();
    const first = await bucket.put('k', bytes('1'), { ...how, only: 'absent' });
    expect(first.outcome).toBe('written');
    expect((await bucket.put('k', bytes('2'), { ...how, only: 'absent' })).outcome).toBe('refused');
    const etag = first.outcome === 'written' ? first.etag : '';
    expect((await bucket.put('k', bytes('3'), { ...how, only: { etag } })).outcome).toBe('written');
    expect((await bucket.put('k', bytes('4'), { ...how, only: { etag } })).outcome).toBe('refused');
    expect(new TextDecoder().decode((await bucket.get('k'))?.bytes)).toBe('3');
  });

  test('removes only the object that is meant', async () => {
    const bucket = await open();
    const first = await bucket.put('r', bytes('1'), how);
    await bucket.put('r', bytes('2'), how);
    await bucket.delete('r', { etag: first.outcome === 'written' ? first.etag : '' });
    const there = await bucket.get('r');
    expect(new TextDecoder().decode(there?.bytes)).toBe('2');
    await bucket.delete('r', { etag: there?.etag ?? '' });
    expect(await bucket.head('r')).toBeUndefined();
    await bucket.delete('r', { etag: there?.etag ?? '' });
  });

  test('lists and removes', async () => {
    const bucket = await open();
    for (const key of ['x/2', 'x/1', 'y/1']) await bucket.put(key, bytes('.'), how);
    expect(await bucket.list('x/')).toEqual(['x/1', 'x/2']);
    await bucket.delete('x/1');
    await bucket.delete('x/1');
    expect(await bucket.list('')).toEqual(['x/2', 'y/1']);
  });
});
