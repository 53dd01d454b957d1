import type { Table } from '../shared/storage/table.ts';
import { addMs, DAY_MS, epochSeconds } from '../shared/time.ts';
import { emptyMailbox, heardOf, type Mailbox, mailboxSchema, type Told } from './mailbox.ts';

export interface Mailboxes {
  /** Writes down what became of a mail; gives what is known then. May be told twice. */
  hear(subscriber: string, told: Told): Promise<Mailbox>;
}

/** Longer than five editions that come once a month. */
const KEPT_MS = 400 * DAY_MS;
const MOST_TRIES = 10;

/** One small item per reader, beside the subscriber, so that a reader's own changes and SES's news never meet. */
export const dynamoMailboxes = (table: Table): Mailboxes => ({
  async hear(subscriber, told) {
    const key = { pk: `MAILBOX#${subscriber}`, sk: 'MAILBOX' };
    for (let tries = 0; tries < MOST_TRIES; tries++) {
      const item = await table.get(key);
      const before = item ? mailboxSchema.parse(item) : emptyMailbox;
      const after = heardOf(before, told);
      if (after === before) return before;
      const version = before.version + 1;
      const expiresAtSeconds = epochSeconds(addMs(told.sentAt, KEPT_MS));
      const condition = item ? { is: { version: before.version } } : ('absent' as const);
      // Refused may be our own first try, whose answer was lost: then the next look finds it known.
      if ((await table.put({ ...key, ...after, version, expiresAtSeconds }, condition)) === 'written') return after;
    }
    throw new Error('A mailbox was written to by others ten times in a row.');
  },
});
