import { parseAtomFeed } from 'feedsmith';
import { z } from 'zod';
import { dynamoLists } from '../../../functions/feeds/lists.dynamo.ts';
import { bucketBodies } from '../../../functions/wire/bodies.s3.ts';
import type { Entry } from '../../../functions/wire/entry.ts';
import type { Bodies } from '../../../functions/wire/ports.ts';
import { dynamoWire } from '../../../functions/wire/wire.dynamo.ts';
import type { Scene } from '../scene.ts';

const MOST = 10_000;

const noTexts: Bodies = { keep: async () => '', read: async () => '', forget: async () => {} };

/** What has come onto the wire since; without long texts. */
export const entriesAfter = (scene: Scene, seq: number): Promise<Entry[]> =>
  dynamoWire(scene.table('wire'), noTexts).after(seq, MOST);

/** Every entry, texts and all; throws where a number is missing. */
export const wireOf = async (scene: Scene): Promise<Entry[]> => {
  const entries = await dynamoWire(scene.table('wire'), bucketBodies(scene.bucket('private'))).after(0, MOST);
  const missing = entries.findIndex(({ seq }, i) => seq !== i + 1);
  if (missing >= 0) throw new Error(`The wire has no entry ${missing + 1}.`);
  return entries;
};

/** Titles in the feed of everything, as whoever follows it back to its beginning sees them (RFC 5005). */
export const titlesInFeeds = async (scene: Scene): Promise<{ current: string[]; archived: string[] }> => {
  const archives = await scene.bucket('public').list('feeds/en/all/archive/');
  const archived: string[] = [];
  for (const key of archives) archived.push(...(await titlesIn(scene, key)));
  return { current: await titlesIn(scene, 'feeds/en/all.atom'), archived };
};

const titlesIn = async (scene: Scene, key: string): Promise<string[]> => {
  const found = await scene.bucket('public').get(key);
  if (!found) return [];
  const { entries = [] } = parseAtomFeed(Buffer.from(found.bytes).toString('utf8'));
  return entries.map(({ title }) => String(title?.value ?? title));
};

/** Ids of the articles that pages list, those that are no news too. */
export const idsInPages = async (scene: Scene): Promise<string[]> =>
  (await dynamoLists(scene.table('feeds')).byDate('en', 'all', { limit: MOST })).map(({ id }) => id);

const fileReport = z.object({
  is: z.enum(['taken', 'partly', 'refused']),
  articles: z.array(z.object({ file: z.string(), is: z.string() })),
});

export const isInboxEmpty = async (scene: Scene): Promise<boolean> =>
  (await scene.bucket('private').list('inbox/')).length === 0;

/** What the inbox said of its files: titles that were taken, and how many files it set aside. */
export const inboxReports = async (scene: Scene): Promise<{ taken: string[]; setAside: number }> => {
  const bucket = scene.bucket('private');
  const reports = [...(await bucket.list('inbox-taken/')), ...(await bucket.list('inbox-refused/'))];
  const taken: string[] = [];
  let setAside = 0;
  for (const key of reports.filter((one) => one.endsWith('.report.json'))) {
    const found = await bucket.get(key);
    const report = fileReport.parse(JSON.parse(Buffer.from(found?.bytes ?? []).toString('utf8')));
    if (report.is !== 'taken') setAside += 1;
    for (const { file, is } of report.articles) if (is !== 'refused') taken.push(titleOf(file));
  }
  return { taken, setAside };
};

const titleOf = (file: string): string => file.replace(/^.*\//, '').replace(/\.[a-z]+$/, '');
