import * as z from 'zod';
import type { Instant } from '../../shared/time.ts';
import { type Counts, countsOf, deliveryStates, isOpen, type Page } from './page.ts';

/**
 * A hundred pages of an edition, counted once when nothing is left to do on them, so that an audience of a million is
 * told from four hundred small items and the few pages that are under way. A sum is closed only in place of the
 * version under which its pages were read, and whoever changes a page on which nothing was left to do says so here
 * first: so no sum stands that is not true.
 */
export const tallySchema = z.object({
  edition: z.string(),
  /** From 1: pages 1 to 100. */
  group: z.int(),
  version: z.int(),
  /** What became of its deliveries; `null` while that may change. */
  sum: z
    .object({
      counts: z.record(z.enum(deliveryStates), z.int()),
      unknownSince: z.string().nullable(),
      /** Sent mails by their language. */
      sentIn: z.record(z.string(), z.int()).default({}),
    })
    .nullable(),
  /** Pages that somebody is about to change, with the version he saw: `12@7`. */
  changing: z.array(z.string()).readonly(),
  /** Deliveries of which something was heard after they were sent. */
  bounced: z.array(z.string()).readonly(),
  complained: z.array(z.string()).readonly(),
});

export type Tally = Readonly<z.infer<typeof tallySchema>>;
export type States = Readonly<Omit<Counts, 'audience'>>;

export const GROUP_PAGES = 100;

export const groupOf = (page: number): number => Math.ceil(page / GROUP_PAGES);
export const firstPageOf = (group: number): number => (group - 1) * GROUP_PAGES + 1;

export const newTally = (edition: string, group: number): Tally => ({
  edition,
  group,
  version: 0,
  sum: null,
  changing: [],
  bounced: [],
  complained: [],
});

/** What is counted on pages: their states, and since when somebody has been unknown. */
export interface Sum {
  readonly states: States;
  readonly unknownSince: Instant | null;
  /** Sent mails by their language; those of an earlier release are in none. */
  readonly sentIn: Readonly<Record<string, number>>;
}

export const sumOf = (pages: readonly Page[]): Sum => {
  const { audience: _, ...states } = countsOf(pages, 0);
  const since = pages.flatMap(({ deliveries }) =>
    deliveries.flatMap((one) => (one.state === 'unknown' ? (one.since ?? []) : [])),
  );
  return { states, unknownSince: since.sort()[0] ?? null, sentIn: sentInOf(pages) };
};

const sentInOf = (pages: readonly Page[]): Record<string, number> => {
  const sentIn: Record<string, number> = {};
  for (const { deliveries } of pages) {
    for (const { state, language } of deliveries) {
      if (state === 'sent' && language !== undefined) sentIn[language] = (sentIn[language] ?? 0) + 1;
    }
  }
  return sentIn;
};

export const NO_SUM: Sum = sumOf([]);

export const added = (a: Sum, b: Sum): Sum => {
  const states = { ...a.states };
  for (const state of deliveryStates) states[state] += b.states[state];
  const [unknownSince = null] = [a.unknownSince ?? [], b.unknownSince ?? []].flat().sort();
  const sentIn = { ...a.sentIn };
  for (const [language, sent] of Object.entries(b.sentIn)) sentIn[language] = (sentIn[language] ?? 0) + sent;
  return { states, unknownSince, sentIn };
};

/** The tally with the sum of all its pages; `undefined` while something is to be done or about to change. */
export const closedOver = (tally: Tally, pages: readonly Page[]): Tally | undefined => {
  if (tally.sum || pages.some(isOpen) || tally.changing.some((mark) => isPending(mark, pages))) return undefined;
  const { states, unknownSince, sentIn } = sumOf(pages);
  return { ...tally, sum: { counts: states, unknownSince, sentIn: { ...sentIn } }, changing: [] };
};

/** Its page is still as he saw it: his change may come, or he is gone. */
const isPending = (mark: string, pages: readonly Page[]): boolean =>
  pages.some(({ page, version }) => mark === markOf({ page, version }));

const markOf = ({ page, version }: Pick<Page, 'page' | 'version'>): string => `${page}@${version}`;

/** Says that this page is about to change; `undefined`: it is known. */
export const opened = (tally: Tally, page: Page): Tally | undefined => {
  const mark = markOf(page);
  if (tally.sum === null && tally.changing.includes(mark)) return undefined;
  return { ...tally, sum: null, changing: [...tally.changing.filter((one) => one !== mark), mark] };
};

/** Whether a sum that was made before would no longer be true. */
export const spoilsSum = (before: Page, after: Page): boolean =>
  !isOpen(before) && before.deliveries.some(({ state }, i) => after.deliveries[i]?.state !== state);

/** Notes what was heard of a delivery, once. */
export const withOutcome = (tally: Tally, outcome: 'bounced' | 'complained', delivery: string): Tally | undefined =>
  tally[outcome].includes(delivery) ? undefined : { ...tally, [outcome]: [...tally[outcome], delivery] };
