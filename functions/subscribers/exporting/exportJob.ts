import * as z from 'zod';
import type { Job, Slice } from '../../shared/job/job.ts';
import type { JobKind } from '../../shared/job/runJob.ts';
import type { Directory } from '../listing/directory.dynamo.ts';
import { filter, listFor, matching } from '../listing/filter.ts';
import type { Subscribers } from '../ports.ts';
import { csvOf, jsonOf, lineOf } from './file.ts';

export const EXPORT = 'subscribers-export';

const exportHow = z.strictObject({ format: z.enum(['csv', 'json']), filter });

interface Exporting {
  readonly subscribers: Pick<Subscribers, 'byIds'>;
  readonly directory: Directory;
  /** Readers of a slice. */
  readonly readers?: number;
}

const READERS = 2000;

const checkpoint = z.object({ from: z.string() });

const formatOf = (job: Job) => exportHow.parse(job.how).format;

/** Writes a list of readers, two thousand at a time, each as the moment finds them. */
export const exportKind = ({ subscribers, directory, readers = READERS }: Exporting): JobKind => ({
  report: { name: (job) => `export-${job.id}.ndjson`, contentType: () => 'application/x-ndjson' },
  result: {
    name: (job) => `subscribers-${job.madeAt.slice(0, 10)}.${formatOf(job)}`,
    contentType: (job) => (formatOf(job) === 'csv' ? 'text/csv; charset=utf-8' : 'application/json'),
  },
  async slice(job): Promise<Slice> {
    const { format, filter: wanted } = exportHow.parse(job.how);
    const first = job.checkpoint === null;
    const from = first ? undefined : checkpoint.parse(job.checkpoint).from;
    const { ids, next } = await directory.page(listFor(wanted), { from, limit: readers });
    const lines = (await subscribers.byIds(ids)).flatMap((one) =>
      matching(one, wanted).map((subscription) => lineOf(one, subscription)),
    );
    const written = job.counts['written'] ?? 0;
    const place = { first, last: next === undefined, written };
    return {
      checkpoint: next === undefined ? null : { from: next },
      progress: {
        done: job.progress.done + ids.length,
        of: next === undefined ? job.progress.done + ids.length : null,
      },
      counts: { written: lines.length },
      report: [],
      result: Buffer.from(format === 'csv' ? csvOf(lines, first) : jsonOf(lines, place)),
    };
  },
});
