import type { Cadence } from '../../shared/config.ts';
import type { Edition } from './edition.ts';
import { type Heard, heardGroupOf, nothingHeard } from './heard.ts';
import type { Page } from './page.ts';
import type { Ledger } from './ports.ts';
import { groupOf, newTally, opened, spoilsSum, type Tally } from './tally.ts';
import type { Track } from './track.ts';

/**
 * Reads, thinks, writes, and thinks again where somebody else was faster. `think` says what is to stand there, and
 * `undefined` where nothing is to be written. Gives back what stands there then. After an unclear answer it reads its
 * own writing, so what `think` does must be right on top of itself.
 */
const change = async <T>(item: Stored<T>, think: (value: T) => T | undefined, known?: T): Promise<T | undefined> => {
  let before = known ?? (await item.read());
  for (let tries = 0; tries < MOST_TRIES && before !== undefined; tries++) {
    const after = think(before);
    if (after === undefined || after === before) return before;
    const written = await item.save(after, before);
    if (written !== undefined) return written;
    before = await item.read();
  }
  if (before === undefined) return undefined;
  throw new Error('An item of the ledger was changed by others again and again.');
};

interface Stored<T> {
  read(): Promise<T | undefined>;
  /** `undefined`: somebody else was faster. */
  save(value: T, before: T): Promise<T | undefined>;
}

/** Far more workers than ever stand at one item. */
const MOST_TRIES = 30;

export const changeEdition = (
  ledger: Ledger,
  id: string,
  think: (edition: Edition) => Edition | undefined,
): Promise<Edition | undefined> => change({ read: () => ledger.edition(id), save: ledger.save }, think);

/** What it takes to change a page, with the sum it may have gone into. */
export type PageLedger = Pick<Ledger, 'page' | 'savePage' | 'tally' | 'saveTally'>;

export const changePage = (
  ledger: PageLedger,
  place: Pick<Page, 'edition' | 'page'>,
  think: (page: Page) => Page | undefined,
): Promise<Page | undefined> => change(storedPage(ledger, place), think);

/** The same, beginning with the page as it was last read or saved: as a rule that saves reading it again. */
export const changeKnownPage = (
  ledger: PageLedger,
  known: Page,
  think: (page: Page) => Page | undefined,
): Promise<Page | undefined> => change(storedPage(ledger, known), think, known);

const storedPage = (ledger: PageLedger, { edition, page }: Pick<Page, 'edition' | 'page'>): Stored<Page> => ({
  read: () => ledger.page(edition, page),
  async save(after, before) {
    if (spoilsSum(before, after)) await changeTally(ledger, before, (tally) => opened(tally, before));
    return ledger.savePage(after);
  },
});

/** Writes down, once, what was heard of a delivery. */
export const changeHeard = (
  ledger: Pick<Ledger, 'heardOf' | 'saveHeard'>,
  { edition, page }: Pick<Page, 'edition' | 'page'>,
  think: (heard: Heard) => Heard | undefined,
): Promise<Heard | undefined> => {
  const group = heardGroupOf(page);
  const read = async (): Promise<Heard> => (await ledger.heardOf(edition, group)) ?? nothingHeard(edition, group);
  return change({ read, save: ledger.saveHeard }, think);
};

/** Changes the sum that a page belongs to. */
export const changeTally = (
  ledger: Pick<Ledger, 'tally' | 'saveTally'>,
  { edition, page }: Pick<Page, 'edition' | 'page'>,
  think: (tally: Tally) => Tally | undefined,
): Promise<Tally | undefined> => {
  const group = groupOf(page);
  const read = async (): Promise<Tally> => (await ledger.tally(edition, group)) ?? newTally(edition, group);
  return change({ read, save: ledger.saveTally }, think);
};

export const changeTrack = (
  ledger: Ledger,
  { newsletter, cadence }: { readonly newsletter: string; readonly cadence: Cadence },
  think: (track: Track) => Track | undefined,
): Promise<Track | undefined> =>
  change({ read: () => ledger.track(newsletter, cadence), save: ledger.saveTrack }, think);
