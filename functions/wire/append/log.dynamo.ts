import type { Table } from '../../shared/storage/table.ts';
import type { Bodies } from '../ports.ts';
import type { Change } from './decide.ts';
import { readFacts } from './facts.dynamo.ts';
import { entryKey, HEAD } from './keys.dynamo.ts';
import type { Log } from './log.ts';
import { project } from './project.dynamo.ts';
import { readEntries, readHeadMark } from './read.dynamo.ts';

/** Entries read at a time; as a rule there are none. */
const PAGE = 25;

/** An item may have 400 KB, and the entry is more than its article. */
const MOST_BYTES = 300_000;

export const dynamoLog = (table: Table, bodies: Bodies): Log => ({
  headMark: () => readHeadMark(table, { fresh: false }),
  after: (seq, how) => readEntries(table, seq, PAGE, how),
  facts: (wish) => readFacts(table, wish),
  shelve: (change) => shelve(bodies, change),
  put: (entry) => table.put({ ...entryKey(entry.seq), ...entry }, 'absent'),
  project: (entry) => project(table, bodies, entry),
  mark: (seq, knowing) =>
    table.put({ ...HEAD, seq }, knowing === 'all-before' ? { below: ['seq', seq] } : { is: { seq: seq - 1 } }),
});

const shelve = async (bodies: Bodies, change: Change): Promise<Change> => {
  const { article } = change;
  if (change.bodyKey !== null || !isLong(article)) return change;
  return { ...change, article: { ...article, html: '' }, bodyKey: await bodies.keep(article.id, article.html) };
};

/** Whether a text has to lie in the bucket. */
export const isLong = (content: object): boolean => Buffer.byteLength(JSON.stringify(content)) > MOST_BYTES;
