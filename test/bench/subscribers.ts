import { createWriteStream } from 'node:fs';
import { mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { dynamoJobs } from '../../functions/shared/job/jobs.dynamo.ts';
import { runJob } from '../../functions/shared/job/runJob.ts';
import { makeJob, startJob } from '../../functions/shared/job/start.ts';
import { now } from '../../functions/shared/time.ts';
import { IMPORT, importKind } from '../../functions/subscribers/importing/importJob.ts';
import { newSubscriber } from '../../functions/subscribers/subscriber.ts';
import { aNewsroom } from '../subscribers/aNewsroom.ts';
import { subscribersOn } from '../subscribers/everyTable.ts';
import { type Courant, eventually, startCourant } from '../support/courant.ts';
import { startEmulators } from '../support/emulators.ts';
import { memoryDoorbell } from '../support/memoryDoorbell.ts';
import { memoryJobFiles } from '../support/memoryJobFiles.ts';
import { memoryTable } from '../support/memoryTable.ts';
import { milliseconds, perSecond, printTable, type Row } from './table.ts';

const AT_ONCE = 8;
const SIGN_UPS = 300;
const ROWS_EMBEDDED = 500;
const AUDIENCE = 20_000;
const CONSENT = { statement: 'They ticked the box on our form.', by: 'The bench' };

/** What comes in and is listed: sign-ups and rows over HTTP, the reading of long files alone, and an audience. */
export const benchSubscribers = async (rows: number): Promise<void> => {
  const courant = await startCourant();
  try {
    const figures = [await signUps(courant), await embeddedImport(courant)];
    printTable('Subscribers, over HTTP with the emulators in threads of the measured process', figures);
  } finally {
    await courant.remove();
  }
  printTable(
    'An import alone: reading, understanding and deciding, over a store that answers at once',
    await alone(rows),
  );
  printTable('An audience, over the emulator of DynamoDB', await audience());
};

const signUps = async (courant: Courant): Promise<Row> => {
  let next = 0;
  const started = performance.now();
  const worker = async (): Promise<void> => {
    while (next < SIGN_UPS) {
      const { status } = await courant.api('POST', '/subscribe', { email: `reader-${next++}@x.example` });
      if (status !== 202) throw new Error(`A sign-up was answered with ${status}.`);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  return {
    what: `sign-ups, ${AT_ONCE} at a time`,
    figure: perSecond(SIGN_UPS, performance.now() - started),
    note: 'their mails are sent beside it',
  };
};

const line = (i: number): string => `imported-${i}@x.example,en,climate\n`;

const embeddedImport = async (courant: Courant): Promise<Row> => {
  const input = `email,language,topics\n${Array.from({ length: ROWS_EMBEDDED }, (_, i) => line(i)).join('')}`;
  const started = performance.now();
  const { json } = await courant.api('POST', '/api/v1/subscribers/import', { input, consent: CONSENT });
  const { id } = json['job'] as { id: string };
  await eventually(
    async () => (await courant.api('GET', `/api/v1/jobs/${id}`)).json['state'] === 'done' || undefined,
    'end of the import',
    120_000,
  );
  return { what: `import of ${ROWS_EMBEDDED} rows`, figure: perSecond(ROWS_EMBEDDED, performance.now() - started) };
};

const alone = async (rows: number): Promise<Row[]> => {
  const directory = await mkdtemp(join(tmpdir(), 'courant-bench-'));
  const file = join(directory, 'list.csv');
  await written(file, rows);
  const handle = await open(file);
  try {
    const { size } = await handle.stat();
    const files = {
      ...memoryJobFiles(now),
      size: async () => size,
      read: async (_: string, from: number, length: number) =>
        (await handle.read(new Uint8Array(length), 0, length, from)).buffer,
    };
    const jobs = dynamoJobs({ table: memoryTable(), newId: () => String(performance.now()) });
    const subscribers = {
      open: async (address: string, at: string) => newSubscriber('0'.repeat(32), address, at),
      save: async () => 'saved' as const,
      byAddress: async () => undefined,
      isFormerAddress: async () => false,
    };
    const bell = memoryDoorbell<{ job: string }>();
    const office = { jobs, files, bellOf: () => bell, now };
    const how = { newsletter: 'delta-post', consent: CONSENT, dryRun: false, columns: {} };
    const { job } = await makeJob(office, {
      id: 'bench',
      kind: IMPORT,
      queue: 'subscriberJobs',
      how,
      unit: 'bytes',
      needsInput: true,
    });
    const kinds = { [IMPORT]: importKind({ newsroom: aNewsroom(), subscribers, files }) };
    const runner = { jobs, files, kinds, bell, now, newClaim: () => 'bench', workMs: 3_600_000, leaseMs: 90_000 };
    const before = process.memoryUsage().rss;
    const started = performance.now();
    await startJob(office, job);
    await runJob(runner, { job: 'bench' });
    const ms = performance.now() - started;
    const counts = (await jobs.byId('bench'))?.counts['joined'] ?? 0;
    if (counts !== rows) throw new Error(`${counts} of ${rows} rows came in.`);
    const megabytes = (bytes: number): string => `${Math.round(bytes / 2 ** 20)} MB`;
    return [
      { what: `${rows.toLocaleString('en')} rows`, figure: perSecond(rows, ms) },
      {
        what: 'memory more than before it, at its end',
        figure: megabytes(process.memoryUsage().rss - before),
        note: `of a file of ${megabytes(size)}; the whole process at its highest: ${megabytes(process.resourceUsage().maxRSS * 1024)}`,
      },
    ];
  } finally {
    await handle.close();
    await rm(directory, { recursive: true, force: true });
  }
};

const written = async (file: string, rows: number): Promise<void> => {
  const out = createWriteStream(file);
  out.write('email,language,topics\n');
  for (let i = 0; i < rows; i++)
    if (!out.write(line(i))) await new Promise<void>((resolve) => out.once('drain', () => resolve()));
  await new Promise<void>((resolve) => out.end(() => resolve()));
};

const audience = async (): Promise<Row[]> => {
  const emulators = await startEmulators();
  try {
    const table = await emulators.table();
    const ids = Array.from({ length: AUDIENCE }, (_, i) => `${(i % 16).toString(16)}${String(i).padStart(31, '0')}`);
    await table.batchPut(ids.map((id) => ({ pk: `AUDIENCE#delta-post#weekly#${id.charAt(0)}`, sk: id, version: 1 })));
    const subscribers = subscribersOn(table);
    const started = performance.now();
    let found = 0;
    for (let after: string | undefined; ; ) {
      const page = await subscribers.audience('delta-post', 'weekly', { limit: 1000, ...(after && { after }) });
      found += page.length;
      after = page.at(-1)?.id;
      if (page.length < 1000) break;
    }
    if (found !== AUDIENCE) throw new Error(`${found} of ${AUDIENCE} were listed.`);
    const ms = performance.now() - started;
    return [
      { what: `listing ${AUDIENCE.toLocaleString('en')}`, figure: milliseconds(ms) },
      { what: 'per 100,000', figure: milliseconds((ms * 100_000) / AUDIENCE) },
    ];
  } finally {
    await emulators.stop();
  }
};
