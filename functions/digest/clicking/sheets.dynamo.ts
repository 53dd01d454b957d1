import * as z from 'zod';
import type { Key, Table } from '../../shared/storage/table.ts';

const sheetSchema = z.object({
  edition: z.string(),
  version: z.int(),
  /** By article. */
  counts: z.record(z.string(), z.object({ people: z.int(), automated: z.int() })),
  /** What was added last, by its keys in that slot: it is in the numbers, and may still lie where it was. */
  batch: z.object({ slot: z.int(), keys: z.array(z.string()).readonly() }).nullable(),
});

/** The clicks of an edition, in numbers. */
export type ClickSheet = Readonly<z.infer<typeof sheetSchema>>;

export interface ClickSheets {
  sheet(edition: string): Promise<ClickSheet | undefined>;
  /** In place of the version that was read (0: none). `refused`: somebody else was faster. */
  saveSheet(sheet: ClickSheet): Promise<'written' | 'refused'>;
  /** The last slot of which every click is in the sheets; `undefined` before the first. */
  countedThrough(): Promise<number | undefined>;
  /** Only rises. */
  moveThrough(slot: number): Promise<void>;
}

export const newSheet = (edition: string): ClickSheet => ({ edition, version: 0, counts: {}, batch: null });

const sheetKey = (edition: string): Key => ({ pk: `CLICKS#${edition}`, sk: 'SHEET' });
const THROUGH: Key = { pk: 'CLICKS', sk: 'THROUGH' };
const through = z.object({ slot: z.int() });

/** In the table `ledger`: `CLICKS#{edition}` / `SHEET` for each edition, and `CLICKS` / `THROUGH`. */
export const dynamoClickSheets = (table: Table): ClickSheets => ({
  async sheet(edition) {
    const item = await table.get(sheetKey(edition));
    return item && sheetSchema.parse(item);
  },

  saveSheet(sheet) {
    const next = { ...sheet, version: sheet.version + 1 };
    const condition = sheet.version === 0 ? ('absent' as const) : { is: { version: sheet.version } };
    return table.put({ ...sheetKey(sheet.edition), ...next }, condition);
  },

  async countedThrough() {
    const item = await table.get(THROUGH);
    return item && through.parse(item).slot;
  },

  async moveThrough(slot) {
    await table.put({ ...THROUGH, slot }, { below: ['slot', slot] });
  },
});
