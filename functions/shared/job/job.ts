import * as z from 'zod';
import { addMs, DAY_MS, type Instant } from '../time.ts';

const instant: z.ZodType<Instant> = z.string();

/**
 * Long work, done in slices. What the work is stands in `kind`; its function (behind the queue named in `queue`) knows
 * that word, and the shapes of `how` and `checkpoint`. Nobody else looks into them.
 */
export const jobSchema = z.object({
  id: z.string(),
  /** `subscribers-import`: what is done. */
  kind: z.string(),
  /** The queue whose function does it, by its name in the topology. */
  queue: z.string(),
  /** `waiting-for-input`: the file is not there yet, or nobody has said that it is. Only `running` is worked on. */
  state: z.enum(['waiting-for-input', 'running', 'done', 'failed', 'cancelled']),
  /** What was asked for, checked when the job was made. */
  how: z.unknown(),
  /** Where the input lies in the private bucket; `null` for work without one. */
  input: z.string().nullable(),
  /** What the next slice begins with; `null` before the first. */
  checkpoint: z.unknown(),
  /** `of` is `null` where nobody can know before the end. */
  progress: z.object({ done: z.int(), of: z.int().nullable(), unit: z.string() }),
  /** What became of the items so far, by the kind's own words. Every item is counted once. */
  counts: z.record(z.string(), z.int()),
  /** What the caller is to know besides numbers, in the kind's own shape. */
  notes: z.unknown(),
  /** The parts of the report and of the result in their order, each with its size in bytes. Joined at the end, and forgotten. */
  parts: z.object({ report: z.array(part()).readonly(), result: z.array(part()).readonly() }),
  /** The joined files; `null` where there is none. */
  files: z.object({ report: file().nullable(), result: file().nullable() }),
  /** One sentence; only where `failed`. */
  because: z.string().nullable(),
  /** Who works on it, and until when nobody else does. */
  claim: z.object({ by: z.string(), until: instant }).nullable(),
  /** Slices that were begun in a row and came to nothing. */
  failures: z.int(),
  madeAt: instant,
  startedAt: instant.nullable(),
  endedAt: instant.nullable(),
  /** Counts the saves; the condition of each. */
  version: z.int(),
});

function part() {
  return z.object({
    key: z.string(),
    bytes: z.int(),
    /** How many slices wrote it. */
    slices: z.int().default(1),
  });
}

function file() {
  return z.object({ key: z.string(), name: z.string(), contentType: z.string(), bytes: z.int() });
}

export type Job = Readonly<z.infer<typeof jobSchema>>;
export type JobFile = NonNullable<Job['files']['report']>;

export interface NewJob {
  readonly id: string;
  readonly kind: string;
  readonly queue: string;
  readonly how: unknown;
  readonly unit: string;
  /** Whether the job waits for a file before it can begin. */
  readonly needsInput: boolean;
}

export const newJob = ({ id, kind, queue, how, unit, needsInput }: NewJob, now: Instant): Job => ({
  id,
  kind,
  queue,
  state: needsInput ? 'waiting-for-input' : 'running',
  how,
  input: needsInput ? inputKey(id) : null,
  checkpoint: null,
  progress: { done: 0, of: null, unit },
  counts: {},
  notes: null,
  parts: { report: [], result: [] },
  files: { report: null, result: null },
  because: null,
  claim: null,
  failures: 0,
  madeAt: now,
  startedAt: needsInput ? null : now,
  endedAt: null,
  version: 0,
});

const inputKey = (id: string): string => `jobs/${id}/input`;

/** So long an item of a job is kept, and at most so long its files (a rule of the bucket removes them after a week). */
const KEPT_MS = 30 * DAY_MS;
export const keptUntil = (job: Job): Instant => addMs(job.endedAt ?? job.madeAt, KEPT_MS);

/** What a slice came to. All of it is saved in one step with the checkpoint, so what was counted is counted once. */
export interface Slice {
  /** Where the next slice begins; `null`: there is nothing left to do. */
  readonly checkpoint: unknown;
  readonly progress: { readonly done: number; readonly of: number | null };
  /** Added to the job's counts. */
  readonly counts: Readonly<Record<string, number>>;
  /** Lines for the report, each a JSON object. */
  readonly report: readonly object[];
  /** The next piece of the result. */
  readonly result?: Uint8Array;
  /** Replaces the job's notes. */
  readonly notes?: unknown;
}

export const started = (job: Job, bytes: number, now: Instant): Job => ({
  ...job,
  state: 'running',
  startedAt: now,
  progress: { ...job.progress, of: bytes },
});

export const ended = (job: Job, state: 'done' | 'failed' | 'cancelled', now: Instant, because?: string): Job => ({
  ...job,
  state,
  endedAt: now,
  claim: null,
  because: because ?? null,
});

/** Whether nobody is at work on it now, as far as one can know. */
export const isFree = (job: Job, now: Instant): boolean =>
  job.state === 'running' && (job.claim === null || job.claim.until <= now);

/** The job after a slice that came to something; the claim is the caller's to prolong or give back. */
export const advanced = (job: Job, slice: Slice, parts: Job['parts']): Job => ({
  ...job,
  checkpoint: slice.checkpoint,
  progress: { ...job.progress, ...slice.progress },
  counts: added(job.counts, slice.counts),
  ...(slice.notes !== undefined && { notes: slice.notes }),
  parts,
  failures: 0,
});

const added = (to: Job['counts'], more: Slice['counts']): Job['counts'] => {
  const sum: Record<string, number> = { ...to };
  for (const [name, count] of Object.entries(more)) sum[name] = (sum[name] ?? 0) + count;
  return sum;
};
