import type { FeedBuilder, Settings } from '../../functions/feeds/build/builder.ts';
import { rebuildFeeds } from '../../functions/feeds/build/rebuild.ts';
import { dynamoStates } from '../../functions/feeds/build/states.dynamo.ts';
import { itemMaker } from '../../functions/feeds/compose/makeItem.ts';
import { recentArticles } from '../../functions/feeds/compose/recentArticles.ts';
import type { Encode } from '../../functions/feeds/publish/encodings.ts';
import { bucketShelf } from '../../functions/feeds/publish/shelf.s3.ts';
import { dynamoListRows } from '../../functions/feeds/read/listRows.dynamo.ts';
import { renderers } from '../../functions/feeds/render/renderers.ts';
import { type Newsroom, parseNewsroom } from '../../functions/shared/config.ts';
import type { Bucket } from '../../functions/shared/storage/bucket.ts';
import type { Item, Table } from '../../functions/shared/storage/table.ts';
import { dynamoCursors } from '../../functions/wire/cursors.dynamo.ts';
import type { Articles, Wire } from '../../functions/wire/ports.ts';
import config from '../../newsroom.config.ts';
import { type MemoryBucket, memoryBucket } from '../support/memoryBucket.ts';
import { memoryTable } from '../support/memoryTable.ts';
import { type MemoryWire, memoryWire } from '../support/memoryWire.ts';

const label = (text: string) => ({ en: text, fr: `${text} (fr)` });

/** A newsroom of its own, so that a change of the real one breaks no fact about feeds. */
export const aNewsroom = (over: object = {}): Newsroom =>
  parseNewsroom({
    ...config,
    name: 'The Ferry & Sons Gazette',
    tagline: label('News for those who cross'),
    siteUrl: 'https://news.example',
    tagAuthority: 'news.example,2026',
    languages: [
      { id: 'en', label: 'English' },
      { id: 'fr', label: 'Français' },
    ],
    topics: [
      { id: 'mobility', label: label('Mobility') },
      { id: 'climate', label: label('Climate & water') },
    ],
    rights: label('© The Gazette. Quote us & say so.'),
    newsletters: config.newsletters.map((one) => ({ ...one, languages: ['en', 'fr'] })),
    ...over,
  });

export const settingsOf = (over: object = {}): Settings => ({
  newsroom: aNewsroom(over),
  siteUrl: 'https://news.example',
  version: '1',
});

interface Stores {
  readonly wire: Wire & Articles;
  readonly table: Table;
  readonly bucket: Bucket;
  readonly settings?: Settings;
  readonly encode?: Encode;
}

export const aBuilder = ({ wire, table, bucket, settings = settingsOf(), encode }: Stores): FeedBuilder => ({
  wire,
  cursors: dynamoCursors(table),
  rows: dynamoListRows(table),
  states: dynamoStates(table),
  articles: recentArticles(wire, wire),
  makeItem: itemMaker(settings),
  renderers: renderers(),
  shelf: bucketShelf(bucket, encode),
  settings,
  now: () => '2026-05-02T08:00:00.000Z',
});

/** A wire, its feeds, and what is asked of them. */
export interface FeedHouse {
  readonly wire: MemoryWire;
  readonly table: ReturnType<typeof memoryTable>;
  readonly bucket: MemoryBucket;
  rebuild(settings?: Settings): Promise<void>;
  /** The bytes of a feed as text, such as `en/all.rss`. */
  text(feed: string): Promise<string>;
  /** The ids of the articles in a feed, by its JSON. */
  ids(feed: string): Promise<string[]>;
  /** The keys of the documents, without those of their encoded bytes. */
  keys(): string[];
  /** Every feed's text, by its key. */
  bytes(): Promise<Record<string, string>>;
  /** The lists and places, as items. */
  lists(): Item[];
}

export const aFeedHouse = (wire = memoryWire()): FeedHouse => {
  const table = memoryTable();
  const bucket = memoryBucket();
  const keys = (): string[] => bucket.keys().filter((key) => key.startsWith('feeds/'));
  const text = async (key: string): Promise<string> => {
    const found = await bucket.get(key);
    if (!found) throw new Error(`There is no object ${key}.`);
    return Buffer.from(found.bytes).toString('utf8');
  };
  return {
    wire,
    table,
    bucket,
    rebuild: (settings) => rebuildFeeds(aBuilder({ wire, table, bucket, ...(settings && { settings }) })),
    text: (feed) => text(`feeds/${feed}`),
    ids: async (feed) => idsIn(await text(`feeds/${feed}.json`)),
    lists: () => table.items().filter(({ pk }) => /^(NEWS|DATE|STORY|ARTICLE|ARCHIVES|REWRITES)#/.test(pk)),
    keys,
    bytes: async () => Object.fromEntries(await Promise.all(keys().map(async (key) => [key, await text(key)]))),
  };
};

const idsIn = (json: string): string[] => {
  const feed: { items: { id: string }[] } = JSON.parse(json);
  return feed.items.map(({ id }) => id.replace('tag:news.example,2026:', ''));
};
