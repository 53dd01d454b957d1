import type { Written } from '../../shared/storage/table.ts';
import type { Change } from './decide.ts';
import type { LoggedEntry } from './logged.ts';
import type { Facts, Wish } from './wish.ts';

/** The steps an append is made of. Each is one write or a read; a process may die between any two of them. */
export interface Log {
  /** Every entry up to this `seq` is known to be projected. Never beyond one that is not; it may lag behind. */
  headMark(): Promise<number>;
  /** Some entries after this one, in order and without a hole; none at the tail. `fresh: false` may be a moment old. */
  after(seq: number, how: { fresh: boolean }): Promise<LoggedEntry[]>;
  facts(wish: Wish): Promise<Facts>;
  /** Takes a text that is too long for the table out of the change, and leaves its key. */
  shelve(change: Change): Promise<Change>;
  /** `refused`: there is an entry of this `seq`, perhaps this very one. */
  put(entry: LoggedEntry): Promise<Written>;
  /** Brings what is known of articles up to this entry. May be done by anybody, twice, and late. */
  project(entry: LoggedEntry): Promise<void>;
  /**
   * Raises the head mark. `all-before`: the caller knows every entry before to be projected. `follows`: the caller
   * does not, so only if the mark stands at the entry before.
   */
  mark(seq: number, knowing: 'all-before' | 'follows'): Promise<Written>;
}
