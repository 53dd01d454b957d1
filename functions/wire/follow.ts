import { errorFields, log } from '../shared/log.ts';
import { type Entry, isPublic } from './entry.ts';
import type { Cursors, Position, Wire } from './ports.ts';

/** After this many failures an entry is set aside, so that one poisoned entry does not stop the wire for a reader. */
export const MOST_FAILURES = 5;

interface Following {
  readonly wire: Wire;
  readonly cursors: Cursors;
  /** The reader's name. */
  readonly cursor: string;
  /** Does the reader's work for these entries, in order. May see an entry again, so it must bear that. */
  readonly handle: (entries: readonly Entry[]) => Promise<void>;
  /** Entries handled at a time. */
  readonly limit: number;
}

/**
 * Reads one page of the wire after the cursor, hands it over, and moves the cursor when that is done: every entry is
 * handled at least once and in order. Where a page fails, its entries are tried one by one; the one that fails throws,
 * and comes again with the next doorbell until it is set aside. `more`: there may be further entries; call again.
 */
export const follow = async (following: Following): Promise<{ seq: number; more: boolean }> => {
  const { wire, cursors, cursor, limit } = following;
  const from = await cursors.read(cursor);
  const page = await wire.after(from.seq, limit);
  const last = page.at(-1);
  if (!last) return { seq: from.seq, more: false };
  // An entry that has failed before is tried alone, to harm no other.
  if (from.failures === 0 && (await handledWhole(following, page))) {
    await cursors.move(cursor, from, { seq: last.seq, failures: 0 });
    return { seq: last.seq, more: page.length === limit };
  }
  return oneByOne(following, page, from);
};

const handledWhole = async ({ handle, cursor }: Following, page: readonly Entry[]): Promise<boolean> => {
  const shown = page.filter(isPublic);
  if (shown.length === 0) return true;
  try {
    await handle(shown);
    return true;
  } catch (error) {
    // Recovered by trying the entries one by one; the one at fault throws again there.
    log.warn('wire.page-failed', { cursor, from: page[0]?.seq, ...errorFields(error) });
    return false;
  }
};

const oneByOne = async (
  following: Following,
  page: readonly Entry[],
  from: Position,
): Promise<{ seq: number; more: boolean }> => {
  const { cursors, cursor, limit } = following;
  let position = from;
  for (const entry of page) {
    const next = await handledAlone(following, entry, position);
    // Somebody else reads under this name and is further on: leave it to them.
    if ((await cursors.move(cursor, position, next.to)) === 'refused') return { seq: position.seq, more: false };
    if (next.failed) throw next.failed;
    position = next.to;
  }
  return { seq: position.seq, more: page.length === limit };
};

const handledAlone = async (
  { handle, cursor }: Following,
  entry: Entry,
  at: Position,
): Promise<{ to: Position; failed?: Error }> => {
  const beyond = { seq: entry.seq, failures: 0 };
  if (!isPublic(entry)) return { to: beyond };
  try {
    await handle([entry]);
    return { to: beyond };
  } catch (error) {
    // Counted in the cursor, and thrown on until the entry is set aside.
    const failures = at.failures + 1;
    if (failures < MOST_FAILURES) {
      return { to: { seq: at.seq, failures }, failed: error instanceof Error ? error : new Error('failed') };
    }
    log.error('wire.entry-set-aside', { cursor, seq: entry.seq, article: entry.article.id, ...errorFields(error) });
    return { to: beyond };
  }
};
