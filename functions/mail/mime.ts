import { type Instant, msOf } from '../shared/time.ts';
import { bareAddress, headerValue, mailbox } from './header.ts';
import { freshSpace, type MailSpace } from './space.ts';

/** A header ready to be written: its value made by `header.ts` or plain ASCII. */
export type Header = readonly [name: string, value: string];

export interface MailParts {
  readonly from: { readonly name: string; readonly address: string };
  readonly replyTo?: string;
  readonly to: string;
  readonly subject: string;
  readonly date: Instant;
  /** Without its angle brackets. */
  readonly messageId: string;
  readonly headers: readonly Header[];
  readonly language: string;
  /** Pieces made by `encodePart`, in order. */
  readonly html: readonly Buffer[];
  readonly text: readonly Buffer[];
  /** Letters, digits, `-` and `_`. */
  readonly boundary: string;
}

/**
 * A whole mail (RFC 5322, multipart/alternative) out of parts that are encoded already: one copy of the bytes, no
 * encoding, so that a core joins tens of thousands of 90 KB mails a second.
 */
export const mimeOf = (mail: MailParts, space: MailSpace = freshSpace): Buffer => {
  if (!/^[\w-]{1,60}$/.test(mail.boundary)) throw new Error('This is not a boundary.');
  // RFC 2045 section 6.7: “=_” can never occur in quoted-printable, so no part can hold the boundary.
  const boundary = `=_${mail.boundary}`;
  const head = [
    `From: ${mailbox(mail.from.name, mail.from.address, 'From: '.length)}`,
    `To: ${bareAddress(mail.to)}`,
    ...(mail.replyTo === undefined ? [] : [`Reply-To: ${bareAddress(mail.replyTo)}`]),
    `Subject: ${headerValue(mail.subject, 'Subject: '.length)}`,
    `Date: ${mailDate(mail.date)}`,
    `Message-ID: <${bareAddress(mail.messageId)}>`,
    ...mail.headers.map(headerLine),
    headerLine(['Content-Language', mail.language]),
    'MIME-Version: 1.0',
    `Content-Type: multipart/alternative;\r\n boundary="${boundary}"`,
    '',
    partHead(boundary, 'text/plain'),
  ].join('\r\n');
  return joined(
    [
      Buffer.from(head, 'latin1'),
      ...mail.text,
      Buffer.from(`\r\n${partHead(boundary, 'text/html')}`, 'latin1'),
      ...mail.html,
      Buffer.from(`\r\n--${boundary}--\r\n`, 'latin1'),
    ],
    space,
  );
};

const joined = (parts: readonly Buffer[], space: MailSpace): Buffer => {
  const whole = space.take(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
};

const partHead = (boundary: string, type: string): string =>
  `--${boundary}\r\nContent-Type: ${type}; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n`;

/** Printable ASCII, folded or not. */
const HEADER_VALUE = /^[ -~]+(?:\r\n [ -~]+)*$/;
const HEADER_NAME = /^[A-Za-z][A-Za-z0-9-]*$/;
/** RFC 5322 section 2.1.1 ends a line at 998 characters, the name and its colon among them. */
const hasLongLine = (value: string): boolean => value.split('\r\n').some((line) => line.length > 900);

const headerLine = ([name, value]: Header): string => {
  if (!HEADER_NAME.test(name) || !HEADER_VALUE.test(value) || (value.length > 900 && hasLongLine(value))) {
    throw new Error(`The header ${name.replace(/[^\w-]/g, '')} cannot carry this value.`);
  }
  return `${name}: ${value}`;
};

/** `Fri, 01 May 2026 08:00:00 +0000`. */
const mailDate = (moment: Instant): string => {
  if (moment !== dateLately.moment) {
    dateLately = { moment, date: new Date(msOf(moment)).toUTCString().replace('GMT', '+0000') };
  }
  return dateLately.date;
};

/** The mails of a page are of one moment. */
let dateLately = { moment: '', date: '' };

const CR = 13;
const LF = 10;
const TAB = 9;
const SPACE = 32;
const EQUALS = 61;
const DOT = 46;
const HEX = Buffer.from('0123456789ABCDEF');
/** RFC 2045 section 6.7: 76 characters with the `=` of a soft line break. */
const MOST_BEFORE_BREAK = 75;

/**
 * A piece of a body as quoted-printable. Pieces can be joined: each begins at the start of a line and ends with a
 * line break, a soft one unless the text itself ends its line. So no joint makes a line too long, bares a space at a
 * line's end, or puts a `.` or `From ` where an SMTP server or a mailbox would change it.
 */
export const encodePart = (text: string): Buffer => {
  const bytes = Buffer.from(text.toWellFormed(), 'utf8');
  // Three characters a byte, and three for a soft break in every line of at least 64.
  const out = Buffer.allocUnsafe(bytes.length * 3 + Math.ceil((bytes.length * 3) / 64) * 3 + 3);
  let end = 0;
  let column = 0;
  const lineBreak = (soft: boolean): void => {
    if (soft) out[end++] = EQUALS;
    out[end++] = CR;
    out[end++] = LF;
    column = 0;
  };
  for (let at = 0; at < bytes.length; ) {
    const byte = bytes[at] ?? 0;
    const breakLength = lineBreakAt(bytes, at);
    if (breakLength > 0) {
      lineBreak(false);
      at += breakLength;
      continue;
    }
    // The bytes of one character stay on one line, for mail programs that decode line by line.
    const length = characterLength(byte);
    const bare = length === 1 && mayStandBare(bytes, at, column === 0);
    if (column + (bare ? 1 : 3 * length) > MOST_BEFORE_BREAK) {
      lineBreak(true);
      continue;
    }
    if (bare) out[end++] = byte;
    else end = writeEscaped(out, end, bytes.subarray(at, at + length));
    column += bare ? 1 : 3 * length;
    at += length;
  }
  if (column > 0) lineBreak(true);
  // A copy of its own, so that a small piece does not keep the whole of its work space.
  return Buffer.from(out.subarray(0, end));
};

const lineBreakAt = (bytes: Buffer, at: number): number => {
  if (bytes[at] === LF) return 1;
  return bytes[at] === CR && bytes[at + 1] === LF ? 2 : 0;
};

const characterLength = (byte: number): number => (byte < 0xc0 ? 1 : byte < 0xe0 ? 2 : byte < 0xf0 ? 3 : 4);

const mayStandBare = (bytes: Buffer, at: number, lineStart: boolean): boolean => {
  const byte = bytes[at] ?? 0;
  if (byte === SPACE || byte === TAB) return at + 1 < bytes.length && lineBreakAt(bytes, at + 1) === 0;
  if (byte < 33 || byte > 126 || byte === EQUALS) return false;
  if (!lineStart) return true;
  return byte !== DOT && !(byte === 70 && bytes.toString('latin1', at, at + 5) === 'From ');
};

const writeEscaped = (out: Buffer, end: number, bytes: Buffer): number => {
  let at = end;
  for (const byte of bytes) {
    out[at++] = EQUALS;
    out[at++] = HEX[byte >> 4] ?? 0;
    out[at++] = HEX[byte & 15] ?? 0;
  }
  return at;
};

/** The text of pieces that `encodePart` made: soft line breaks out, then bytes as they are written (RFC 2045 section 6.7). */
export const decodePart = (encoded: string): string => {
  const bytes = encoded
    .replaceAll('=\r\n', '')
    .replace(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return Buffer.from(bytes, 'latin1').toString('utf8');
};
