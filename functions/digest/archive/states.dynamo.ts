import * as z from 'zod';
import type { Table } from '../../shared/storage/table.ts';

/** How the feeds of editions stand. */
const stateSchema = z.object({
  version: z.int(),
  /** What was looked at when they were last put right: settings and editions, as a hash; `''`: not to the end. */
  looked: z.string(),
  /** Up to this entry of the wire it was known what became of their articles. */
  through: z.int(),
  /** By language: the hash of what the feed says, and the version under which that was first worked out. */
  marks: z.record(z.string(), z.object({ content: z.string(), mark: z.int() })),
});

export type ArchiveState = Readonly<z.infer<typeof stateSchema>>;

/** One item, saved in place of the version that was read. */
export interface ArchiveStates {
  read(): Promise<ArchiveState>;
  /** `undefined`: somebody else was faster. */
  save(state: ArchiveState): Promise<ArchiveState | undefined>;
}

const KEY = { pk: 'ARCHIVE', sk: 'ARCHIVE' } as const;

export const dynamoArchiveStates = (table: Table): ArchiveStates => ({
  async read() {
    const item = await table.get(KEY);
    return item ? stateSchema.parse(item) : { version: 0, looked: '', through: 0, marks: {} };
  },

  async save(before) {
    const next = { ...before, version: before.version + 1 };
    const condition = before.version === 0 ? 'absent' : { is: { version: before.version } };
    return (await table.put({ ...KEY, ...next }, condition)) === 'written' ? next : undefined;
  },
});
