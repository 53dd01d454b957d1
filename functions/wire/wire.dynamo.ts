import type { Table } from '../shared/storage/table.ts';
import { entryKey } from './append/keys.dynamo.ts';
import type { LoggedEntry } from './append/logged.ts';
import { parseEntry, readEntries, readHeadMark } from './append/read.dynamo.ts';
import { withBody } from './append/withBody.ts';
import type { Entry } from './entry.ts';
import type { Bodies, Wire } from './ports.ts';

/** Entries looked at in one step on the way from the head mark to the head; as a rule there are none. */
const STEP = 25;

export const dynamoWire = (table: Table, bodies: Bodies): Wire => ({
  async head() {
    let head = await readHeadMark(table, { fresh: true });
    for (let step: LoggedEntry[]; ; head += step.length) {
      step = await readEntries(table, head, STEP, { fresh: true });
      if (step.length === 0) return head;
    }
  },

  async after(seq, limit) {
    const entries = await readEntries(table, seq, limit, { fresh: true });
    return Promise.all(entries.map(async (entry) => entryOf(await withBody(bodies, entry, () => again(table, entry)))));
  },
});

const again = async (table: Table, { seq }: LoggedEntry): Promise<LoggedEntry | undefined> => {
  const item = await table.get(entryKey(seq));
  return item && parseEntry(item);
};

/** What is for readers. */
const entryOf = (entry: LoggedEntry): Entry => ({
  seq: entry.seq,
  kind: entry.kind,
  at: entry.at,
  attempt: entry.attempt,
  announce: entry.announce,
  announcedSeq: entry.announcedSeq,
  article: entry.article,
  before: entry.before,
  reason: entry.reason,
  ...(entry.correction !== undefined && { correction: entry.correction }),
  identities: entry.identities,
});
