import type { Instant } from '../../shared/time.ts';
import type { Day, Time } from './day.ts';

export type DateReading =
  /** A moment, with its offset from UTC. */
  | { readonly is: 'moment'; readonly at: Instant }
  /** A day, perhaps with a time, wherever the reader is. */
  | { readonly is: 'day'; readonly day: Day; readonly time: Time | null }
  | RefusedDate
  /** It is no date at all. */
  | { readonly is: 'none' };

/** It has the form of a date, but is none, or could be two. `because` goes into a sentence. */
export interface RefusedDate {
  readonly is: 'refused';
  readonly because: string;
}

const refused = (because: string): RefusedDate => ({ is: 'refused', because });

export const NO_SUCH_DAY = refused('the calendar has no such day');
export const NO_SUCH_TIME = refused('the clock has no such time');
export const WRONG_WEEKDAY = refused('the weekday does not fit the date');

export const ambiguous = (one: string, other: string): RefusedDate =>
  refused(`it may mean ${one} or ${other}; please write it as YYYY-MM-DD or with the month as a word`);
