import * as z from 'zod';
import type { Table } from '../shared/storage/table.ts';
import type { Cursors, Position } from './ports.ts';

const stored = z.object({ seq: z.int().min(0), failures: z.int().min(0) });

const START: Position = { seq: 0, failures: 0 };

/** Cursors as items `CURSOR#{name}` / `CURSOR` of the table whose room they belong to. */
export const dynamoCursors = (table: Table): Cursors => ({
  async read(name) {
    const item = await table.get(keyOf(name));
    return item ? stored.parse(item) : START;
  },

  move(name, from, { seq, failures }) {
    // A reader that has never moved has no item, and an item never goes back to the start.
    const isNew = from.seq === 0 && from.failures === 0;
    return table.put(
      { ...keyOf(name), seq, failures },
      isNew ? 'absent' : { is: { seq: from.seq, failures: from.failures } },
    );
  },
});

const keyOf = (name: string) => ({ pk: `CURSOR#${name}`, sk: 'CURSOR' });
