import { type Instant, msOf } from '../../shared/time.ts';
import type { Entry } from '../../wire/entry.ts';
import { follow } from '../../wire/follow.ts';
import type { Cursors, Wire } from '../../wire/ports.ts';
import { feedKey } from '../addresses.ts';
import { listsOf } from './draft.ts';
import { fold } from './fold.ts';
import type { ListRows } from './listRows.ts';

/** The name of the one cursor of all feeds. */
export const FEEDS_CURSOR = 'feeds';

/** Entries read at a time. */
const PAGE = 100;

export interface WireReader {
  readonly wire: Wire;
  readonly cursors: Cursors;
  readonly rows: ListRows;
  /** The newsroom's languages. */
  readonly languages: readonly string[];
  readonly now: () => Instant;
}

/** Brings the lists up to the head of the wire, or as far as it gets until then. */
export const readWire = async (reader: WireReader, until: Instant): Promise<{ seq: number }> => {
  const { wire, cursors } = reader;
  for (;;) {
    const handle = (entries: readonly Entry[]): Promise<void> => project(reader, entries);
    const { seq, more } = await follow({ wire, cursors, cursor: FEEDS_CURSOR, handle, limit: PAGE });
    if (!more || msOf(reader.now()) >= msOf(until)) return { seq };
  }
};

/** Writes what these entries make of the lists. May be repeated, and done by two at the same time. */
export const project = async (
  { rows, languages }: Pick<WireReader, 'rows' | 'languages'>,
  entries: readonly Entry[],
) => {
  const places = await rows.places(entries.map(({ article }) => article.id));
  const all = new Set([
    ...languages,
    ...[...entries.map(({ article }) => article), ...places].map((one) => one.language),
  ]);
  const stories = new Set([...entries.map(({ article }) => article), ...places].flatMap(({ story }) => story ?? []));
  const known = await rows.stories([...stories].flatMap((story) => [...all].map((language) => ({ story, language }))));
  const concerned = [
    ...[...entries.map(({ article }) => article), ...places].flatMap(listsOf),
    ...known.flatMap(({ language, members }) => members.flatMap(({ topics }) => listsOf({ language, topics }))),
  ];
  // After the places: whoever finds an entry's place finds its touches.
  const touches = await rows.touches([...new Map(concerned.map((feed) => [feedKey(feed), feed])).values()]);
  await rows.keep(fold(entries, { places, stories: known, touches }));
};
