import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Reader, threadReader } from '../../../functions/ingest/sources/reading/reader.ts';
import { sourceSetting } from '../../../functions/shared/config/sources.ts';
import { aNewsroom } from '../aNewsroom.ts';
import { rss, rssItem } from './someFeeds.ts';

/** Limits that a test reaches soon. Time is the processor's, so a busy machine changes nothing. */
const LIMITS = { cpuMs: 300, mostMs: 60_000, memoryMb: 256 };

let reader: Reader;
beforeAll(() => {
  reader = threadReader({ newsroom: aNewsroom(), siteUrl: 'https://news.example' }, LIMITS);
});
afterAll(() => reader.close());

const feed = (text: string) => ({
  bytes: Buffer.from(text),
  contentType: 'application/rss+xml',
  url: 'https://city.example/feed',
  language: 'en',
  timeZone: 'Europe/Brussels',
});

const good = feed(rss([rssItem({ guid: 'a' })]));

const readsOn = async (): Promise<void> => {
  expect(await reader.feed(good)).toMatchObject({ is: 'document', items: [{ guid: 'a' }] });
};

describe('a document that is made to take too much', () => {
  test('time, is given up, and the next is read', async () => {
    const slow = feed(rss(Array.from({ length: 60_000 }, (_, i) => rssItem({ guid: `${i}` }))));
    expect(await reader.feed(slow)).toEqual({ is: 'refused', because: 'it takes more than 2 seconds to read' });
    await readsOn();
  });

  test('memory, is given up, and the next is read', async () => {
    const large = threadReader(
      { newsroom: aNewsroom(), siteUrl: 'https://news.example' },
      { ...LIMITS, cpuMs: 60_000, memoryMb: 48 },
    );
    const many = feed(`<rss><channel>${'<a/>'.repeat(500_000)}</channel></rss>`);
    expect(await large.feed(many)).toEqual({ is: 'refused', because: 'it takes more than 256 MB to read' });
    expect(await large.feed(good)).toMatchObject({ is: 'document' });
    await large.close();
  });
});

test('a thread that could not be started is started anew for the next document', async () => {
  let starts = 0;
  const house = {
    newsroom: aNewsroom(),
    get siteUrl() {
      starts += 1;
      if (starts === 1) throw new Error('There is no memory left for a thread.');
      return 'https://news.example';
    },
  };
  const unlucky = threadReader(house, LIMITS);
  await expect(unlucky.feed(good)).rejects.toThrow('no memory left');
  expect(await unlucky.feed(good)).toMatchObject({ is: 'document' });
  await unlucky.close();
});

test('several at once are read one after the other', async () => {
  const all = await Promise.all(Array.from({ length: 5 }, () => reader.feed(good)));
  expect(all.map(({ is }) => is)).toEqual(Array.from({ length: 5 }, () => 'document'));
});

test('an item that cannot be taken comes back with its reason', async () => {
  const found = await reader.feed(feed(rss([rssItem({ guid: 'a', text: '' })])));
  if (found.is !== 'document' || !found.items[0]) throw new Error('It was not read.');
  const source = {
    ...sourceSetting.parse({ id: 'city', url: 'https://city.example/', language: 'en' }),
    revision: 1,
    keptBy: 'api' as const,
  };
  const now = '2026-05-04T08:00:00.000Z';
  expect(await reader.submission({ item: found.items[0], source, now, announce: undefined })).toEqual({
    is: 'refused',
    because: 'The field “body.html” has no text.',
  });
});
