import { randomUUID } from 'node:crypto';
import { buffer } from 'node:stream/consumers';
import { beforeEach, describe, expect, test } from 'vitest';
import { ZipFile } from 'yazl';
import { dynamoGuard } from '../../functions/ingest/inbox/guard.dynamo.ts';
import { bucketInbox } from '../../functions/ingest/inbox/inbox.s3.ts';
import { takeAll } from '../../functions/ingest/inbox/takeAll.ts';
import type { FileReport } from '../../functions/ingest/inbox/takeFile.ts';
import { MINUTE_MS } from '../../functions/shared/time.ts';
import { type MemoryBucket, memoryBucket } from '../support/memoryBucket.ts';
import { memoryTable } from '../support/memoryTable.ts';
import { type Newsdesk, openNewsdesk } from '../wire/newsdesk.ts';
import { aNewsroom } from './aNewsroom.ts';

let bucket: MemoryBucket;
let desk: Newsdesk;
let takeInbox: () => Promise<void>;
/** Thrown at the next call that begins so. */
let trouble: string | undefined;

beforeEach(() => {
  trouble = undefined;
  bucket = memoryBucket((operation, key) => {
    if (trouble === undefined || !`${operation} ${key}`.startsWith(trouble)) return;
    trouble = undefined;
    throw new Error('killed');
  });
  const table = memoryTable();
  desk = openNewsdesk(table, bucket);
  const ports = { inbox: bucketInbox(bucket), guard: dynamoGuard(table, randomUUID), newsroom: aNewsroom() };
  takeInbox = () => takeAll({ ...ports, publisher: desk.publisher, now: desk.now, siteUrl: 'https://news.example' });
});

const lay = (path: string, content: string | Uint8Array) =>
  bucket.put(`inbox/${path}`, Buffer.from(content), { contentType: 'application/octet-stream' });

const zipOf = async (files: Readonly<Record<string, string | Uint8Array>>): Promise<Buffer> => {
  const zip = new ZipFile();
  for (const [name, content] of Object.entries(files)) zip.addBuffer(Buffer.from(content), name);
  zip.end();
  return buffer(zip.outputStream as NodeJS.ReadableStream & AsyncIterable<Uint8Array>);
};

const report = async (key: string): Promise<FileReport> => {
  const found = await bucket.get(`${key}.report.json`);
  return JSON.parse(Buffer.from(found?.bytes ?? '').toString('utf8'));
};

const titles = async () => (await desk.wire.after(0, 100)).map(({ article }) => article.title);

const page = '# The ferry is back\n\nFrom Monday on it runs again.\n';
const DAY = '2026-05-04';

describe('a file in the inbox', () => {
  test('is taken, and lies beside a report on what became of it', async () => {
    await lay('ferry.md', page);
    await takeInbox();
    expect(await titles()).toEqual(['The ferry is back']);
    expect(bucket.keys()).toEqual([`inbox-taken/${DAY}/ferry.md`, `inbox-taken/${DAY}/ferry.md.report.json`]);
    expect(await report(`inbox-taken/${DAY}/ferry.md`)).toEqual({
      file: 'ferry.md',
      at: desk.now(),
      is: 'taken',
      articles: [expect.objectContaining({ file: 'ferry.md', is: 'new', seq: 1, state: 'published' })],
    });
  });

  test('is a revision when it comes again changed, and unchanged when it does not', async () => {
    for (const text of [page, page, page.replace('Monday', 'Tuesday')]) {
      await lay('ferry.md', text);
      desk.pass(1000);
      await takeInbox();
    }
    expect((await desk.wire.after(0, 100)).map(({ kind }) => kind)).toEqual(['published', 'revised']);
  });

  test('is in the language of its folder unless it says another', async () => {
    await lay('fr/bac.md', '# Le bac est de retour\n\nDès lundi.\n');
    await lay('fr/ferry.md', `---\nlanguage: en\n---\n${page}`);
    await takeInbox();
    expect((await desk.wire.after(0, 9)).map(({ article }) => article.language)).toEqual(['fr', 'en']);
  });

  test.each([
    ['of another kind', 'budget.xlsx', 'PK', /Only \.md/],
    ['without a title', 'note.md', '\n', /title/],
    ['that is no JSON', 'a.json', '{"title":', /not JSON/],
    [
      'with a field that is not known',
      'a.json',
      '{"language":"en","title":"x","body":{"markdown":"x"},"headline":"x"}',
      /headline/,
    ],
    ['over 1 MB', 'long.md', `# T\n\n${'word '.repeat(220_000)}`, /over 1 MB/],
  ])('%s is refused with the reason, and the next one is taken', async (_, path, text, because) => {
    await lay(path, text);
    await lay('zz.md', page);
    await takeInbox();
    expect(await titles()).toEqual(['The ferry is back']);
    const { is, articles } = await report(`inbox-refused/${DAY}/${path}`);
    expect([is, articles[0]]).toEqual([
      'refused',
      expect.objectContaining({ because: expect.stringMatching(because) }),
    ]);
  });

  test('may be a draft', async () => {
    await lay('ferry.md', `---\ndraft: true\n---\n${page}`);
    await takeInbox();
    expect(await desk.wire.head()).toBe(0);
    expect((await report(`inbox-taken/${DAY}/ferry.md`)).articles).toMatchObject([{ is: 'draft', seq: null }]);
  });

  test.each([
    ['UTF-16', Buffer.from(`\uFEFF${page.replace('ferry', 'Fähre')}`, 'utf16le')],
    ['UTF-8 with a mark', Buffer.from(`\uFEFF${page.replace('ferry', 'Fähre')}`, 'utf8')],
    ['Windows-1252', Buffer.from(page.replace('ferry', 'Fähre'), 'latin1')],
  ])('may be in %s', async (_, bytes) => {
    await lay('ferry.md', bytes);
    await takeInbox();
    expect(await titles()).toEqual(['The Fähre is back']);
  });

  test.each(['put inbox-taken', 'delete inbox/'])('is taken once although the run dies at “%s”', async (step) => {
    await lay('ferry.md', page);
    trouble = step;
    await expect(takeInbox()).rejects.toThrow('killed');
    await takeInbox();
    expect(bucket.keys()).toContain('inbox/ferry.md');
    desk.pass(6 * MINUTE_MS);
    await takeInbox();
    expect(await desk.wire.head()).toBe(1);
    expect(bucket.keys()).toEqual([`inbox-taken/${DAY}/ferry.md`, `inbox-taken/${DAY}/ferry.md.report.json`]);
  });

  test('is taken by one run at a time: a minute that finds another at it goes away', async () => {
    await lay('ferry.md', page);
    await Promise.all([takeInbox(), takeInbox(), takeInbox()]);
    await takeInbox();
    expect(await desk.wire.head()).toBe(1);
    expect((await report(`inbox-taken/${DAY}/ferry.md`)).articles).toMatchObject([{ is: 'new' }]);
  });

  test('that is written over while it is being taken is not lost', async () => {
    await lay('ferry.md', page);
    const inbox = bucketInbox(bucket);
    const file = await inbox.read('ferry.md');
    await lay('ferry.md', page.replace('Monday', 'Tuesday'));
    if (file) await inbox.file('ferry.md', file, { file: 'ferry.md', at: desk.now(), is: 'taken', articles: [] });
    expect(await inbox.waiting()).toEqual(['ferry.md']);
  });

  test('that ends the run each time is laid aside, so that others are taken', async () => {
    await lay('a.md', page.replace('ferry', 'bridge'));
    await lay('b.md', page);
    for (let run = 0; run < 3; run++) {
      trouble = 'put inbox-taken';
      await expect(takeInbox()).rejects.toThrow('killed');
      desk.pass(6 * MINUTE_MS);
    }
    await takeInbox();
    expect((await report(`inbox-refused/${DAY}/a.md`)).because).toContain('3 times');
    expect((await report(`inbox-taken/${DAY}/b.md`)).is).toBe('taken');
  });
});

