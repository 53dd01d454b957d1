import { createHash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ulid } from 'ulid';
import { newsroomKeyItem } from '../../functions/shared/http/newsroomKey.ts';
import { s3Bucket, s3Client } from '../../functions/shared/storage/bucket.s3.ts';
import { dynamoClient, dynamoTable } from '../../functions/shared/storage/table.dynamo.ts';
import type { Item, Table } from '../../functions/shared/storage/table.ts';
import { bucketBodies } from '../../functions/wire/bodies.s3.ts';
import { dynamoPublisher } from '../../functions/wire/publisher.dynamo.ts';
import { localName, makeBuckets, makeTables } from '../../infra/local/resources.ts';
import { buildTemplates } from '../../infra/templates.ts';
import { buckets as bucketSpecs, tables as tableSpecs, variableOf } from '../../infra/topology.ts';
import { aSubscriber } from '../digest/support/aSubscriber.ts';
import { someContent } from '../support/anArticle.ts';
import { startEmulators } from '../support/emulators.ts';
import { openLeavingSite } from '../support/leavingSite.ts';
import { memoryDoorbell } from '../support/memoryDoorbell.ts';

/** What all runs of a test file share: emulators, templates, articles on the wire, and readers. */
export interface Town {
  readonly urls: { readonly dynamodb: string; readonly aws: string };
  readonly directory: string;
  /** Addresses of the weekly readers, by their ids. */
  readonly readers: ReadonlyMap<string, string>;
  readonly environment: Readonly<Record<string, string>>;
  stop(): Promise<void>;
}

export const NEWSROOM_KEY = 'chaos-key-0123456789-0123456789';
/** Around the slot of the weekly edition, at eight in Brussels. */
export const BEFORE_THE_SLOT = '2026-05-04T05:30:00.000Z';
export const AFTER_THE_SLOT = '2026-05-04T06:00:10.000Z';
const PUBLISHED_AT = '2026-05-01T08:00:00.000Z';

export const openTown = async (readers: number, articles = 3): Promise<Town> => {
  const emulators = await startEmulators();
  const site = await openLeavingSite();
  const directory = await mkdtemp(join(tmpdir(), 'courant-town-'));
  await buildTemplates(join(directory, 'templates'));
  const tables = dynamoClient();
  const objects = s3Client();
  await makeTables(tables);
  await makeBuckets(objects);
  await dynamoTable(tables, 'courant-keys').put(newsroomKeyItem(NEWSROOM_KEY, PUBLISHED_AT));
  const publisher = dynamoPublisher({
    table: dynamoTable(tables, 'courant-wire'),
    bodies: bucketBodies(s3Bucket(objects, 'courant-private')),
    feedsBell: memoryDoorbell(),
    now: () => PUBLISHED_AT,
    newId: () => ulid(Date.parse(PUBLISHED_AT)),
    random: Math.random,
  });
  for (let i = 0; i < articles; i++) {
    await publisher.submit({
      content: { ...someContent(), title: `The ferries of five towns: part ${i + 1}`, topics: ['mobility'] },
      externalId: `part-${i + 1}`,
      source: 'api',
      version: 1,
      announce: true,
      dueAt: null,
    });
  }
  return {
    urls: emulators.urls,
    directory,
    readers: await settle(dynamoTable(tables, 'courant-subscribers'), readers),
    environment: {
      SITE_URL: site.url,
      TEMPLATES_DIR: join(directory, 'templates'),
      COURANT_VERSION: '0.0.0',
      SES_CONFIGURATION_SET: 'courant',
      ...named('TABLE', Object.keys(tableSpecs)),
      ...named('BUCKET', Object.keys(bucketSpecs)),
    },
    async stop() {
      await site.close();
      await emulators.stop();
      await rm(directory, { recursive: true, force: true });
    },
  };
};

const named = (kind: 'TABLE' | 'BUCKET', names: readonly string[]): Record<string, string> =>
  Object.fromEntries(names.map((name) => [variableOf(kind, name), localName(name)]));

/**
 * Weekly readers as `docs/data.md` has them: the subscriber, and a row in his audience. Put in batches, because a
 * hundred thousand sign-ups would take an hour.
 */
export const settle = async (
  table: Table,
  count: number,
  tell: (done: number) => void = () => {},
): Promise<Map<string, string>> => {
  const addresses = new Map<string, string>();
  for (let at = 0; at < count; at += READERS_AT_ONCE) {
    const some = Array.from({ length: Math.min(READERS_AT_ONCE, count - at) }, (_, i) => reader(at + i));
    for (const { id, address } of some) addresses.set(id, address);
    await table.batchPut(some.flatMap(itemsOf));
    tell(addresses.size);
  }
  return addresses;
};

const READERS_AT_ONCE = 500;

const reader = (i: number) => {
  const name = `reader${i}`;
  return { ...aSubscriber(name), id: createHash('md5').update(name).digest('hex'), version: 1 };
};

const itemsOf = (one: ReturnType<typeof reader>): Item[] => [
  { ...one, pk: `SUBSCRIBER#${one.id}`, sk: 'SUBSCRIBER' },
  { pk: `AUDIENCE#city-news#weekly#${one.id.charAt(0)}`, sk: one.id, version: 1 },
];
