import { readFileSync } from 'node:fs';
import { buffer } from 'node:stream/consumers';
import { beforeEach, describe, expect, test } from 'vitest';
import { ZipFile } from 'yazl';
import { IMPORT, type ImportHow, importHow } from '../../functions/ingest/importing/how.ts';
import { importKind } from '../../functions/ingest/importing/importJob.ts';
import { itemsIn } from '../../functions/ingest/importing/wordpressItems.ts';
import { htmlOfPost } from '../../functions/ingest/importing/wordpressText.ts';
import type { Job } from '../../functions/shared/job/job.ts';
import { dynamoJobs } from '../../functions/shared/job/jobs.dynamo.ts';
import { runJob } from '../../functions/shared/job/runJob.ts';
import { makeJob } from '../../functions/shared/job/start.ts';
import { addMs } from '../../functions/shared/time.ts';
import type { Publisher } from '../../functions/wire/ports.ts';
import { memoryBucket } from '../support/memoryBucket.ts';
import { memoryDoorbell } from '../support/memoryDoorbell.ts';
import { memoryJobFiles } from '../support/memoryJobFiles.ts';
import { memoryTable } from '../support/memoryTable.ts';
import { type Newsdesk, openNewsdesk } from '../wire/newsdesk.ts';
import { aNewsroom } from './aNewsroom.ts';

let desk: Newsdesk;
beforeEach(() => {
  desk = openNewsdesk(memoryTable(), memoryBucket());
});

const river = readFileSync(new URL('./archives/river.wxr.xml', import.meta.url));

const GUID = 'https://old.river.example/?p=11';

type Line = Readonly<Record<string, unknown>>;

/** Makes the job and runs it to its end, whatever kills its workers on the way. */
const imported = async (
  archive: Uint8Array,
  wish: Partial<ImportHow> = {},
  publisher: Pick<Publisher, 'submit'> = desk.publisher,
): Promise<{ job: Job; lines: Line[]; deaths: number }> => {
  let ids = 0;
  let time = desk.now();
  const now = () => time;
  const jobs = dynamoJobs({ table: memoryTable(), newId: () => `attempt-${++ids}` });
  const files = memoryJobFiles(now);
  const bell = memoryDoorbell<{ job: string }>();
  const how = importHow.parse(wish);
  const office = { jobs, files, bellOf: () => bell, now };
  const asked = { id: '01JB0000000000000000000001', kind: IMPORT, queue: 'articleJobs', how, unit: 'bytes' };
  await makeJob(office, { ...asked, needsInput: true }, { bytes: archive, contentType: 'application/octet-stream' });
  let deaths = 0;
  for (let round = 0; round < 60; round++) {
    // Another process each time: nothing is remembered but what the stores hold.
    const kind = importKind({ publisher, newsroom: aNewsroom(), siteUrl: 'https://news.example', files });
    const runner = { jobs, files, bell, now, newClaim: () => `claim-${++ids}`, workMs: 60_000, leaseMs: 1000 };
    await runJob({ ...runner, kinds: { [IMPORT]: kind } }, { job: asked.id }).catch(() => {
      deaths += 1;
    });
    const job = await jobs.byId(asked.id);
    if (job && job.state !== 'running') return { job, lines: await linesOf(job, files), deaths };
    time = addMs(time, 2000);
  }
  throw new Error('The job does not end.');
};

const linesOf = async (job: Job, files: ReturnType<typeof memoryJobFiles>): Promise<Line[]> => {
  const { report } = job.files;
  if (!report) return [];
  const text = Buffer.from(await files.read(report.key, 0, report.bytes)).toString('utf8');
  return text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Line);
};

const entries = () => desk.wire.after(0, 1000);

