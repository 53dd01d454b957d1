import * as z from 'zod';
import type { Item, Table } from '../../shared/storage/table.ts';
import { addMs, DAY_MS, epochSeconds } from '../../shared/time.ts';
import { type Click, slotOf, startOf } from './visit.ts';

/** Clicks that are not counted yet. */
export interface Visits {
  /** Kept once for each article of a visit, with its first moment; and once more if a program followed it too. */
  note(click: Click): Promise<void>;
  /** Some edition of which clicks lie in this slot. */
  someEdition(slot: number): Promise<string | undefined>;
  /** Whole visits of an edition in a slot, with about as many clicks as `most`; empty where there are none left. */
  visitsOf(slot: number, edition: string, most: number): Promise<Click[]>;
  /** May be repeated. */
  remove(slot: number, keys: readonly string[]): Promise<void>;
}

const clickSchema = z.object({
  edition: z.string(),
  visitor: z.string(),
  article: z.string(),
  at: z.string(),
  automated: z.boolean(),
});

const partition = (slot: number): string => `VISITS#${startOf(slot)}`;

/** Names a click within its slot. */
export const clickKey = ({ edition, visitor, article, automated }: Click): string =>
  [edition, visitor, article, automated ? 'automated' : 'person'].join('#');

/** What nobody has counted by then is removed by the table. */
export const CLICKS_KEPT_MS = DAY_MS;

/**
 * Table `clicks`: `VISITS#{start of the slot}` / `{edition}#{visitor}#{article}#{automated or person}`. An item for each
 * click and not one for each visit: a scanner that follows thirty links at the same moment meets no condition.
 */
export const dynamoVisits = (table: Table): Visits => ({
  async note(click) {
    const key = { pk: partition(slotOf(click.at)), sk: clickKey(click) };
    const expiresAtSeconds = epochSeconds(addMs(click.at, CLICKS_KEPT_MS));
    await table.put({ ...key, ...click, expiresAtSeconds }, 'absent');
  },

  async someEdition(slot) {
    const [first] = await table.query({ pk: partition(slot), limit: 1 });
    return first && read(first).edition;
  },

  async visitsOf(slot, edition, most) {
    const pk = partition(slot);
    const clicks = (await table.query({ pk, prefix: `${edition}#`, limit: most })).map(read);
    const last = clicks.at(-1)?.visitor;
    if (clicks.length < most || last === undefined) return clicks;
    // The last visit may go on behind the limit, and is judged as a whole.
    const whole = clicks.filter(({ visitor }) => visitor !== last);
    if (whole.length > 0) return whole;
    return (await table.query({ pk, prefix: `${edition}#${last}#` })).map(read);
  },

  async remove(slot, keys) {
    const pk = partition(slot);
    await Promise.all(keys.map((sk) => table.delete({ pk, sk })));
  },
});

const read = (item: Item): Click => clickSchema.parse(item);
