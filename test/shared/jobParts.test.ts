import { describe, expect, test } from 'vitest';
import { type Job, newJob, type Slice } from '../../functions/shared/job/job.ts';
import { dynamoJobs } from '../../functions/shared/job/jobs.dynamo.ts';
import { type JobRunner, runJob } from '../../functions/shared/job/runJob.ts';
import { addMs, HOUR_MS } from '../../functions/shared/time.ts';
import { memoryDoorbell } from '../support/memoryDoorbell.ts';
import { memoryJobFiles } from '../support/memoryJobFiles.ts';
import { memoryTable, type Operation } from '../support/memoryTable.ts';

const START = '2026-05-04T08:00:00.000Z';
const ID = '01JOB00000000000000000000A';
/** DynamoDB's, for an item. */
const MOST_BYTES = 400 * 1024;

const refuseLargeItems = ({ is, key }: Operation): void => {
  if (is === 'put' && JSON.stringify(key).length > MOST_BYTES) throw new Error('Item size has exceeded the maximum.');
};

/** Counts to `last`, a number in each slice: its report and its result name them all. */
const counting = (last: number, before: (operation: string, key: string) => void = () => {}) => {
  let now = START;
  let made = 0;
  const newId = () => `id${made++}`;
  const table = memoryTable(refuseLargeItems);
  const files = memoryJobFiles(() => now, before);
  const jobs = dynamoJobs({ table, newId });
  const bell = memoryDoorbell<{ job: string }>();
  const form = { name: () => 'numbers', contentType: () => 'text/plain' };
  const slice = async ({ checkpoint }: Job): Promise<Slice> => {
    const number = Number(checkpoint ?? 0) + 1;
    return {
      checkpoint: number === last ? null : number,
      progress: { done: number, of: last },
      counts: { counted: 1 },
      report: [{ number }],
      result: Buffer.from(`${number}\n`),
    };
  };
  const runner: JobRunner = {
    ...{ jobs, files, bell },
    kinds: { counting: { slice, report: form, result: form } },
    now: () => now,
    newClaim: newId,
    workMs: 10_000,
    leaseMs: 90_000,
  };
  const begin = (over: Partial<Job> = {}) => {
    const wish = { id: ID, kind: 'counting', queue: 'numbers', how: {}, unit: 'numbers', needsInput: false };
    const job = newJob(wish, START);
    return jobs.save(job, { ...job, ...over });
  };
  const work = async (): Promise<Job> => {
    now = addMs(now, HOUR_MS);
    await runJob(runner, { job: ID });
    const job = await jobs.byId(ID);
    if (!job) throw new Error('There is no job.');
    return job;
  };
  return { table, files, begin, work };
};

const numbersIn = (text: string): number[] => text.trim().split('\n').map(Number);
const upTo = (last: number): number[] => Array.from({ length: last }, (_, i) => i + 1);

describe('a job', () => {
  test('of very many slices comes to its end, with all that they wrote in its files, in order', async () => {
    const { files, begin, work } = counting(6000);
    await begin();
    const job = await work();
    expect(job).toMatchObject({ state: 'done', counts: { counted: 6000 }, parts: { report: [], result: [] } });
    expect(numbersIn(files.text(job.files.result?.key ?? ''))).toEqual(upTo(6000));
    const report = files.text(job.files.report?.key ?? '').trim();
    expect(report.split('\n').map((line) => JSON.parse(line).number)).toEqual(upTo(6000));
    expect(job.files.report?.bytes).toBe(report.length + 1);
  }, 60_000);

  test('whose worker dies while parts are joined, or just after, goes on and writes nothing twice', async () => {
    const isJoin = (operation: string, key: string) => operation === 'join' && key.includes('/result/');
    for (const dies of ['at the join', 'behind it']) {
      let joined = false;
      let died = false;
      const { files, begin, work } = counting(205, (operation, key) => {
        const due = dies === 'at the join' ? isJoin(operation, key) : joined;
        joined ||= isJoin(operation, key);
        if (died || !due) return;
        died = true;
        throw new Error('The power is gone.');
      });
      await begin();
      await expect(work()).rejects.toThrow('The power is gone.');
      const job = await work();
      expect(job).toMatchObject({ state: 'done', counts: { counted: 205 } });
      expect(numbersIn(files.text(job.files.result?.key ?? ''))).toEqual(upTo(205));
    }
  });

  test('that was begun by the last release, with thousands of parts in its item, is brought to its end', async () => {
    const { table, files, begin, work } = counting(5200);
    const old = upTo(5000).map((number) => {
      const bytes = Buffer.from(`${number}\n`);
      const key = `jobs/${ID}/result/${String(number).padStart(6, '0')}-1`;
      files.files.set(key, bytes);
      return { key, bytes: bytes.length, slices: 1 };
    });
    await begin({ checkpoint: 5000, parts: { report: [], result: old } });
    // As it was written: without what a part says now.
    const [item] = table.items();
    if (!item) throw new Error('There is no item.');
    await table.put({ ...item, parts: { report: [], result: old.map(({ key, bytes }) => ({ key, bytes })) } });
    const job = await work();
    expect(job.state).toBe('done');
    expect(numbersIn(files.text(job.files.result?.key ?? ''))).toEqual(upTo(5200));
  }, 60_000);

  test('that is given up forgets its parts, so that its end fits into the item', async () => {
    const { begin, work } = counting(3);
    const many = upTo(3000).map((number) => ({
      key: `jobs/${ID}/result/${number}-${'x'.repeat(40)}`,
      bytes: 1,
      slices: 1,
    }));
    await begin({ failures: 5, parts: { report: [], result: many } });
    expect(await work()).toMatchObject({ state: 'failed', parts: { report: [], result: [] }, claim: null });
  });
});