describe('a zip in the inbox', () => {
  test('is its files, each with what became of it', async () => {
    const article = { language: 'es', title: 'Vuelve el transbordador', body: { markdown: 'Desde el lunes.' } };
    const files = {
      'en/ferry.md': page,
      'es/ferry.json': JSON.stringify(article),
      'notes.txt': 'x',
      '__MACOSX/en/._ferry.md': 'x',
    };
    await lay('week/19.zip', await zipOf(files));
    await takeInbox();
    expect(await titles()).toEqual(['The ferry is back', 'Vuelve el transbordador']);
    const { is, articles } = await report(`inbox-taken/${DAY}/week/19.zip`);
    expect(is).toBe('partly');
    expect(articles.map(({ file, is }) => [file, is])).toEqual([
      ['week/en/ferry.md', 'new'],
      ['week/es/ferry.json', 'new'],
      ['week/notes.txt', 'refused'],
    ]);
  });

  test.each([
    ['is none', async () => Buffer.from('not a zip at all'), /cannot be read/],
    ['is cut off', async () => (await zipOf({ 'a.md': page })).subarray(0, 60), /cannot be read/],
    ['is empty', () => zipOf({}), /empty/],
    [
      'reaches out of its folder',
      async () => renamed(await zipOf({ 'xx/a.md': page }), 'xx/a.md', '../a.md'),
      /cannot be read/,
    ],
    [
      'holds too many files',
      () => zipOf(Object.fromEntries(Array.from({ length: 501 }, (_, i) => [`${i}.txt`, '']))),
      /more than 500 files/,
    ],
    [
      'is a bomb',
      () => zipOf(Object.fromEntries(Array.from({ length: 60 }, (_, i) => [`${i}.txt`, Buffer.alloc(2 ** 20)]))),
      /more than 50 MB/,
    ],
  ])('that %s is refused with the reason', async (_, make, because) => {
    await lay('a.zip', await make());
    await takeInbox();
    const [key = ''] = bucket.keys().filter((one) => one.endsWith('a.zip'));
    expect(key).toBe(`inbox-refused/${DAY}/a.zip`);
    expect((await report(key)).because).toMatch(because);
    expect(await desk.wire.head()).toBe(0);
  });

  test('that says less of itself than comes out of it is not believed', async () => {
    const zip = await zipOf({ 'a.md': `# T\n\n${'word '.repeat(300_000)}` });
    // The size of the only entry, in the central directory: made small enough to be let in.
    zip.writeUInt32LE(10, zip.lastIndexOf('PK\x01\x02') + 24);
    await lay('a.zip', zip);
    await takeInbox();
    expect((await report(`inbox-refused/${DAY}/a.zip`)).because).toMatch(/cannot be read/);
  });
});

/** A zip with another name in it, of the same length, as no honest program would write it. */
const renamed = (zip: Buffer, from: string, to: string): Buffer =>
  Buffer.from(zip.toString('latin1').replaceAll(from, to), 'latin1');
