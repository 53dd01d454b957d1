import { InvalidInput } from '../errors.ts';
import { errorFields, log } from '../log.ts';
import type { Doorbell } from '../storage/doorbell.ts';
import type { Instant } from '../time.ts';
import { ended, type Job, type NewJob, newJob, started } from './job.ts';
import type { JobDoorbell, JobFiles, Jobs, Link } from './ports.ts';

/** What it takes to make, start and cancel jobs. */
export interface JobOffice {
  readonly jobs: Pick<Jobs, 'byId' | 'save'>;
  readonly files: JobFiles;
  /** The bell of a queue, by its name in the topology. */
  readonly bellOf: (queue: string) => Doorbell<JobDoorbell>;
  readonly now: () => Instant;
}

/** So long there is to begin with sending the file. */
const UPLOAD_SECONDS = 3600;
/** A larger file is refused when the job is started. */
const MOST_BYTES = 2_000_000_000;

/**
 * Makes a job. With `input` (a file that came with the request) or without need of one it begins at once; else it
 * waits, and the link says where the file is to be put.
 */
export const makeJob = async (
  office: JobOffice,
  wish: NewJob,
  input?: { readonly bytes: Uint8Array; readonly contentType: string },
): Promise<{ readonly job: Job; readonly upload: Link | undefined }> => {
  const job = newJob(wish, office.now());
  if (job.input === null) return { job: await begun(office, job), upload: undefined };
  if (input) {
    await office.files.write(job.input, input.bytes, input.contentType);
    return { job: await begun(office, started(job, input.bytes.length, office.now())), upload: undefined };
  }
  return { job: await kept(office, job), upload: await office.files.uploadLink(job.input, UPLOAD_SECONDS) };
};

/** Begins a job whose file is there. Once it has begun, to start it again changes nothing. */
export const startJob = async (office: JobOffice, job: Job): Promise<Job> => {
  if (job.state !== 'waiting-for-input' || job.input === null) return job;
  const bytes = await office.files.size(job.input);
  if (bytes === undefined) throw conflict('The file of this job is not there yet: send it to the upload link first.');
  if (bytes === 0) throw conflict('The file of this job is empty.');
  if (bytes > MOST_BYTES)
    throw new InvalidInput('The file of this job is over 2 GB, the most that is taken.', { status: 413 });
  return changed(office, job, started(job, bytes, office.now()));
};

/** Ends a job where it stands; what was done stays done. One that is over stays as it is. */
export const cancelJob = async (office: JobOffice, job: Job): Promise<Job> => {
  if (job.state !== 'running' && job.state !== 'waiting-for-input') return job;
  const outcome = await office.jobs.save(job, { ...ended(job, 'cancelled', office.now()), input: null });
  if (outcome.is === 'conflict') return cancelJob(office, await again(office, job));
  if (job.input !== null) await office.files.remove(job.input);
  return outcome.job;
};

const changed = async (office: JobOffice, before: Job, after: Job): Promise<Job> => {
  const outcome = await office.jobs.save(before, after);
  // Somebody else was faster: what he left is the answer.
  if (outcome.is === 'conflict') return startJob(office, await again(office, before));
  await ring(office, outcome.job);
  return outcome.job;
};

const again = async ({ jobs }: JobOffice, { id }: Job): Promise<Job> => {
  const job = await jobs.byId(id);
  if (!job) throw new Error('A job that was there is gone.');
  return job;
};

const begun = async (office: JobOffice, job: Job): Promise<Job> => {
  const made = await kept(office, job);
  await ring(office, made);
  return made;
};

const kept = async ({ jobs }: JobOffice, job: Job): Promise<Job> => {
  const outcome = await jobs.save(job, job);
  if (outcome.is === 'conflict') throw new Error('There is a job of this id already.');
  return outcome.job;
};

const ring = async ({ bellOf }: JobOffice, { id, queue }: Job): Promise<void> => {
  try {
    await bellOf(queue).ring({ job: id });
  } catch (error) {
    // The sweep rings for every job that stands still: within a minute instead of at once.
    log.warn('job.not-rung', { job: id, ...errorFields(error) });
  }
};

const conflict = (sentence: string): InvalidInput => new InvalidInput(sentence, { status: 409 });
