import type { Bodies, CurrentArticle } from '../ports.ts';
import type { LoggedEntry } from './logged.ts';

/**
 * The entry with its long text. A retraction blanks entries before it removes texts, so a text that is not there means
 * that the entry was blanked since it was read: it is read once more.
 */
export const withBody = async (
  bodies: Bodies,
  entry: LoggedEntry,
  readAgain: () => Promise<LoggedEntry | undefined>,
): Promise<LoggedEntry> => {
  if (entry.bodyKey === null) return entry;
  const html = await bodies.read(entry.bodyKey);
  if (html !== undefined) return { ...entry, article: { ...entry.article, html } };
  const now = await readAgain();
  if (!now || now.bodyKey === entry.bodyKey) throw new Error(`The long text of entry ${entry.seq} is missing.`);
  return withBody(bodies, now, readAgain);
};

/** What an article's latest entry says of it. */
export const currentOf = ({
  publicSeq,
  state,
  announcedSeq,
  article,
  reason,
  correction,
}: LoggedEntry): CurrentArticle => ({
  seq: publicSeq,
  state,
  announcedSeq,
  article,
  reason,
  ...(correction !== undefined && { correction }),
});