describe('a WordPress export', () => {
  test('is its posts, with author, picture, day, topics and translation, none of it announced', async () => {
    const { job } = await imported(river);
    expect([job.state, job.counts]).toEqual(['done', { new: 2, draft: 1, 'passed-over': 3, refused: 1 }]);
    const [english, french] = await entries();
    expect(english?.announce).toBe(false);
    expect(english?.article).toMatchObject({
      language: 'en',
      title: 'The lock keeper’s last night',
      url: 'https://old.river.example/2019/lock-keeper/',
      authors: [{ name: 'Inès Morel' }],
      topics: ['mobility'],
      image: { url: 'https://old.river.example/files/lock-large.jpg', alt: 'The upper lock' },
      publishedAt: '2019-07-08T07:30:00.000Z',
      story: 'polylang:pll_5d22',
    });
    expect(french?.article).toMatchObject({
      language: 'fr',
      summary: 'Un adieu.',
      authors: [{ name: 'someone-else' }],
      story: 'polylang:pll_5d22',
    });
  });

  test('has paragraphs where the classic editor has blank lines, and captions as figures', async () => {
    await imported(river, { siteUrl: 'https://old.river.example' });
    const [english] = await entries();
    expect(english?.article.html).toBe(
      '<p>He had opened the gates for forty years.</p>' +
        '<figure><img src="https://old.river.example/files/lock.jpg" alt="A lock at dusk" width="300" height="200" />' +
        '<figcaption>The upper lock, in May</figcaption></figure>' +
        '<p>Nobody wrote by hand then.<br /> Not even he.</p>',
    );
  });

  test('says of every item what became of it, and which topics nobody here knows', async () => {
    const { job, lines } = await imported(river);
    expect(lines.map(({ name, is }) => [name, is])).toEqual([
      ['The lock keeper’s last night', 'new'],
      ['La dernière nuit de l’éclusier', 'new'],
      ['Half written', 'draft'],
      ['About us', 'passed-over'],
      ['For members', 'passed-over'],
      ['without a title', 'refused'],
      ['lock.jpg', 'passed-over'],
    ]);
    expect(lines[5]).toMatchObject({ field: 'title' });
    expect(job.notes).toEqual({ dryRun: false, unknownTopics: { 'Locks & weirs': 1 } });
  });

  test('changes nothing when it comes again, nor what was edited here since', async () => {
    await imported(river);
    const [english] = await entries();
    if (!english) throw new Error('nothing was imported');
    await desk.publisher.revise(english.article.id, { ...english.article, title: 'Edited here' }, {});
    const { job } = await imported(river);
    expect(job.counts).toEqual({ unchanged: 1, older: 1, draft: 1, 'passed-over': 3, refused: 1 });
    expect(await desk.wire.head()).toBe(3);
  });

  test('may say whose topics are ours, and have its articles live here', async () => {
    await imported(river, { links: 'ours', topics: { 'Locks & weirs': 'governance' } });
    const [english] = await entries();
    expect([english?.article.url, english?.article.topics]).toEqual([null, ['mobility', 'governance']]);
  });

  test('may have categories that are called like what every object has', async () => {
    const named = river.toString().replace('Locks &amp; weirs', 'constructor');
    const { job } = await imported(Buffer.from(named));
    expect([job.state, job.notes]).toEqual(['done', { dryRun: false, unknownTopics: { constructor: 1 } }]);
  });

  test('with a date to come does not win over what is edited here', async () => {
    const dated = river.toString().replace('2019-07-09 08:00:00', '2099-01-01 00:00:00');
    await imported(Buffer.from(dated));
    const [first] = await entries();
    desk.pass(60_000);
    const edited = desk.arriving({ ...first?.article, title: 'Sent again' }, { source: 'import', externalId: GUID });
    expect((await desk.publisher.submit(edited)).is).toBe('revised');
  });

  test('is only looked through in a dry run', async () => {
    const { job } = await imported(river, { dryRun: true });
    expect(job.counts).toEqual({ sound: 3, 'passed-over': 3, refused: 1 });
    expect(await desk.wire.head()).toBe(0);
  });

  test.each([
    ['is cut off in the middle', river.subarray(0, river.indexOf('Half written')), 'done', { new: 2, refused: 1 }],
    [
      'is another feed',
      Buffer.from('<rss version="2.0"><channel><item><title>x</title></item></channel></rss>'),
      'failed',
      {},
    ],
    ['is no text at all', Buffer.from([0, 1, 2, 3]), 'failed', {}],
  ])('that %s brings in what there is, or says what is wrong', async (_, bytes, state, counts) => {
    const { job } = await imported(bytes);
    expect([job.state, job.counts]).toEqual([state, counts]);
    if (state === 'failed') expect(job.because).toMatch(/export/);
  });

  test('of many posts is all there, once, although workers die all the time', async () => {
    const item = (i: number) =>
      `<item><title>Post ${i}</title><guid>g${i}</guid><content:encoded><![CDATA[Text of post ${i}.]]></content:encoded>` +
      `<wp:post_id>${i}</wp:post_id><wp:post_date_gmt>2020-01-01 00:00:00</wp:post_date_gmt><wp:status>publish</wp:status></item>`;
    const head = river.subarray(0, river.indexOf('<item>\n')).toString();
    const many = `${head}${Array.from({ length: 170 }, (_, i) => item(i + 1)).join('\n')}</channel></rss>`;
    let calls = 0;
    const mortal: Pick<Publisher, 'submit'> = {
      async submit(submission) {
        const outcome = await desk.publisher.submit(submission);
        calls += 1;
        // After the effect: the worst moment.
        if (calls % 61 === 0) throw new Error('killed');
        return outcome;
      },
    };
    const { job, deaths } = await imported(Buffer.from(many), {}, mortal);
    expect(job.state).toBe('done');
    expect(deaths).toBeGreaterThan(1);
    const titles = (await entries()).map(({ article }) => article.title);
    expect(titles).toEqual(Array.from({ length: 170 }, (_, i) => `Post ${i + 1}`));
    expect(Object.values(job.counts).reduce((sum, count) => sum + count, 0)).toBe(170);
  }, 60_000);
});

