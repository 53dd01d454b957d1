import type { Cadence } from '../../shared/config.ts';
import type { Edition } from './edition.ts';
import type { Page } from './page.ts';
import type { Ledger } from './ports.ts';
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
    const written = await item.save(after);
    if (written !== undefined) return written;
    before = await item.read();
  }
  if (before === undefined) return undefined;
  throw new Error('An item of the ledger was changed by others again and again.');
};

interface Stored<T> {
  read(): Promise<T | undefined>;
  /** `undefined`: somebody else was faster. */
  save(value: T): Promise<T | undefined>;
}

/** Far more workers than ever stand at one item. */
const MOST_TRIES = 30;

export const changeEdition = (
  ledger: Ledger,
  id: string,
  think: (edition: Edition) => Edition | undefined,
): Promise<Edition | undefined> => change({ read: () => ledger.edition(id), save: ledger.save }, think);

export const changePage = (
  ledger: Pick<Ledger, 'page' | 'savePage'>,
  { edition, page }: Pick<Page, 'edition' | 'page'>,
  think: (page: Page) => Page | undefined,
): Promise<Page | undefined> => change({ read: () => ledger.page(edition, page), save: ledger.savePage }, think);

/** The same, beginning with the page as it was last read or saved: as a rule that saves reading it again. */
export const changeKnownPage = (
  ledger: Ledger,
  known: Page,
  think: (page: Page) => Page | undefined,
): Promise<Page | undefined> =>
  change({ read: () => ledger.page(known.edition, known.page), save: ledger.savePage }, think, known);

export const changeTrack = (
  ledger: Ledger,
  { newsletter, cadence }: { readonly newsletter: string; readonly cadence: Cadence },
  think: (track: Track) => Track | undefined,
): Promise<Track | undefined> =>
  change({ read: () => ledger.track(newsletter, cadence), save: ledger.saveTrack }, think);
