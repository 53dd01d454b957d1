import { errorFields, log } from '../log.ts';
import type { Doorbell } from '../storage/doorbell.ts';
import { addMs, type Instant } from '../time.ts';
import { advanced, ended, isFree, type Job, type JobFile, type Slice } from './job.ts';
import { sizeOf, withPart } from './parts.ts';
import type { JobDoorbell, JobFiles, Jobs } from './ports.ts';

/**
 * One kind of long work. A slice is worked on from a checkpoint to the next, and may be worked on twice: whoever dies
 * in it leaves the checkpoint where it was. So what a slice does to the world must come out the same the second time,
 * counts and report included; the usual way is a mark (`job.id` and the item's number) in whatever an item changes.
 */
export interface JobKind {
  /**
   * Works on the next slice: for some seconds, far less than the lease. Throws `JobFailed` where no repetition will
   * help; whatever else it throws is tried again.
   */
  slice(job: Job): Promise<Slice>;
  /** The lines of every slice's report, joined at the end; and its results, where the kind makes any. */
  readonly report: FileForm;
  readonly result?: FileForm;
}

interface FileForm {
  /** What a browser is to call it. */
  readonly name: (job: Job) => string;
  readonly contentType: (job: Job) => string;
}

/** Work that cannot be done, whoever tries and how often: the job ends as `failed`, with this sentence for the caller. */
export class JobFailed extends Error {}

export interface JobRunner {
  readonly jobs: Pick<Jobs, 'byId' | 'save'>;
  readonly files: Pick<JobFiles, 'write' | 'join' | 'remove'>;
  readonly kinds: Readonly<Record<string, JobKind>>;
  readonly bell: Doorbell<JobDoorbell>;
  readonly now: () => Instant;
  /** Names a claim: letters, digits, `-` and `_`, never the same twice. */
  readonly newClaim: () => string;
  /** Slices are begun for so long; then the bell is rung and the next invocation goes on. */
  readonly workMs: number;
  /** So long a claim keeps others away after the last slice. Longer than any slice; being slower does no harm. */
  readonly leaseMs: number;
}

/** After so many slices in a row that came to nothing the job is given up. */
const MOST_FAILURES = 5;

/**
 * Works on a job for a while: claim, slices, each saved in one conditional put with its checkpoint and counts. The bell
 * may ring twice or late: whoever finds the job claimed goes away, and the sweep rings where one stands still.
 */
export const runJob = async (runner: JobRunner, { job: id }: JobDoorbell): Promise<void> => {
  const found = await runner.jobs.byId(id);
  const kind = found && runner.kinds[found.kind];
  if (!found || !kind || !isFree(found, runner.now())) return;
  const stopAt = addMs(runner.now(), runner.workMs);
  const claim = { by: runner.newClaim(), until: addMs(runner.now(), runner.leaseMs) };
  // Counted before the work: a slice that kills its function has failed as well.
  const claimed = await runner.jobs.save(found, { ...found, claim, failures: found.failures + 1 });
  let job = claimed.is === 'saved' ? claimed.job : undefined;
  if (found.failures >= MOST_FAILURES && job) return giveUp(runner, kind, job);
  while (job && job.state === 'running' && runner.now() < stopAt) job = await step(runner, kind, job);
  if (job?.state === 'running') await handOn(runner, job);
};

/** The job after one slice or its end; `undefined` where it is not ours any more: cancelled, or taken over. */
const step = async (runner: JobRunner, kind: JobKind, job: Job): Promise<Job | undefined> => {
  try {
    const slice = await kind.slice(job);
    const next = advanced(job, slice, await partsOf(runner, job, slice));
    const after = slice.checkpoint === null ? await closed(runner, kind, next, 'done') : prolonged(runner, next);
    return await saved(runner, job, after);
  } catch (error) {
    // What no repetition mends ends the job; everything else flies, and the queue brings the bell again.
    if (error instanceof JobFailed) return saved(runner, job, await closed(runner, kind, job, 'failed', error.message));
    throw error;
  }
};

/** The input is somebody's list of addresses: nobody keeps it longer than the work needs it. */
const saved = async ({ jobs, files }: JobRunner, before: Job, after: Job): Promise<Job | undefined> => {
  const outcome = await jobs.save(before, after);
  if (outcome.is === 'conflict') return undefined;
  // Only after the save: whoever dies in between leaves a file that the bucket's own rule removes.
  if (before.input !== null && after.input === null) await files.remove(before.input);
  return outcome.job;
};

const prolonged = ({ now, leaseMs }: JobRunner, job: Job): Job => ({
  ...job,
  claim: job.claim && { ...job.claim, until: addMs(now(), leaseMs) },
});

/** What the slice came to, in files. */
const partsOf = async ({ files }: JobRunner, job: Job, slice: Slice): Promise<Job['parts']> => {
  const put = (what: 'report' | 'result', bytes: Uint8Array, contentType: string) =>
    withPart({ files, job, what }, bytes, contentType);
  const lines = Buffer.from(slice.report.map((line) => `${JSON.stringify(line)}\n`).join(''));
  return {
    report: lines.length > 0 ? await put('report', lines, 'application/x-ndjson') : job.parts.report,
    result: slice.result?.length ? await put('result', slice.result, 'application/octet-stream') : job.parts.result,
  };
};

/** At its end, what the slices wrote in parts becomes one file each. */
const closed = async (
  runner: JobRunner,
  kind: JobKind,
  job: Job,
  state: 'done' | 'failed',
  because?: string,
): Promise<Job> => {
  const joined = async (what: 'report' | 'result', form: FileForm | undefined): Promise<JobFile | null> => {
    const parts = job.parts[what];
    if (!form || parts.length === 0) return null;
    const key = `jobs/${job.id}/${what}-${job.claim?.by ?? ''}`;
    const contentType = form.contentType(job);
    await runner.files.join(parts, key, contentType);
    return { key, name: form.name(job), contentType, bytes: sizeOf(parts) };
  };
  const report = await joined('report', kind.report);
  const result = state === 'done' ? await joined('result', kind.result) : null;
  const parts = { report: [], result: [] };
  return { ...ended(job, state, runner.now(), because), parts, files: { report, result }, input: null };
};

const giveUp = async (runner: JobRunner, kind: JobKind, job: Job): Promise<void> => {
  log.error('job.given-up', { job: job.id, kind: job.kind });
  const sentence = `It failed ${MOST_FAILURES} times in a row at the same place. What was done until there stays done.`;
  await saved(runner, job, await closed(runner, kind, job, 'failed', sentence));
};

/** Gives the claim back, so that whoever hears the bell next may go on at once. */
const handOn = async (runner: JobRunner, job: Job): Promise<void> => {
  if (!(await saved(runner, job, { ...job, claim: null }))) return;
  try {
    await runner.bell.ring({ job: job.id });
  } catch (error) {
    // The sweep rings for every job that stands still: within a minute instead of at once.
    log.warn('job.not-rung', { job: job.id, ...errorFields(error) });
  }
};
