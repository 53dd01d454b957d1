import { sha256 } from '../../../shared/hash.ts';
import { addMs, DAY_MS, type Instant } from '../../../shared/time.ts';
import type { Outcome } from '../../../wire/ports.ts';
import type { Polling, Seen } from '../ports.ts';
import { type FoundItem, labelOf, nameOf, type RefusedItem } from '../reading/found.ts';
import type { Source, SourceState } from '../source.ts';
import { type Completed, completed, isFollowed } from './complete.ts';

export interface Broughts {
  readonly articles: number;
  readonly revisions: number;
  readonly refused: readonly RefusedItem[];
  /** Not all could be brought in one look. */
  readonly more: boolean;
  /** Something may go better at the next look, so the document must not count as read. */
  readonly again: boolean;
}

export interface Bringing {
  readonly source: Source;
  readonly state: SourceState;
  readonly items: readonly FoundItem[];
  /** Whether there is time for another. */
  readonly hasTime: () => boolean;
}

/** What appears for the first time with an older date is a source's archive rather than its news. */
const NEWS_DAYS = 14;

/** More than any document has items. */
const MOST_SEEN = 1500;

/**
 * Brings what a source shows onto the wire, the oldest first. What it said the last time is not even asked about; what
 * it no longer shows is not touched. One item that cannot be taken costs that item.
 */
export const bringItems = async (polling: Polling, bringing: Bringing): Promise<Broughts> => {
  const { source, items, hasTime } = bringing;
  const seen = await polling.sources.seen(source.id);
  const met = new Map<string, string>();
  const tally: Tally = { articles: 0, revisions: 0, refused: [], more: false, again: false };
  let room = isFollowed(source) ? MOST_FOLLOWED : Number.POSITIVE_INFINITY;
  for (const item of inOrder(items)) {
    const key = short(nameOf(item));
    const hash = short(JSON.stringify(item));
    const said = seen.get(key);
    if (said === hash || said === refusedMark(hash, source)) {
      met.set(key, said);
      continue;
    }
    if (room-- <= 0 || !hasTime()) {
      tally.more = true;
      break;
    }
    const outcome = await bringOne(polling, bringing, item, said !== undefined);
    count(tally, item, outcome);
    if (outcome.is !== 'refused') met.set(key, hash);
    else if (!outcome.again) met.set(key, refusedMark(hash, source));
  }
  await rememberMet(polling, source, seen, met);
  return tally;
};

/** Pages of a site that one look may ask for. */
const MOST_FOLLOWED = 25;

type Tally = { -readonly [Field in keyof Broughts]: Field extends 'refused' ? RefusedItem[] : Broughts[Field] };

type BroughtOne = Outcome | Exclude<Completed, { is: 'item' }>;

const count = (tally: Tally, item: FoundItem, outcome: BroughtOne): void => {
  if (outcome.is === 'new') tally.articles += 1;
  if (outcome.is === 'revised') tally.revisions += 1;
  if (outcome.is !== 'refused') return;
  tally.refused.push({ item: labelOf(item), because: outcome.because });
  tally.again ||= outcome.again;
};

const bringOne = async (
  polling: Polling,
  { source, state }: Bringing,
  found: FoundItem,
  isKnown: boolean,
): Promise<BroughtOne> => {
  const now = polling.now();
  const whole = await completed(polling, source, found);
  if (whole.is !== 'item') return whole;
  const { item } = whole;
  const isNews = source.announce && state.readAt !== null && !isOld(item, now);
  const made = await polling.reader.submission({ item, source, now, announce: isNews || isKnown ? undefined : false });
  return made.is === 'refused' ? { ...made, again: false } : polling.publisher.submit(made.submission);
};

const isOld = ({ publishedAt }: FoundItem, now: Instant): boolean =>
  publishedAt !== null && publishedAt < addMs(now, -NEWS_DAYS * DAY_MS);

/** Sources show the newest first; on the wire the older stands before the newer. */
const inOrder = (items: readonly FoundItem[]): FoundItem[] =>
  [...items].reverse().sort((a, b) => compare(a.publishedAt, b.publishedAt));

const compare = (a: Instant | null, b: Instant | null): number =>
  a === null || b === null || a === b ? 0 : a < b ? -1 : 1;

const short = (text: string): string => sha256(text).slice(0, 16);

/** What was refused is tried again when the source is kept otherwise. */
const refusedMark = (hash: string, { revision }: Source): string => `${hash}!${revision}`;

const rememberMet = async ({ sources }: Polling, { id }: Source, seen: Seen, met: Seen): Promise<void> => {
  const isNew = [...met].some(([key, hash]) => seen.get(key) !== hash);
  if (!isNew) return;
  // Those met now go to the end, so that the longest unseen fall out first.
  const all = [...[...seen].filter(([key]) => !met.has(key)), ...met];
  await sources.remember(id, new Map(all.slice(-MOST_SEEN)));
};
