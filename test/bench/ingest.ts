import { ulid } from 'ulid';
import { articleInput } from '../../functions/ingest/articleInput.ts';
import { submissionOf } from '../../functions/ingest/submission.ts';
import { setLogSink } from '../../functions/shared/log.ts';
import { s3Bucket, s3Client } from '../../functions/shared/storage/bucket.s3.ts';
import type { Bucket } from '../../functions/shared/storage/bucket.ts';
import { dynamoClient, dynamoTable } from '../../functions/shared/storage/table.dynamo.ts';
import type { Table } from '../../functions/shared/storage/table.ts';
import { now } from '../../functions/shared/time.ts';
import { bucketBodies } from '../../functions/wire/bodies.s3.ts';
import type { Outcome, Publisher, Submission } from '../../functions/wire/ports.ts';
import { dynamoPublisher } from '../../functions/wire/publisher.dynamo.ts';
import { localName } from '../../infra/local/resources.ts';
import { aNewsroom } from '../ingest/aNewsroom.ts';
import { memoryBucket } from '../support/memoryBucket.ts';
import { memoryDoorbell } from '../support/memoryDoorbell.ts';
import { sortedTable } from './sortedTable.ts';
import { startBenchStores } from './stores.ts';
import { milliseconds, perSecond, printTable, type Row } from './table.ts';

const ON_WIRE = [1000, 20_000];
/** Over HTTP, filling the wire is most of the work. */
const ON_WIRE_OVER_HTTP = 1000;

/**
 * Articles that the newsroom API takes, one after the other: checked, cleaned, and put on the wire, when it has so many
 * already. Once with tables in memory, which is our own work; once with DynamoDB's emulator in another process.
 */
export const benchIngest = async (): Promise<void> => {
  setLogSink(() => {});
  for (const count of ON_WIRE) {
    const rows = await measured({ table: sortedTable(), bucket: memoryBucket(), onWire: count, times: 500 });
    printTable(`Ingest, ${count.toLocaleString('en')} on the wire, tables in memory`, rows);
  }
  const stores = await startBenchStores();
  try {
    const table = dynamoTable(dynamoClient(), localName('wire'));
    const bucket = s3Bucket(s3Client(), localName('private'));
    const rows = await measured({ table, bucket, onWire: ON_WIRE_OVER_HTTP, times: 100 });
    printTable(`Ingest, ${ON_WIRE_OVER_HTTP.toLocaleString('en')} on the wire, tables in another process`, rows);
  } finally {
    await stores.stop();
  }
};

interface Measured {
  readonly table: Table;
  readonly bucket: Bucket;
  readonly onWire: number;
  readonly times: number;
}

const measured = async ({ table, bucket, onWire, times }: Measured): Promise<Row[]> => {
  const counted = counting(table);
  const publisher = dynamoPublisher({
    ...{ table: counted.table, bodies: bucketBodies(bucket), feedsBell: memoryDoorbell() },
    ...{ now, newId: () => ulid(), random: Math.random },
  });
  await fill(publisher, onWire);
  const some = Array.from({ length: times }, (_, i) => i);
  // Spread over the whole wire, as old and new articles come again.
  const known = some.map((i) => Math.floor((i * onWire) / times));
  const run = async (is: Outcome['is'], numbers: readonly number[], edition: string): Promise<Row> => {
    counted.reset();
    const from = performance.now();
    for (const number of numbers) {
      const outcome = await send(publisher, number, edition);
      if (outcome.is !== is) throw new Error(`Article ${number} is ${outcome.is}, not ${is}.`);
    }
    const ms = performance.now() - from;
    const note = `${milliseconds(ms / times)} each, ${(counted.requests() / times).toFixed(1)} requests to the table`;
    return { what: is, figure: perSecond(times, ms), note };
  };
  return [
    cleaning(times),
    await run(
      'new',
      some.map((i) => onWire + i),
      'first',
    ),
    await run('unchanged', known, 'first'),
    await run('revised', known, 'second'),
  ];
};

const newsroom = aNewsroom();
const PARAGRAPH =
  '<p>The ferries of the <b>upper river</b> run to <a href="/timetable">one timetable</a> from May on, and nobody waits longer.</p>';
const HTML = PARAGRAPH.repeat(25);

const submission = (number: number, edition: string): Submission => {
  const input = articleInput.parse({
    language: 'en',
    title: `Timetable ${number}`,
    body: { html: `<p>The ${edition} edition.</p>${HTML}` },
    topics: ['mobility'],
    publishAt: '2026-05-04T08:00:00.000Z',
    externalId: `article-${number}`,
  });
  return submissionOf(input, { newsroom, siteUrl: 'https://news.example', now: now() });
};

const send = (publisher: Publisher, number: number, edition: string): Promise<Outcome> =>
  publisher.submit(submission(number, edition));

/** As `send` would put them there; the text, which all have in common, is cleaned once. */
const fill = async (publisher: Publisher, count: number): Promise<void> => {
  const one = submission(0, 'first');
  for (let i = 0; i < count; i++) {
    const content = { ...one.content, title: `Timetable ${i}` };
    await publisher.submit({ ...one, content, externalId: `article-${i}` });
  }
};

/** The part of it that is the same wherever the tables are. */
const cleaning = (times: number): Row => {
  const from = performance.now();
  for (let i = 0; i < times; i++) submission(i, 'first');
  const ms = performance.now() - from;
  return { what: 'check and clean alone', figure: perSecond(times, ms), note: `${milliseconds(ms / times)} each` };
};

/** The same table, with its requests counted: those of a batch are one. */
const counting = (table: Table) => {
  let requests = 0;
  const counted = <Arguments extends unknown[], Result>(ask: (...given: Arguments) => Result) => {
    return (...given: Arguments): Result => {
      requests += 1;
      return ask(...given);
    };
  };
  return {
    requests: () => requests,
    reset() {
      requests = 0;
    },
    table: {
      get: counted(table.get),
      put: counted(table.put),
      delete: counted(table.delete),
      query: counted(table.query),
      batchGet: counted(table.batchGet),
      batchPut: counted(table.batchPut),
    },
  };
};
