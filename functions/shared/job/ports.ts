import * as z from 'zod';
import type { Instant } from '../time.ts';
import type { Job } from './job.ts';

/** Rung when a job has something to do. Names the job, no more: whoever hears it reads the job. */
export const jobDoorbell = z.strictObject({ job: z.string().regex(/^[0-9A-Za-z]{10,40}$/) });
export type JobDoorbell = Readonly<z.infer<typeof jobDoorbell>>;

/** All jobs. Single ones are read consistently. */
export interface Jobs {
  byId(id: string): Promise<Job | undefined>;
  /**
   * Puts `after` in place of `before`, the job as it was read (or as `newJob` made it). `conflict`: somebody else was
   * faster; what stands there is his. `after.version` does not matter.
   */
  save(before: Job, after: Job): Promise<{ is: 'saved'; job: Job } | { is: 'conflict' }>;
  /** Jobs that are running, at most so many. What it says may be a moment old. */
  running(limit: number): Promise<Job[]>;
}

/** The files of jobs, in the private bucket. Long ones are read in pieces and joined as a stream, never held whole. */
export interface JobFiles {
  /** `undefined`: there is no such file. */
  size(key: string): Promise<number | undefined>;
  /** The bytes from `from` on, at most `length`; fewer only at the end. */
  read(key: string, from: number, length: number): Promise<Uint8Array>;
  write(key: string, bytes: Uint8Array, contentType: string): Promise<void>;
  remove(key: string): Promise<void>;
  /** Writes one file out of several, in their order. May be repeated. */
  join(parts: readonly { key: string; bytes: number }[], into: string, contentType: string): Promise<void>;
  /** Whoever has the link may put this one file, until it dies. Nothing else is needed, and nothing else is allowed. */
  uploadLink(key: string, seconds: number): Promise<Link>;
  /** Whoever has the link may read this one file, until it dies; a browser keeps it under this name. */
  downloadLink(key: string, how: { name: string; contentType: string; seconds: number }): Promise<Link>;
}

export interface Link {
  readonly url: string;
  readonly expiresAt: Instant;
}
