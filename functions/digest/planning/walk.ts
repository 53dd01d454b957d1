import { msOf } from '../../shared/time.ts';
import type { Edition } from '../ledger/edition.ts';
import { isRound, placeInOrder } from '../ledger/order.ts';
import type { Delivery, Page } from '../ledger/page.ts';
import type { Later } from './later.ts';
import type { News } from './news.ts';
import { type NewsDesk, openNewsDesk } from './newsDesk.ts';
import type { Before } from './past.ts';
import type { Planning } from './ports.ts';
import { deliveriesFor } from './readers.ts';

/** One write each for claim, begin and result serves all readers of a page. */
export const PAGE_READERS = 25;
const READERS_AT_ONCE = 500;

/** All pages are written: so many, for so many readers. */
export interface Ended {
  readonly is: 'end';
  readonly edition: Edition;
  readonly pages: number;
  readonly audience: number;
  readonly news: readonly News[];
  readonly before: Before;
  readonly later: Later;
}

/** `more`: there was no time for the rest. `restart`: somebody else has changed the edition meanwhile. */
export type Walked = Ended | { readonly is: 'more' | 'restart' };

/**
 * Goes through the readers of an edition in its order (`order.ts`) and writes a page for every 25 who get it. A page is
 * written only if it is not there yet, and starts behind the last one; so this may die anywhere and go on, and two
 * that walk at the same time write one row of pages between them.
 */
export const walk = async (planning: Planning, opened: Edition): Promise<Walked> => {
  const until = msOf(planning.now()) + planning.sliceMs;
  const desk = await openNewsDesk(planning, opened);
  let place = placeOf(opened, await planning.ledger.lastPage(opened.id));
  while (!place.ended) {
    const next = await step(planning, desk, place);
    if (next === 'restart') return { is: 'restart' };
    place = next;
    if (!place.ended && msOf(planning.now()) >= until) return rest(planning, desk.edition(), place);
  }
  return {
    is: 'end',
    edition: desk.edition(),
    pages: place.page - 1,
    audience: place.total,
    news: desk.all(),
    before: desk.before(),
    later: desk.later(),
  };
};

/** How far a walk is: behind which page, and behind which reader. */
interface Place {
  readonly page: number;
  readonly reader: string;
  readonly total: number;
  readonly ended: boolean;
}

const placeOf = (edition: Edition, last: Page | undefined): Place => {
  const { walked } = edition;
  const through = last?.through ?? '';
  // A page written after the note was made is newer than the note.
  const isFarther = placeInOrder(edition, walked.reader) > placeInOrder(edition, through);
  const noteCounts = walked.pages === (last?.page ?? 0) && isFarther;
  return {
    page: last?.page ?? 0,
    reader: noteCounts ? walked.reader : through,
    total: last?.total ?? 0,
    ended: last?.end ?? false,
  };
};

/** The next ones in the edition's order; none: that was all of them. */
const readersBehind = async ({ subscribers }: Planning, edition: Edition, reader: string): Promise<string[]> => {
  const { newsletter, cadence, startsBehind } = edition;
  const read = async (after: string, limit: number): Promise<string[]> => {
    const how = { limit, ...(after !== '' && { after }) };
    return (await subscribers.audience(newsletter, cadence, how)).map(({ id }) => id);
  };
  const goesRound = isRound(edition, reader);
  const onward = goesRound ? [] : await read(reader === '' ? startsBehind : reader, READERS_AT_ONCE);
  const missing = READERS_AT_ONCE - onward.length;
  if (missing === 0) return onward;
  const anew = await read(goesRound ? reader : '', missing);
  return [...onward, ...anew.filter((id) => id <= startsBehind)];
};

const step = async (planning: Planning, desk: NewsDesk, start: Place): Promise<Place | 'restart'> => {
  const ids = await readersBehind(planning, desk.edition(), start.reader);
  const lastId = ids.at(-1);
  if (lastId === undefined) return write(planning, desk.edition().id, start, { deliveries: [], end: true });
  const deliveries = await deliveriesFor(planning, desk, ids);
  if (deliveries === 'restart') return 'restart';
  let place = start;
  for (let at = 0; at < deliveries.length; at += PAGE_READERS) {
    const chunk = deliveries.slice(at, at + PAGE_READERS);
    const reader = at + PAGE_READERS < deliveries.length ? (chunk.at(-1)?.reader ?? lastId) : lastId;
    const next = await write(planning, desk.edition().id, { ...place, reader }, { deliveries: chunk, end: false });
    // Somebody else has written this page: what is behind it is another question.
    if (next.reader !== reader || next.ended) return next;
    place = next;
  }
  return { ...place, reader: lastId };
};

/** Puts the next page, or takes the one that somebody else has put there. */
const write = async (
  { ledger }: Planning,
  edition: string,
  place: Place,
  { deliveries, end }: { readonly deliveries: readonly Delivery[]; readonly end: boolean },
): Promise<Place> => {
  const page: Page = {
    edition,
    page: place.page + 1,
    version: 1,
    through: place.reader,
    total: place.total + deliveries.length,
    end,
    deliveries,
    claim: null,
    retry: null,
  };
  const there = (await ledger.addPage(page)) === 'added' ? page : await ledger.page(edition, page.page);
  if (!there) throw new Error(`The page ${page.page} of ${edition} is there and is not.`);
  return { page: there.page, reader: there.through, total: there.total, ended: there.end };
};

/** Enough for now: notes where to go on. */
const rest = async ({ ledger, now }: Planning, edition: Edition, place: Place): Promise<Walked> => {
  const walked = { pages: place.page, reader: place.reader };
  return { is: (await ledger.save({ ...edition, walked, touchedAt: now() })) ? 'more' : 'restart' };
};
