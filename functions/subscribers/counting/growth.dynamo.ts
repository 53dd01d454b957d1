import * as z from 'zod';
import type { Item, Key, Table } from '../../shared/storage/table.ts';
import { addMs, DAY_MS, type Instant } from '../../shared/time.ts';
import { addOnce, marking } from './addOnce.ts';
import type { CountedAs, Event } from './event.ts';
import { leavingsIn } from './leavings.dynamo.ts';

const tally = z.object({
  total: z.int(),
  languages: z.record(z.string(), z.int()),
  topics: z.record(z.string(), z.int()),
  cadences: z.record(z.string(), z.int()),
});
export type Tally = Readonly<z.infer<typeof tally>>;

const FLOWS = ['joined', 'confirmed', 'left', 'bounced'] as const;

const sheet = z.object({
  joined: tally,
  confirmed: tally,
  left: tally,
  bounced: tally,
  /** Readers more or less than before; for the sheet of all days, how many there are. */
  active: tally,
  ...marking,
});
/** The numbers of one day, or of all days, for one newsletter. */
export type Sheet = Readonly<z.infer<typeof sheet>>;

/** The numbers of the growth. */
export interface Growth {
  /** All days together, for one newsletter: what there is now. */
  total(newsletter: string): Promise<Sheet>;
  /** Days (in UTC) from one to the other, both included; a day on which nothing happened is left out. */
  days(newsletter: string, from: string, to: string): Promise<{ day: string; sheet: Sheet }[]>;
  /** Adds events of a batch, each under a mark of its own, to the day's sheet and to the total; exactly once. */
  add(newsletter: string, day: string, batch: number, marked: readonly Marked[]): Promise<void>;
  /** Who left by the links of an edition's mails, by the language of the mail. */
  leavings(edition: string): Promise<Readonly<Record<string, number>>>;
  /** Adds these to the leavings of an edition; exactly once. */
  addLeavings(edition: string, batch: number, marked: readonly Marked[]): Promise<void>;
}

export interface Marked {
  readonly mark: string;
  readonly event: Event;
}

const NONE: Tally = { total: 0, languages: {}, topics: {}, cadences: {} };
const EMPTY: Sheet = {
  joined: NONE,
  confirmed: NONE,
  left: NONE,
  bounced: NONE,
  active: NONE,
  batch: 0,
  counted: [],
  version: 0,
};

const totalKey = (newsletter: string): Key => ({ pk: `GROWTH#${newsletter}`, sk: 'TOTAL' });
/** A month is a partition: a year is read with twelve queries. */
const monthPk = (newsletter: string, month: string): string => `GROWTH#${newsletter}#${month}`;
const dayKey = (newsletter: string, day: string): Key => ({ pk: monthPk(newsletter, day.slice(0, 7)), sk: day });

export const dynamoGrowth = (table: Table): Growth => ({
  total: async (newsletter) => read(await table.get(totalKey(newsletter))),

  async days(newsletter, from, to) {
    const found: { day: string; sheet: Sheet }[] = [];
    for (const month of monthsBetween(from, to)) {
      const items = await table.query({ pk: monthPk(newsletter, month), from, to });
      found.push(...items.map((item) => ({ day: item.sk, sheet: read(item) })));
    }
    return found;
  },

  async add(newsletter, day, batch, marked) {
    const adding = { read, add: withEvent, batch, marked };
    await addOnce(table, dayKey(newsletter, day), adding);
    await addOnce(table, totalKey(newsletter), adding);
  },

  ...leavingsIn(table),
});

const read = (item: Item | undefined): Sheet => (item ? sheet.parse(item) : EMPTY);

const withEvent = (before: Sheet, { event: { what, was, is, asked } }: Marked): Sheet => {
  const whom = what === 'joined' ? asked : what === 'confirmed' ? is : was;
  const flow = FLOWS.find((one) => one === what);
  const counted = flow && whom ? { ...before, [flow]: plus(before[flow], whom, 1) } : before;
  const without = was ? plus(counted.active, was, -1) : counted.active;
  return { ...counted, active: is ? plus(without, is, 1) : without };
};

const plus = (to: Tally, { language, topics, cadence }: CountedAs, by: 1 | -1): Tally => ({
  total: to.total + by,
  languages: raised(to.languages, [language], by),
  topics: raised(to.topics, topics, by),
  cadences: raised(to.cadences, [cadence], by),
});

const raised = (counts: Readonly<Record<string, number>>, names: readonly string[], by: number) => {
  const sum = { ...counts };
  for (const name of names) sum[name] = (sum[name] ?? 0) + by;
  return sum;
};

const monthsBetween = (from: string, to: string): string[] => {
  const months = new Set<string>();
  for (let day: Instant = `${from}T00:00:00.000Z`; day.slice(0, 10) <= to; day = addMs(day, DAY_MS))
    months.add(day.slice(0, 7));
  return [...months];
};
