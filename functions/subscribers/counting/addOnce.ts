import * as z from 'zod';
import type { Item, Key, Table } from '../../shared/storage/table.ts';

/** What an item of numbers holds beside them, so that whoever died behind a put adds the same no second time. */
export const marking = {
  /** The last batch of which something is in these numbers … */
  batch: z.int(),
  /** … and what. */
  counted: z.array(z.string()).readonly(),
  version: z.int(),
};

interface Marking extends Readonly<Record<string, unknown>> {
  readonly batch: number;
  readonly counted: readonly string[];
  readonly version: number;
}

interface Adding<Numbers, One> {
  readonly read: (item: Item | undefined) => Numbers;
  readonly add: (to: Numbers, one: One) => Numbers;
  readonly batch: number;
  readonly marked: readonly One[];
}

const MOST_TRIES = 10;

/** Numbers and marks are one item and one put, so a mark stands in it exactly if its event is in the numbers. */
export const addOnce = async <Numbers extends Marking, One extends { readonly mark: string }>(
  table: Table,
  key: Key,
  { read, add, batch, marked }: Adding<Numbers, One>,
): Promise<void> => {
  for (let tries = 0; tries < MOST_TRIES; tries++) {
    const before = read(await table.get(key));
    // A batch is done with before the next is begun, so the marks of an earlier one are of no more use.
    const there = before.batch === batch ? before.counted : [];
    const fresh = marked.filter(({ mark }) => !there.includes(mark));
    if (fresh.length === 0) return;
    const counted = [...there, ...fresh.map(({ mark }) => mark)];
    const item = { ...key, ...fresh.reduce(add, before), batch, counted, version: before.version + 1 };
    const condition = before.version === 0 ? ('absent' as const) : { is: { version: before.version } };
    if ((await table.put(item, condition)) === 'written') return;
  }
  throw new Error('Numbers of the growth were changed by others ten times in a row.');
};
