import { pollHost } from '../../functions/ingest/sources/polling/poll.ts';
import { readFeed } from '../../functions/ingest/sources/reading/feeds/feed.ts';
import { threadReader } from '../../functions/ingest/sources/reading/reader.ts';
import { aNewsroom } from '../ingest/aNewsroom.ts';
import { aPollingRoom, SITE } from '../ingest/sources/aPollingRoom.ts';
import { rss, rssItem } from '../ingest/sources/someFeeds.ts';
import { openTestSite } from '../support/httpServer.ts';
import { milliseconds, printTable, type Row } from './table.ts';

const QUIET = 500;
const MEGABYTE = 1_000_000;

/** Reading one large feed, and what sources cost that have nothing new to say. */
export const benchSources = async (): Promise<void> => {
  const rows = [...(await largeFeed()), ...(await quietSources())];
  printTable('Sources', rows);
};

const PARAGRAPH = '<p>The ferries of the upper river run to one timetable from May on, and nobody waits longer.</p>';

const documentOf = (megabytes: number) => {
  const item = (i: number): string =>
    rssItem({ guid: `item-${i}`, link: `https://city.example/${i}`, title: `Story ${i}`, text: PARAGRAPH.repeat(100) });
  const count = Math.ceil((megabytes * MEGABYTE) / item(0).length);
  const bytes = Buffer.from(rss(Array.from({ length: count }, (_, i) => item(i))));
  return {
    bytes,
    contentType: 'application/rss+xml; charset=utf-8',
    url: 'https://city.example/feed',
    language: 'en',
    timeZone: 'Europe/Brussels',
  };
};

const largeFeed = async (): Promise<Row[]> => {
  const document = documentOf(9.9);
  const reader = threadReader({ newsroom: aNewsroom(), siteUrl: SITE });
  await reader.feed(documentOf(0.1));
  const before = performance.now();
  const found = await reader.feed(document);
  const ms = performance.now() - before;
  await reader.close();
  if (found.is === 'refused') throw new Error(`The feed was refused: ${found.because}.`);
  const heapBefore = process.memoryUsage().heapUsed;
  const read = readFeed(document);
  const heap = process.memoryUsage().heapUsed - heapBefore;
  const size = `${(document.bytes.length / MEGABYTE).toFixed(1)} MB, ${read.is === 'document' ? read.items.length : 0} items`;
  return [
    { what: 'read a feed, in its thread', figure: milliseconds(ms), note: size },
    {
      what: 'memory it takes at most',
      figure: `${Math.round(heap / MEGABYTE)} MB`,
      note: 'heap grown while reading, nothing collected by force',
    },
  ];
};

const quietSources = async (): Promise<Row[]> => {
  const site = await openTestSite();
  const reader = threadReader({ newsroom: aNewsroom(), siteUrl: SITE });
  const room = aPollingRoom(reader);
  try {
    const ids = Array.from({ length: QUIET }, (_, i) => `s${i}`);
    for (const id of ids) {
      const body = rss([rssItem({ guid: id, title: `Story of ${id}`, link: `https://city.example/${id}` })]);
      site.says(`/${id}`, ({ headers }) =>
        headers['if-none-match'] === '"1"'
          ? { status: 304, headers: { etag: '"1"' } }
          : { headers: { etag: '"1"' }, body },
      );
      await room.keep({ id, url: `${site.url}/${id}` });
    }
    const host = new URL(site.url).host;
    const all = async (): Promise<number> => {
      const before = performance.now();
      for (let at = 0; at < ids.length; at += 20) await pollHost(room.ports, { host, sources: ids.slice(at, at + 20) });
      return performance.now() - before;
    };
    const first = await all();
    room.desk.pass(2 * 24 * 3_600_000);
    const asked = room.asked.length;
    const quiet = await all();
    const requests = (room.asked.length - asked) / QUIET;
    return [
      { what: `first look at ${QUIET} sources`, figure: milliseconds(first), note: 'one article each' },
      {
        what: `look at ${QUIET} quiet sources`,
        figure: milliseconds(quiet),
        note: 'answered by 304, on this machine; tables in memory',
      },
      { what: 'table requests for a quiet look', figure: requests.toFixed(1), note: 'reads and writes' },
    ];
  } finally {
    await reader.close();
    await site.close();
  }
};
