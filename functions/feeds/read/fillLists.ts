import type { Newsroom } from '../../shared/config.ts';
import { log } from '../../shared/log.ts';
import { type Instant, msOf } from '../../shared/time.ts';
import type { Entry } from '../../wire/entry.ts';
import { follow } from '../../wire/follow.ts';
import { topicList } from '../addresses.ts';
import { isAuthorList } from '../authors.ts';
import { AUTHORS_FILLING, type Filling } from './listRows.ts';
import { ENTRIES_AT_A_TIME, FEEDS_CURSOR, project, type WireReader } from './readWire.ts';

/** Lists that a wire may be longer than: those of authors, new in a release, and that of each topic with a former id. */
export const fillingsOf = (topics: Newsroom['topics']): Filling[] => [
  { name: AUTHORS_FILLING, holds: isAuthorList },
  ...topics
    .filter(({ formerly }) => formerly.length > 0)
    .map((topic) => ({ name: topicList(topic), holds: (list: { topic: string }) => list.topic === topicList(topic) })),
];

interface Filler extends WireReader {
  readonly filled: ReadonlySet<string>;
  readonly keepFilled: (filling: string) => Promise<void>;
}

/**
 * Reads the wire again from its beginning into the lists that are new, up to where the reader of all lists stands. From
 * there on that reader keeps them with the others, so a list is what it would be had it been there from entry 1. `false`:
 * not all are full yet; until they are, nobody may read on.
 */
export const fillLists = async (filler: Filler, until: Instant): Promise<boolean> => {
  const { cursors, topics = [] } = filler;
  const missing = fillingsOf(topics).filter(({ name }) => !filler.filled.has(name));
  if (missing.length === 0) return true;
  const { seq: goal } = await cursors.read(FEEDS_CURSOR);
  for (const filling of missing) {
    if (!(await fill(filler, filling, { goal, until }))) return false;
    await filler.keepFilled(filling.name);
    if (goal > 0) log.info('feeds.filled', { lists: filling.name, through: goal });
  }
  return true;
};

const fill = async (
  filler: Filler,
  filling: Filling,
  { goal, until }: { readonly goal: number; readonly until: Instant },
): Promise<boolean> => {
  const { wire, cursors } = filler;
  const rows = filler.rows.filling(filling);
  const handle = (entries: readonly Entry[]): Promise<void> => project({ ...filler, rows }, entries);
  const cursor = `${FEEDS_CURSOR}/${filling.name}`;
  let { seq } = await cursors.read(cursor);
  while (seq < goal) {
    if (msOf(filler.now()) >= msOf(until)) return false;
    const limit = Math.min(ENTRIES_AT_A_TIME, goal - seq);
    const read = await follow({ wire, cursors, cursor, handle, limit });
    // Somebody else fills the same lists and is further on.
    if (read.seq === seq) return false;
    seq = read.seq;
  }
  return true;
};