describe('the items of an export', () => {
  const found = (text: string) => {
    const bytes = Buffer.from(text);
    const { items, upTo } = itemsIn(bytes);
    return {
      items: items.map(({ start, end }) => bytes.subarray(start, end).toString()),
      rest: bytes.subarray(upTo).toString(),
    };
  };

  test('are those that are whole; what is begun is left for the next piece', () => {
    expect(found('<channel><item>é</item>\n<item>b<![CDATA[</item>')).toEqual({
      items: ['<item>é</item>'],
      rest: '<item>b<![CDATA[</item>',
    });
  });

  test('are not what looks like one in CDATA or a comment', () => {
    expect(found('<!-- <item></item> --><item a="1"><![CDATA[<item></item>]]></item>          ').items).toEqual([
      '<item a="1"><![CDATA[<item></item>]]></item>',
    ]);
  });

  test('are the same wherever the pieces are cut', () => {
    const whole = found(river.toString()).items;
    for (let length = 900; length < 3000; length += 37) expect(inPieces(river, length)).toEqual(whole);
  });

  /** An item longer than the piece: the piece grows. */
  const inPieces = (bytes: Buffer, length: number): string[] => {
    const items: string[] = [];
    let grown = length;
    for (let at = 0; ; ) {
      const piece = bytes.subarray(at, at + grown);
      const found = itemsIn(piece);
      items.push(...found.items.map(({ start, end }) => piece.subarray(start, end).toString()));
      if (at + piece.length >= bytes.length) return items;
      grown = found.upTo === 0 ? grown * 2 : length;
      at += found.upTo;
    }
  };
});

describe('the text of a post', () => {
  test.each([
    ['One\ntwo\n\nthree', '<p>One<br />\ntwo</p>\n<p>three</p>'],
    ['<h2>Head</h2>\n\nText', '<h2>Head</h2>\n<p>Text</p>'],
    ['<p>Whole</p>\n\nrest', '<p>Whole</p>\n\nrest'],
    ['[gallery ids="1,2"]\n\nText', '<p>Text</p>'],
    ['A [sic] stays', '<p>A [sic] stays</p>'],
  ])('%j', (content, html) => {
    expect(htmlOfPost(content)).toBe(html);
  });
});

