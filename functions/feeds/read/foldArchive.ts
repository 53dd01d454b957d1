import type { FeedName } from '../addresses.ts';
import { type Draft, feedStanding, touchWith } from './draft.ts';

/** Articles of one archive document. */
export const ARCHIVED_TOGETHER = 50;

interface Arrival {
  readonly list: FeedName;
  readonly seq: number;
  readonly announcedSeq: number;
  /** Whether the article comes into the list by this entry. */
  readonly isNew: boolean;
}

/**
 * Counts an article into the archive of a list. Fifty that came one after the other make a document, and its bounds are
 * final: an article that comes later with an earlier announcement (it changed its topic) joins the document that spans
 * it, and no other document moves. The count stands in the touch, so that an entry that is read again counts once.
 */
export const foldArchive = (draft: Draft, { list, seq, announcedSeq, isNew }: Arrival): void => {
  const { seq: touchedSeq, shelving } = feedStanding(draft, list);
  if (touchedSeq >= seq) return;
  if (announcedSeq <= shelving.through) {
    draft.rewrites.push({ list, seq, announcedSeq });
    touchWith(draft, { feed: list, seq, shelving: { ...shelving, changedSeq: seq } });
    return;
  }
  const count = shelving.count + (isNew ? 1 : 0);
  const newest = Math.max(shelving.newest, announcedSeq);
  if (count < ARCHIVED_TOGETHER) {
    touchWith(draft, { feed: list, seq, shelving: { ...shelving, count, newest } });
    return;
  }
  const closed = shelving.closed + 1;
  draft.bounds.push({ list, seq, number: closed, after: shelving.through, through: newest });
  draft.rewrites.push({ list, seq, announcedSeq: newest });
  touchWith(draft, { feed: list, seq, shelving: { closed, through: newest, newest, count: 0, changedSeq: seq } });
};
