import * as z from 'zod';
import type { Key, Table } from '../../shared/storage/table.ts';
import { addMs, DAY_MS, epochSeconds } from '../../shared/time.ts';
import { eventSchema } from './event.ts';

/** What one save would change, written before it: it counts if that save came to be. */
const rowSchema = z.object({
  subscriber: z.string(),
  /** Of the subscriber after that save. */
  version: z.int(),
  /** Which try it was; see `markOf`. */
  attempt: z.string(),
  events: z.array(eventSchema).readonly(),
});
export type EventRow = Readonly<z.infer<typeof rowSchema>>;

/** A row whose save never came to be, and whose subscriber never changes again, is removed by the table then. */
const KEPT_MS = 30 * DAY_MS;
const MARK_LENGTH = 16;

/** By which a subscriber remembers a save, and a day what it has counted. */
export const markOf = (attempt: string): string => attempt.slice(-MARK_LENGTH);

const partition = (subscriber: string): string => `EVENT#${subscriber.charAt(0)}`;

const keyOf = ({ subscriber, version, attempt }: EventRow): Key => ({
  pk: partition(subscriber),
  sk: `${subscriber}#${String(version).padStart(6, '0')}#${markOf(attempt)}`,
});

export const putEvents = async (table: Table, row: EventRow): Promise<void> => {
  const at = row.events[0]?.at ?? '';
  await table.put({ ...row, ...keyOf(row), expiresAtSeconds: epochSeconds(addMs(at, KEPT_MS)) });
};

export const eventRows = async (
  table: Table,
  shard: string,
  { after, limit }: { after?: string | undefined; limit: number },
): Promise<{ rows: EventRow[]; last: string | undefined }> => {
  const items = await table.query({ pk: `EVENT#${shard}`, limit, ...(after !== undefined && { after }) });
  return { rows: items.map((item) => rowSchema.parse(item)), last: items.at(-1)?.sk };
};

const batchKey: Key = { pk: 'COUNTING', sk: 'BATCH' };

const batchSchema = z.object({ rows: z.array(rowSchema).readonly(), version: z.int() });
/** The rows that are being counted, written down before; whoever comes after a crash finishes them first. */
export type Batch = Readonly<z.infer<typeof batchSchema>>;

export const batchInHand = async (table: Table): Promise<Batch> => {
  const item = await table.get(batchKey);
  return item ? batchSchema.parse(item) : { rows: [], version: 0 };
};

/** Takes these rows in hand in place of the batch before; `undefined`: somebody else has begun another. */
export const takeInHand = async (
  table: Table,
  before: Batch,
  rows: readonly EventRow[],
): Promise<Batch | undefined> => {
  const batch = { rows, version: before.version + 1 };
  const condition = before.version === 0 ? ('absent' as const) : { is: { version: before.version } };
  return (await table.put({ ...batchKey, ...batch }, condition)) === 'written' ? batch : undefined;
};

/** Whether a row is still there: one that is gone was counted. */
export const isThere = async (table: Table, row: EventRow): Promise<boolean> =>
  (await table.get(keyOf(row))) !== undefined;

export const removeEvents = async (table: Table, row: EventRow): Promise<void> => {
  await table.delete(keyOf(row));
};