describe('a Ghost export', () => {
  const post = (over: Readonly<Record<string, unknown>>) => ({
    id: 'a1',
    uuid: 'uuid-a1',
    title: 'Dredging begins',
    slug: 'dredging-begins',
    html: '<p>See <a href="__GHOST_URL__/map/">the map</a>.</p>',
    status: 'published',
    type: 'post',
    visibility: 'public',
    published_at: '2021-03-04T05:06:07.000Z',
    updated_at: '2021-03-05T05:06:07.000Z',
    feature_image: '__GHOST_URL__/content/images/dredger.jpg',
    ...over,
  });
  const ghost = (posts: readonly unknown[]) =>
    Buffer.from(
      JSON.stringify({
        db: [
          {
            meta: { version: '5.82.0' },
            data: {
              posts,
              tags: [{ id: 't1', name: 'Public transport' }],
              users: [{ id: 'u1', name: 'Jonas Weber' }],
              posts_tags: [{ post_id: 'a1', tag_id: 't1' }],
              posts_authors: [{ post_id: 'a1', author_id: 'u1' }],
              posts_meta: [{ post_id: 'a1', feature_image_alt: 'A dredger' }],
            },
          },
        ],
      }),
    );

  test('is its posts, with their addresses completed', async () => {
    const { job } = await imported(ghost([post({})]), { siteUrl: 'https://old.river.example/' });
    expect([job.state, job.counts]).toEqual(['done', { new: 1 }]);
    expect((await entries())[0]?.article).toMatchObject({
      title: 'Dredging begins',
      url: 'https://old.river.example/dredging-begins/',
      html: '<p>See <a href="https://old.river.example/map/">the map</a>.</p>',
      authors: [{ name: 'Jonas Weber' }],
      topics: ['mobility'],
      image: { url: 'https://old.river.example/content/images/dredger.jpg', alt: 'A dredger' },
      publishedAt: '2021-03-04T05:06:07.000Z',
    });
  });

  test('passes over pages and what is for members, keeps drafts, and names what is broken', async () => {
    const { job } = await imported(
      ghost([
        post({ id: 'p', type: 'page' }),
        post({ id: 'm', visibility: 'members' }),
        post({ id: 'd', uuid: 'd', status: 'draft', feature_image: null }),
        { id: 'x' },
      ]),
    );
    expect([job.state, job.counts]).toEqual(['done', { 'passed-over': 2, draft: 1, refused: 1 }]);
  });

  test.each(['{}', '{"db":[]}', '{"db":', '[1]'])('that is %s is refused as a whole', async (text) => {
    const { job } = await imported(Buffer.from(text), { format: 'ghost' });
    expect([job.state, job.because]).toEqual(['failed', expect.stringMatching(/no Ghost export/)]);
  });
});

describe('a zip of files', () => {
  const zipOf = (files: Readonly<Record<string, string>>): Promise<Buffer> => {
    const zip = new ZipFile();
    for (const [name, content] of Object.entries(files)) zip.addBuffer(Buffer.from(content), name);
    zip.end();
    return buffer(zip.outputStream as NodeJS.ReadableStream & AsyncIterable<Uint8Array>);
  };

  test('is taken file by file, over as many pieces as it needs', async () => {
    const pages = Array.from({ length: 120 }, (_, i) => [`en/p${i}.md`, `# Page ${i}\n\nText ${i}.\n`] as const);
    const { job } = await imported(await zipOf({ ...Object.fromEntries(pages), 'a.txt': 'x' }));
    expect([job.state, job.counts]).toEqual(['done', { new: 120, refused: 1 }]);
    expect((await entries()).every(({ announce }) => !announce)).toBe(true);
  });

  test('that is damaged is refused as a whole', async () => {
    const zip = await zipOf({ 'a.md': '# A\n\nText\n' });
    const { job } = await imported(zip.subarray(0, 50));
    expect([job.state, job.because]).toEqual(['failed', expect.stringMatching(/cannot be read/)]);
  });
});
