import * as z from 'zod';
import type { Instant } from '../../shared/time.ts';
import type { Articles } from '../../wire/ports.ts';
import { type ClickSheets, newSheet } from '../clicking/sheets.dynamo.ts';
import { startOf } from '../clicking/visit.ts';

const clicks = z.object({ people: z.int(), automated: z.int() });

export const clicksSchema = clicks.extend({
  articles: z
    .array(clicks.extend({ id: z.string(), title: z.string(), language: z.string() }))
    .describe('Those that anybody opened from its mails, the most opened first.'),
  countedTo: z.string().nullable().describe('Everything up to this moment is counted; `null`: nothing yet.'),
});

export type Clicks = z.infer<typeof clicksSchema>;

interface Counted {
  readonly clicks: Pick<ClickSheets, 'sheet' | 'countedThrough'>;
  readonly articles: Pick<Articles, 'byIds'>;
}

/** `null` where none are counted: not now, nor when the edition was on its way. */
export const clicksOf = async (
  { clicks: sheets, articles }: Counted,
  edition: string,
  areCounted: boolean,
): Promise<Clicks | null> => {
  const [sheet, through] = await Promise.all([sheets.sheet(edition), sheets.countedThrough()]);
  if (!sheet && !areCounted) return null;
  const { counts } = sheet ?? newSheet(edition);
  const found = await articles.byIds(Object.keys(counts));
  const shown = found
    .map(({ article: { id, title, language } }) => ({ id, title, language, ...(counts[id] ?? NONE) }))
    .sort((a, b) => b.people - a.people || b.automated - a.automated || (a.id < b.id ? -1 : 1));
  const sumOf = (by: 'people' | 'automated'): number => shown.reduce((sum, one) => sum + one[by], 0);
  return { people: sumOf('people'), automated: sumOf('automated'), articles: shown, countedTo: endOf(through) };
};

const NONE = { people: 0, automated: 0 };

const endOf = (slot: number | undefined): Instant | null => (slot === undefined ? null : startOf(slot + 1));

export const peopleByLanguage = ({ articles }: Clicks): Map<string, number> => {
  const sums = new Map<string, number>();
  for (const { language, people } of articles) sums.set(language, (sums.get(language) ?? 0) + people);
  return sums;
};
