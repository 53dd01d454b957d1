import { z } from 'zod';
import type { Key, Table } from '../../shared/storage/table.ts';
import { addMs, DAY_MS, epochSeconds } from '../../shared/time.ts';
import { type Event, eventSchema } from './event.ts';

/** What one save would change, written before it: it counts if that save came to be. */
export interface EventRow {
  readonly subscriber: string;
  /** Of the subscriber after that save. */
  readonly version: number;
  /** Which try it was; see `markOf`. */
  readonly attempt: string;
  readonly events: readonly Event[];
}

/** A row whose save never came to be, and whose subscriber never changes again, is removed by the table then. */
const KEPT_MS = 30 * DAY_MS;
const MARK_LENGTH = 16;

/** By which a subscriber remembers a save, and a day what it has counted. */
export const markOf = (attempt: string): string => attempt.slice(0, MARK_LENGTH);

const partition = (subscriber: string): string => `EVENT#${subscriber.charAt(0)}`;

const keyOf = ({ subscriber, version, attempt }: EventRow): Key => ({
  pk: partition(subscriber),
  sk: `${subscriber}#${String(version).padStart(6, '0')}#${markOf(attempt)}`,
});

export const putEvents = async (table: Table, row: EventRow): Promise<void> => {
  const at = row.events[0]?.at ?? '';
  await table.put({ ...row, ...keyOf(row), expiresAtSeconds: epochSeconds(addMs(at, KEPT_MS)) });
};

const rowSchema = z.object({
  subscriber: z.string(),
  version: z.int(),
  attempt: z.string(),
  events: z.array(eventSchema),
});

export const eventRows = async (
  table: Table,
  shard: string,
  { after, limit }: { after?: string | undefined; limit: number },
): Promise<{ rows: EventRow[]; last: string | undefined }> => {
  const items = await table.query({ pk: `EVENT#${shard}`, limit, ...(after !== undefined && { after }) });
  return { rows: items.map((item) => rowSchema.parse(item)), last: items.at(-1)?.sk };
};

export const removeEvents = async (table: Table, row: EventRow): Promise<void> => {
  await table.delete(keyOf(row));
};
