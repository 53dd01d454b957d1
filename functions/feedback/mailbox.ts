import * as z from 'zod';
import { sha256 } from '../shared/hash.ts';
import type { Instant } from '../shared/time.ts';

/** What became of the latest mails to one reader: enough to tell a mailbox that is full from one that is gone. */
export const mailboxSchema = z.object({
  version: z.int(),
  /** In the order they were sent in. */
  mails: z
    .array(
      z.object({
        /** Of SES's message id: enough to know a mail again. */
        mail: z.string(),
        sentAt: z.string(),
        /** Whether it came back for now. One that was taken at the door and came back later has come back. */
        soft: z.boolean(),
      }),
    )
    .readonly(),
});
export type Mailbox = Readonly<z.infer<typeof mailboxSchema>>;

export const emptyMailbox: Mailbox = { version: 0, mails: [] };

/** So many in a row, with no delivery between them, and the mailbox counts as gone. */
const SOFT_IN_A_ROW = 5;
/** A few more than are counted, so that what comes late still finds its place. */
const MOST_MAILS = 8;

export interface Told {
  readonly messageId: string;
  readonly sentAt: Instant;
  readonly soft: boolean;
}

/**
 * The mailbox with one more thing told of it, in whatever order and however often: mails stand in the order they were
 * sent in, each once, and to have come back outweighs to have been taken. Unchanged where it was known.
 */
export const heardOf = (mailbox: Mailbox, { messageId, sentAt, soft }: Told): Mailbox => {
  const mail = sha256(messageId).slice(0, 16);
  const known = mailbox.mails.find((one) => one.mail === mail);
  if (known && (known.soft || !soft)) return mailbox;
  const others = mailbox.mails.filter((one) => one !== known);
  const mails = [...others, { mail, sentAt, soft }].sort((a, b) => (orderOf(a) < orderOf(b) ? -1 : 1));
  if (mails.length > MOST_MAILS && mails[0]?.mail === mail) return mailbox;
  return { ...mailbox, mails: mails.slice(-MOST_MAILS) };
};

const orderOf = ({ sentAt, mail }: { sentAt: string; mail: string }): string => `${sentAt} ${mail}`;

/** `since`: earlier mails went to another mailbox. */
export const isGone = ({ mails }: Mailbox, since: Instant = ''): boolean => {
  let inARow = 0;
  for (const { soft } of mails.filter(({ sentAt }) => sentAt >= since)) {
    inARow = soft ? inARow + 1 : 0;
    if (inARow >= SOFT_IN_A_ROW) return true;
  }
  return false;
};
