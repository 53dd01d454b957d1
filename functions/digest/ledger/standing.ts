import type { Instant } from '../../shared/time.ts';
import { type Edition, reached } from './edition.ts';
import { type Counts, isOpen, type Page } from './page.ts';
import type { Ledger } from './ports.ts';
import {
  added,
  closedOver,
  firstPageOf,
  GROUP_PAGES,
  groupOf,
  NO_SUM,
  newTally,
  type Sum,
  sumOf,
  type Tally,
} from './tally.ts';

/** How an edition's deliveries stand. */
export interface Standing {
  /** The audience is the frozen one; the states are counted, and add up to it where nothing is badly wrong. */
  readonly counts: Counts;
  /** So many deliveries more than the audience, or, below 0, fewer; where it is not 0, a person must look. */
  readonly discrepancy: number;
  /** Since when the one who has been unknown longest is; `null` also where an earlier release did not note it. */
  readonly unknownSince: Instant | null;
  /** Sent mails by their language, as far as it was noted. */
  readonly sentIn: Sum['sentIn'];
  readonly bounced: number;
  readonly complained: number;
  /** Pages that somebody was rung for and on which something is left to do. */
  readonly openPages: readonly number[];
  /** Sums that may be closed now. */
  readonly closable: readonly Tally[];
}

type Counter = Pick<Ledger, 'tallies' | 'pages' | 'lastPage'>;

/**
 * Counts from the closed sums and from the pages of what is under way. Every hundred pages are counted whole in one of
 * these ways, so nobody is missing and nobody counts twice. Whoever is on a page behind these is waiting; once there is
 * none, the sum must be the audience by itself.
 */
export const standingOf = async (ledger: Counter, edition: Edition): Promise<Standing> => {
  const reach = reached(edition);
  // While it is planned, its audience is what is there.
  const audience = edition.audience ?? (await ledger.lastPage(edition.id))?.total ?? 0;
  const tallies = await ledger.tallies(edition.id);
  const byGroup = new Map(tallies.map((one) => [one.group, one]));
  const groups = Array.from({ length: groupOf(reach) }, (_, i) => byGroup.get(i + 1) ?? newTally(edition.id, i + 1));
  const looks = await lookInTurn(
    groups.filter(({ sum }) => sum === null),
    (tally) => lookAt(ledger, tally),
  );
  const sum = [...groups.flatMap((tally) => closedSum(tally) ?? []), ...looks.map((look) => look.sum)].reduce(
    added,
    NO_SUM,
  );
  const counted = Object.values(sum.states).reduce((a, b) => a + b, 0);
  const waiting = isBehind(edition, groups.length) ? Math.max(0, audience - counted) : 0;
  return {
    counts: { audience, ...sum.states, ready: sum.states.ready + waiting },
    // While it is planned, a page may have come between the two questions.
    discrepancy: edition.audience === null ? 0 : counted + waiting - audience,
    unknownSince: sum.unknownSince,
    sentIn: sum.sentIn,
    bounced: tallies.reduce((count, { bounced }) => count + bounced.length, 0),
    complained: tallies.reduce((count, { complained }) => count + complained.length, 0),
    openPages: looks.flatMap(({ open }) => open.filter((page) => page <= reach)),
    closable: looks.flatMap(({ closed }) => closed ?? []),
  };
};

/** There are pages behind those that are counted. */
const isBehind = ({ pages }: Edition, groups: number): boolean => pages === null || groups * GROUP_PAGES < pages;

/** What became of an edition's deliveries. */
export const countEdition = async (ledger: Counter, edition: Edition): Promise<Counts> =>
  (await standingOf(ledger, edition)).counts;

interface Look {
  readonly sum: Sum;
  readonly open: readonly number[];
  readonly closed: Tally | undefined;
}

const lookAt = async (ledger: Counter, tally: Tally): Promise<Look> => {
  const after = firstPageOf(tally.group) - 1;
  const pages = await ledger.pages(tally.edition, { after, limit: GROUP_PAGES });
  const open = pages.filter(isOpen).map(({ page }) => page);
  return { sum: sumOf(pages), open, closed: isWhole(pages) ? closedOver(tally, pages) : undefined };
};

/** A hundred, or up to the empty one behind the last: nobody can add another. */
export const isWhole = (pages: readonly Page[]): boolean => pages.length === GROUP_PAGES || pages.at(-1)?.end === true;

const closedSum = ({ sum }: Tally): Sum | undefined =>
  sum ? { states: { ...NO_SUM.states, ...sum.counts }, unknownSince: sum.unknownSince, sentIn: sum.sentIn } : undefined;

/** A hundred pages are a third of a megabyte: never more than a few of them are held. */
const LOOKS_AT_ONCE = 4;

const lookInTurn = async (tallies: readonly Tally[], look: (tally: Tally) => Promise<Look>): Promise<Look[]> => {
  const looks: Look[] = [];
  for (let at = 0; at < tallies.length; at += LOOKS_AT_ONCE) {
    looks.push(...(await Promise.all(tallies.slice(at, at + LOOKS_AT_ONCE).map(look))));
  }
  return looks;
};

/** Keeps the sums that may be closed, each in place of the version it was made from; who comes too late lets it be. */
export const keepSums = async (ledger: Pick<Ledger, 'saveTally'>, { closable }: Standing): Promise<void> => {
  for (const tally of closable) await ledger.saveTally(tally);
};
