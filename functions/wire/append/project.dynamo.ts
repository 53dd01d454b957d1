import type { Table } from '../../shared/storage/table.ts';
import type { Bodies } from '../ports.ts';
import { articleKey, dueKey, entryKey, ownerKey } from './keys.dynamo.ts';
import type { LoggedEntry } from './logged.ts';
import { parseEntry } from './read.dynamo.ts';

/**
 * Brings identities, the due list and the current article up to an entry. Everything follows from the entry alone, and
 * a row only gives way to a higher `seq`: so anybody may do this, twice, late, and for entries in any order. The
 * article comes after its names, or a crash between would leave it nameless and it would be published once more.
 */
export const project = async (table: Table, bodies: Bodies, entry: LoggedEntry): Promise<void> => {
  const { seq, article } = entry;
  const newer = { below: ['seq', seq] } as const;
  await Promise.all([
    ...entry.newIdentities.map((name) => table.put({ ...ownerKey(name), id: article.id, seq }, newer)),
    ...dueRows(entry).map((row) => table.put(row, newer)),
  ]);
  await table.put({ ...articleKey(article.id), ...entry }, newer);
  if (entry.kind === 'retracted') await erase(table, bodies, entry);
};

/**
 * When the article's time will be over. A row of an earlier expiry date is left: the clock finds nothing to do there
 * and removes it, which is safer than a removal here that a late projector would undo.
 */
const dueRows = ({ seq, state, article }: LoggedEntry) =>
  state === 'live' && article.expiresAt !== null
    ? [{ ...dueKey(article.expiresAt, article.id, 'article'), what: 'article', id: article.id, seq }]
    : [];

/**
 * What was retracted is to be read nowhere: the text is taken out of the article's earlier entries, in place and
 * oldest last. The head mark stays before the retraction until this is done, so whoever comes after a crash does it.
 */
const erase = async (table: Table, bodies: Bodies, retraction: LoggedEntry): Promise<void> => {
  for (let seq = retraction.previousSeq; seq !== null; ) {
    const item = await table.get(entryKey(seq));
    if (!item) throw new Error(`Entry ${seq} is not on the wire.`);
    const entry = parseEntry(item);
    const article = { ...entry.article, html: '', summary: null };
    if (entry.article.html !== '' || entry.article.summary !== null || entry.bodyKey !== null) {
      await table.put({ ...entryKey(seq), ...entry, article, bodyKey: null }, { is: { attempt: entry.attempt } });
    }
    seq = entry.previousSeq;
  }
  // Last: a reader that misses a long text looks at the entry again, and must find it blank.
  await bodies.forget(retraction.article.id);
};
