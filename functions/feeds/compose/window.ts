import { addMs, HOUR_MS } from '../../shared/time.ts';
import type { NewsRow } from '../read/listRows.ts';

/** Live articles that a current document holds at least, where there are so many. */
export const NEWEST = 50;
/** It also holds everything from this long before its newest article: whoever polls daily misses nothing. */
const RECENT_MS = 48 * HOUR_MS;
/** …up to this many: about a megabyte of text. */
const MOST_LIVE = 200;
/** Rows looked at for one document, those of articles that are gone too. */
export const MOST_ROWS = 400;

/** The rows of a current document, from all rows of its list or their newest part. Newest first. */
export const windowOf = (rows: readonly NewsRow[]): NewsRow[] => {
  const chosen: NewsRow[] = [];
  let live = 0;
  let since: string | undefined;
  for (const row of rows) {
    if (live === MOST_LIVE || chosen.length === MOST_ROWS) break;
    if (live >= NEWEST && since !== undefined && row.announcedAt < since) break;
    chosen.push(row);
    if (row.gone) continue;
    live += 1;
    since ??= addMs(row.announcedAt, -RECENT_MS);
  }
  return chosen;
};
