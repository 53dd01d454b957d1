import type { Table } from '../../shared/storage/table.ts';
import { addMs, type Instant } from '../../shared/time.ts';
import type { Subscribers } from '../ports.ts';
import type { Subscriber } from '../subscriber.ts';
import {
  type Batch,
  batchInHand,
  type EventRow,
  eventRows,
  isThere,
  markOf,
  removeEvents,
  takeInHand,
} from './events.dynamo.ts';
import type { Growth, Marked } from './growth.dynamo.ts';

export interface Counting {
  readonly table: Table;
  readonly subscribers: Pick<Subscribers, 'byIds'>;
  readonly growth: Growth;
  readonly now: () => Instant;
  /** Goes on for so long; the next minute takes up the rest. */
  readonly workMs: number;
}

const SHARDS = [...'0123456789abcdef'];
/** A batch is one item while it is counted, and stands, as marks, in the sheets. */
const BATCH = 200;

/**
 * Counts what has happened since the last time. A row was written before its save; the subscriber knows which saves came
 * to be. A batch of rows is written down, added to the sheets together with its marks, and then removed; whoever comes
 * after a crash finishes that very batch first, so nothing is counted twice and nothing is lost. The function ends before
 * the next minute begins, so there are never two.
 */
export const countEvents = async (counting: Counting): Promise<void> => {
  const stopAt = addMs(counting.now(), counting.workMs);
  const interrupted = await batchInHand(counting.table);
  let batch: Batch | undefined = interrupted;
  await finish(counting, interrupted.version, await rowsLeft(counting, interrupted));
  for (const shard of SHARDS) {
    for (let after: string | undefined; batch && counting.now() < stopAt; ) {
      const { rows, last } = await eventRows(counting.table, shard, { after, limit: BATCH });
      if (rows.length > 0) {
        batch = await takeInHand(counting.table, batch, rows);
        if (batch) await finish(counting, batch.version, rows);
      }
      if (rows.length < BATCH) break;
      after = last;
    }
  }
};

const rowsLeft = async ({ table }: Counting, { rows }: Batch): Promise<EventRow[]> => {
  const left: EventRow[] = [];
  for (const row of rows) if (await isThere(table, row)) left.push(row);
  return left;
};

const finish = async (
  { table, subscribers, growth }: Counting,
  batch: number,
  rows: readonly EventRow[],
): Promise<void> => {
  const found = await subscribers.byIds([...new Set(rows.map((row) => row.subscriber))]);
  const known = new Map(found.map((one) => [one.id, one]));
  const verdicts = rows.map((row) => ({ row, is: verdictOn(row, known.get(row.subscriber)) }));
  const happened = verdicts.filter(({ is }) => is === 'happened').flatMap(({ row }) => markedIn(row));
  for (const [key, marked] of sheetsOf(happened)) {
    const [newsletter = '', day = ''] = key.split('#');
    await growth.add(newsletter, day, batch, marked);
  }
  for (const [edition, marked] of leavingsOf(happened)) await growth.addLeavings(edition, batch, marked);
  for (const { row, is } of verdicts) if (is !== 'open') await removeEvents(table, row);
};

/** `open`: its save may still come, or has died; the table removes such a row after a month. */
const verdictOn = (row: EventRow, subscriber: Subscriber | undefined): 'happened' | 'void' | 'open' => {
  if (subscriber?.saves?.includes(markOf(row.attempt))) return 'happened';
  // Its save has to make this version, which another has made: it can never come to be.
  return (subscriber?.version ?? 0) >= row.version ? 'void' : 'open';
};

const markedIn = ({ attempt, events }: EventRow): Marked[] =>
  events.map((event, i) => ({ mark: `${markOf(attempt)}-${i}`, event }));

const sheetsOf = (all: readonly Marked[]): Map<string, Marked[]> =>
  Map.groupBy(all, ({ event }) => `${event.newsletter}#${event.at.slice(0, 10)}`);

const leavingsOf = (all: readonly Marked[]): Map<string, Marked[]> =>
  Map.groupBy(
    all.filter(({ event }) => event.over !== undefined),
    ({ event }) => event.over?.edition ?? '',
  );
