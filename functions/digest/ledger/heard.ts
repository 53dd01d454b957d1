import * as z from 'zod';

/** What is counted of mails after they were sent. */
export const OUTCOMES = ['delivered', 'bounced', 'complained'] as const;
export type Outcome = (typeof OUTCOMES)[number];

const bits = z.string().default('');

/**
 * What was heard of the deliveries on twenty pages: for each language and outcome a row of bits, one for each
 * delivery, in base64. To set a bit twice is to set it once, so an event counts once however often it comes; and who
 * reads it learns numbers, not names.
 */
export const heardSchema = z.object({
  edition: z.string(),
  /** From 1: pages 1 to 20. */
  group: z.int(),
  version: z.int(),
  /** `''`: sent by a release that did not note the language. */
  languages: z.record(z.string(), z.object({ delivered: bits, bounced: bits, complained: bits })),
});

export type Heard = Readonly<z.infer<typeof heardSchema>>;

/** Five hundred bits a row: with three languages the item is under a kilobyte, the unit that a write is paid by. */
const GROUP_PAGES = 20;
/** More than a page ever holds (`planning/walk.ts`). */
const PLACES = 25;

export const heardGroupOf = (page: number): number => Math.ceil(page / GROUP_PAGES);

export const nothingHeard = (edition: string, group: number): Heard => ({ edition, group, version: 0, languages: {} });

interface Place {
  readonly page: number;
  readonly index: number;
}

/** `undefined`: it is known. */
export const withHeard = (heard: Heard, { page, index }: Place, language: string, is: Outcome): Heard | undefined => {
  const before = heard.languages[language] ?? { delivered: '', bounced: '', complained: '' };
  const row = Buffer.alloc((GROUP_PAGES * PLACES + 7) >> 3);
  Buffer.from(before[is], 'base64').copy(row);
  const place = ((page - 1) % GROUP_PAGES) * PLACES + index;
  const there = row[place >> 3] ?? 0;
  const bit = 1 << (place & 7);
  if ((there & bit) !== 0) return undefined;
  row[place >> 3] = there | bit;
  return { ...heard, languages: { ...heard.languages, [language]: { ...before, [is]: row.toString('base64') } } };
};

/** How many of each, by language. */
export const heardIn = (all: readonly Heard[]): Map<string, Record<Outcome, number>> => {
  const counts = new Map<string, Record<Outcome, number>>();
  for (const { languages } of all) {
    for (const [language, rows] of Object.entries(languages)) {
      const sum = counts.get(language) ?? { delivered: 0, bounced: 0, complained: 0 };
      for (const is of OUTCOMES) sum[is] += onesIn(rows[is]);
      counts.set(language, sum);
    }
  }
  return counts;
};

const onesIn = (row: string): number => {
  let ones = 0;
  for (const byte of Buffer.from(row, 'base64')) for (let rest = byte; rest > 0; rest &= rest - 1) ones++;
  return ones;
};
