import type { Newsletter } from '../../shared/config.ts';
import { addMs, type Instant, MINUTE_MS } from '../../shared/time.ts';
import { isPublic } from '../../wire/entry.ts';
import type { Wire } from '../../wire/ports.ts';
import { changeTrack } from '../ledger/change.ts';
import { type Edition, hasNotBegun } from '../ledger/edition.ts';
import type { Ledger } from '../ledger/ports.ts';
import type { Track } from '../ledger/track.ts';
import { type Known, learnBack, newsAfter } from './news.ts';

interface Looking {
  readonly ledger: Ledger;
  readonly wire: Wire;
  readonly now: () => Instant;
}

/**
 * The moment for which a newsletter that sends each article at once has an edition now. It follows from the first
 * article that waits, so that two schedulers make one edition; it never lies before the moment the way was free, so
 * that nothing is late only because somebody held what came before it.
 */
export const immediateSlot = async (
  looking: Looking,
  newsletter: Newsletter,
  track: Track,
): Promise<Instant | undefined> => {
  const { gatherMinutes } = newsletter.cadences.immediate ?? { gatherMinutes: 0 };
  const last = await lastImmediate(looking.ledger, newsletter.id);
  // One at a time: what comes while a person or the planning is at work on an edition waits for the next one.
  if (last && (hasNotBegun(last) || isEnding(last))) return undefined;
  const seen = Math.max(track.coveredThrough, track.looked, last?.upTo ?? 0);
  const first = await firstWaiting(looking, newsletter, track, seen);
  if (first === undefined) return undefined;
  const gathered = addMs(first, gatherMinutes * MINUTE_MS);
  const free = last?.startedAt ?? last?.closedAt ?? gathered;
  const slot = [gathered, free].sort().at(-1) ?? gathered;
  return slot <= looking.now() ? slot : undefined;
};

/** Cancelled or superseded, and its pages are still being closed: it may yet give back what it covered. */
const isEnding = ({ state, closedAt }: Edition): boolean =>
  (state === 'cancelled' || state === 'superseded') && closedAt === null;

/** Editions of every cadence lie together, newest first; between two of this one lie a few others at most. */
const NEWEST_LOOKED_AT = 20;

const lastImmediate = async (ledger: Ledger, newsletter: string): Promise<Edition | undefined> =>
  (await ledger.newest(newsletter, { limit: NEWEST_LOOKED_AT })).find(({ cadence }) => cadence === 'immediate');

/** When the first article came that this newsletter has to tell and has not. Where there is none, the track says so. */
const firstWaiting = async (
  { ledger, wire }: Looking,
  newsletter: Newsletter,
  track: Track,
  seen: number,
): Promise<Instant | undefined> => {
  const upTo = await wire.head();
  if (upTo <= seen) return undefined;
  const known: Known = new Map();
  await learnBack(wire, known, { upTo, after: seen });
  const waiting = newsAfter(known, seen).filter(({ language }) => newsletter.languages.includes(language));
  const first = waiting.at(-1);
  if (!first) {
    // An import of ten thousand old articles is not read again each minute.
    await changeTrack(ledger, track, (there) => (there.looked < upTo ? { ...there, looked: upTo } : undefined));
    return undefined;
  }
  const [entry] = await wire.after(first.announcedSeq - 1, 1);
  return entry && isPublic(entry) ? entry.at : undefined;
};
