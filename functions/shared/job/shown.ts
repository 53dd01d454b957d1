import * as z from 'zod';
import { addMs, type Instant, msOf } from '../time.ts';
import type { Job } from './job.ts';

/** A job as the API tells it. */
export const jobShown = z.object({
  id: z.string(),
  kind: z.string(),
  state: z.enum(['waiting-for-input', 'running', 'done', 'failed', 'cancelled']),
  progress: z.object({ done: z.int(), of: z.int().nullable(), unit: z.string(), endsAbout: z.string().nullable() }),
  counts: z.record(z.string(), z.int()),
  notes: z.unknown(),
  because: z.string().nullable(),
  report: z.string().nullable(),
  result: z.string().nullable(),
  madeAt: z.string(),
  startedAt: z.string().nullable(),
  endedAt: z.string().nullable(),
});

export const shownJob = (job: Job, now: Instant): z.infer<typeof jobShown> => ({
  id: job.id,
  kind: job.kind,
  state: job.state,
  progress: { ...job.progress, endsAbout: endsAbout(job, now) },
  counts: job.counts,
  notes: job.notes,
  because: job.because,
  report: job.files.report && `/api/v1/jobs/${job.id}/report`,
  result: job.files.result && `/api/v1/jobs/${job.id}/result`,
  madeAt: job.madeAt,
  startedAt: job.startedAt,
  endedAt: job.endedAt,
});

/** When it would be over at the pace it has had so far; `null` where nothing can be said. */
const endsAbout = ({ state, progress, startedAt }: Job, now: Instant): Instant | null => {
  const { done, of } = progress;
  if (state !== 'running' || startedAt === null || of === null || done <= 0 || done > of) return null;
  const passedMs = Math.max(0, msOf(now) - msOf(startedAt));
  return addMs(now, Math.round((passedMs * (of - done)) / done));
};
