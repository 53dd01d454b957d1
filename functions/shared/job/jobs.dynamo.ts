import type { Item, Key, Table } from '../storage/table.ts';
import { epochSeconds } from '../time.ts';
import { type Job, jobSchema, keptUntil } from './job.ts';
import type { Jobs } from './ports.ts';

interface Stores {
  readonly table: Table;
  /** Names an attempt to save; never the same twice. */
  readonly newId: () => string;
}

/** One item per job, put whole in place of the version that was read. While it runs it stands in the index. */
export const dynamoJobs = ({ table, newId }: Stores): Jobs => ({
  async byId(id) {
    const item = await table.get(keyOf(id));
    return item && parse(item);
  },

  async save(before, after) {
    const job = { ...after, version: before.version + 1 };
    const attempt = newId();
    const condition = before.version === 0 ? ('absent' as const) : { is: { version: before.version } };
    const written = await table.put(itemOf(job, attempt), condition);
    if (written === 'written') return { is: 'saved', job };
    // The client repeats a put whose answer was lost: then it was our own first try that stands in the way.
    const mine = (await table.get(keyOf(job.id)))?.['attempt'] === attempt;
    return mine ? { is: 'saved', job } : { is: 'conflict' };
  },

  running: async (limit) => (await table.query({ pk: RUNNING, index: true, limit })).map(parse),
});

const RUNNING = 'RUNNING';

const keyOf = (id: string): Key => ({ pk: `JOB#${id}`, sk: 'JOB' });

const itemOf = (job: Job, attempt: string): Item => ({
  ...job,
  ...keyOf(job.id),
  attempt,
  expiresAtSeconds: epochSeconds(keptUntil(job)),
  ...(job.state === 'running' && { ipk: RUNNING, isk: job.id }),
});

const parse = (item: Item): Job => jobSchema.parse(item);
