import type { Doorbell } from '../storage/doorbell.ts';
import type { Instant } from '../time.ts';
import { isFree } from './job.ts';
import type { JobDoorbell, Jobs } from './ports.ts';

export interface JobSweep {
  readonly jobs: Pick<Jobs, 'running'>;
  readonly bellOf: (queue: string) => Doorbell<JobDoorbell>;
  readonly now: () => Instant;
}

/** More than ever run at a time. */
const MOST_JOBS = 200;

/** Rings for every job that runs and that nobody works on: its bell was lost, or its worker died. */
export const ringForIdle = async ({ jobs, bellOf, now }: JobSweep): Promise<void> => {
  const idle = (await jobs.running(MOST_JOBS)).filter((job) => isFree(job, now()));
  for (const { id, queue } of idle) await bellOf(queue).ring({ job: id });
};
