import type { MailParts } from '../../functions/mail/mime.ts';
import { encodePart } from '../../functions/mail/mime.ts';

export const aMail = (over: Partial<MailParts> = {}): MailParts => ({
  from: { name: 'Confluence', address: 'news@confluence.example' },
  to: 'reader@example.org',
  subject: 'Five towns share one ferry timetable',
  date: '2026-05-01T08:00:00.000Z',
  messageId: '01JZ-1-4@confluence.example',
  headers: [],
  language: 'en',
  html: [encodePart('<p>Five towns share one ferry timetable.</p>\n')],
  text: [encodePart('Five towns share one ferry timetable.\n')],
  boundary: 'b1',
  ...over,
});

/** Head and body of a raw mail, as lines without their CRLF. */
export const linesOf = (raw: Uint8Array): { head: string[]; body: string[]; all: string[] } => {
  const all = Buffer.from(raw).toString('latin1').split('\r\n');
  const empty = all.indexOf('');
  return { head: all.slice(0, empty), body: all.slice(empty + 1), all };
};

/** The header's value as it stands, unfolded; undefined where it is not there exactly once. */
export const headerOf = (raw: Uint8Array, name: string): string | undefined => {
  const unfolded = linesOf(raw)
    .head.join('\n')
    .replace(/\n(?=[ \t])/g, '')
    .split('\n');
  const found = unfolded.filter((line) => line.toLowerCase().startsWith(`${name.toLowerCase()}: `));
  return found.length === 1 ? found[0]?.slice(name.length + 2) : undefined;
};
