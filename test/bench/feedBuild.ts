import { readdir, readFile } from 'node:fs/promises';
import { z } from 'zod';
import { FORMATS } from '../../functions/feeds/addresses.ts';
import { rebuildFeeds } from '../../functions/feeds/build/rebuild.ts';
import { type Encode, encoded } from '../../functions/feeds/publish/encodings.ts';
import { loadNewsroom } from '../../functions/shared/config.ts';
import { setLogSink } from '../../functions/shared/log.ts';
import type { Article } from '../../functions/wire/article.ts';
import { aBuilder } from '../feeds/aBuilder.ts';
import { memoryBucket } from '../support/memoryBucket.ts';
import { memoryWire } from '../support/memoryWire.ts';
import { sortedTable } from './sortedTable.ts';
import { milliseconds, percentile, printTable, type Row } from './table.ts';

const SAMPLES = 60;
const WORDS = 450;
/** An hour apart, as in a busy newsroom: two days are about as many as the newest fifty. */
const APART_MS = 60 * 60_000;

/**
 * What one more article costs the builder of the feeds, as the wire grows. Stores are in memory, so this is the builder's
 * own work and the number of its requests; `publish to feed` has the stores' part.
 */
export const benchFeedBuild = async (sizes: readonly number[]): Promise<void> => {
  setLogSink(() => {});
  const words = await someWords();
  const rows: Row[] = [];
  for (const size of sizes) rows.push(...(await oneMore(size, words)));
  printTable('The feeds for one more article: rendered, checked and put in three encodings', rows);
};

const oneMore = async (size: number, words: readonly string[]): Promise<Row[]> => {
  const newsroom = await loadNewsroom();
  const settings = { newsroom, siteUrl: newsroom.siteUrl, version: 'bench' };
  const languages = newsroom.languages.map(({ id }) => id);
  const topics = newsroom.topics.map(({ id }) => id);
  const wire = memoryWire();
  const counts = new Map<string, number>();
  const table = counted(sortedTable(), 'table', counts);
  const plainBucket = memoryBucket();
  const bucket = counted(plainBucket, 'bucket', counts);
  // A wire that is there already is read without the work that nobody measures.
  let encode: Encode = async () => new Uint8Array();
  const builder = aBuilder({ wire, table, bucket, settings, encode: (...what) => encode(...what) });
  const publish = (i: number): void => {
    const at = new Date(Date.parse('2020-01-01') + i * APART_MS).toISOString();
    wire.publish(anArticleOf(words, i, { languages, topics }), { at });
  };

  for (let i = 0; i < size; i++) publish(i);
  const from = performance.now();
  await rebuildFeeds(builder);
  const filling = performance.now() - from;
  encode = encoded;
  // The first after a start finds nothing remembered.
  publish(size);
  await rebuildFeeds(builder);
  counts.clear();
  const cpu = process.cpuUsage();
  const times: number[] = [];
  for (let i = 1; i <= SAMPLES; i++) {
    publish(size + i);
    const began = performance.now();
    await rebuildFeeds(builder);
    times.push(performance.now() - began);
  }
  const { user, system } = process.cpuUsage(cpu);
  const each = (of: string): string => ((counts.get(of) ?? 0) / SAMPLES).toFixed(1);
  const named = (kind: string): string =>
    [...counts.keys()]
      .filter((name) => name.startsWith(`${kind} `))
      .map((name) => `${each(name)} ${name.slice(kind.length + 1)}`)
      .join(', ');
  const on = `${size.toLocaleString('en')} on the wire`;
  return [
    { what: `one more article, ${on}, p50`, figure: milliseconds(percentile(times, 0.5)) },
    { what: `one more article, ${on}, p95`, figure: milliseconds(percentile(times, 0.95)) },
    {
      what: `  of a processor, ${on}`,
      figure: milliseconds((user + system) / 1000 / SAMPLES),
      note: 'all threads, mean',
    },
    { what: `  table requests, ${on}`, figure: each('table'), note: named('table') },
    { what: `  bucket requests, ${on}`, figure: each('bucket'), note: named('bucket') },
    {
      what: `reading all of it from entry 0, ${on}`,
      figure: milliseconds(filling),
      note: `${plainBucket.keys().filter((key) => key.startsWith('feeds/')).length} documents, not compressed`,
    },
    ...(size >= 1000 ? await sizesOf(plainBucket) : []),
  ];
};

const sizesOf = async (bucket: ReturnType<typeof memoryBucket>): Promise<Row[]> =>
  Promise.all(
    FORMATS.map(async (format): Promise<Row> => {
      const keys = ['', 'gzip/', 'br/'].map((encoding) => `${encoding}feeds/en/all.${format}`);
      const bytes = await Promise.all(keys.map(async (key) => (await bucket.get(key))?.bytes.length ?? 0));
      const [raw, gzip, br] = bytes.map((count) => `${(count / 1000).toFixed(1)} kB`);
      return {
        what: `bytes of en/all.${format}, 50 articles of ${WORDS} words: raw`,
        figure: raw ?? '',
        note: `gzip ${gzip}, br ${br}`,
      };
    }),
  );

/** The port, with its calls counted by what they are, and all together. */
const counted = <Port extends object>(port: Port, kind: string, counts: Map<string, number>): Port =>
  new Proxy(port, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name);
      if (typeof value !== 'function') return value;
      return (...args: unknown[]) => {
        for (const one of [kind, `${kind} ${String(name)}`]) counts.set(one, (counts.get(one) ?? 0) + 1);
        return Reflect.apply(value, target, args);
      };
    },
  });

const sample = z.object({
  article: z.object({ body: z.union([z.object({ html: z.string() }), z.object({ markdown: z.string() })]) }),
});

/** Words of our sample articles: drawn one by one they repeat less than prose, so feeds of prose come out smaller. */
const someWords = async (): Promise<string[]> => {
  const directory = new URL('../../infra/local/samples/', import.meta.url);
  const files = (await readdir(directory)).filter((name) => name.endsWith('.en.json'));
  const texts = await Promise.all(
    files.map(async (name) => JSON.parse(await readFile(new URL(name, directory), 'utf8'))),
  );
  return texts.flatMap((text) => {
    const { body } = sample.parse(text).article;
    const prose = 'html' in body ? body.html.replace(/<[^>]*>/g, ' ') : body.markdown;
    return prose.split(/\s+/).filter(Boolean);
  });
};

const anArticleOf = (
  words: readonly string[],
  i: number,
  { languages, topics }: { languages: readonly string[]; topics: readonly string[] },
): Partial<Article> => {
  const word = (n: number): string =>
    words[(Math.imul(i * 7919 + n, 2_654_435_761) >>> 0) % words.length] ?? words[0] ?? '';
  const run = (from: number, count: number): string =>
    Array.from({ length: count }, (_, n) => word(from + n)).join(' ');
  return {
    language: languages[i % languages.length] ?? 'en',
    title: `${run(0, 8)} ${i}`,
    summary: run(10, 30),
    html: [0, 1, 2, 3, 4].map((n) => `<p>${run(100 * (n + 1), WORDS / 5)}</p>`).join(''),
    topics: [topics[i % topics.length] ?? 'mobility'],
    authors: [{ name: `Author ${i % 20}` }],
  };
};
