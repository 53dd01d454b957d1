import type { Finding } from '../ledger/preflight.ts';
import type { Found } from './ports.ts';
import type { Specimen } from './specimens.ts';

/** Gmail clips a mail of more than 102 KB, and with its end the link for leaving. */
const MOST_BYTES = 100_000;

/** What the mails themselves tell: their size, their headers, and languages in which there is nothing. */
export const mailFindings = (languages: readonly string[], specimens: readonly Specimen[]): Found => ({
  refusals: languages.flatMap((language) => {
    const mails = specimens.filter((one) => one.language === language).map(({ raw }) => raw);
    return [...sizeFindings(language, mails), ...headerFindings(language, mails)];
  }),
  warnings: languages
    .filter((language) => !specimens.some((one) => one.alone && one.language === language))
    .map((language) => ({
      code: 'empty',
      language,
      sentence: `There is nothing in “${language}”: whoever reads only that gets no mail.`,
    })),
});

const sizeFindings = (language: string, mails: readonly Buffer[]): Finding[] => {
  const largest = Math.max(0, ...mails.map(({ length }) => length));
  if (largest <= MOST_BYTES) return [];
  const sentence = `The mail in “${language}” has up to ${Math.ceil(largest / 1000)} KB; over ${MOST_BYTES / 1000} KB its end is cut off, and with it the link for leaving.`;
  return [{ code: 'size', language, sentence }];
};

const headerFindings = (language: string, mails: readonly Buffer[]): Finding[] => {
  const missing = new Set(mails.flatMap((mail) => missingIn(headersOf(mail))));
  return [...missing].map((name) => ({
    code: 'header',
    language,
    sentence: `The mail in “${language}” has no ${name} header as it should be.`,
  }));
};

/** What Gmail, Yahoo and Microsoft ask of who sends to many, and what tells a mail from a person’s. */
const WANTED: Readonly<Record<string, RegExp>> = {
  From: /@/,
  To: /@/,
  Subject: /\S/,
  Date: /\d{4}/,
  // RFC 5322 section 3.6.4.
  'Message-ID': /^<[^<>\s]+@[^<>\s]+>$/,
  'MIME-Version': /^1\.0$/,
  'Content-Type': /^multipart\/alternative;/,
  // RFC 2919 section 2.
  'List-Id': /<[^<>\s]+>$/,
  // RFC 8058 section 3.1: exactly one web address; ours has a mailbox beside it for programs that only know RFC 2369.
  'List-Unsubscribe': /^(?!(?:.*<https?:){2})(?=.*<https?:\/\/[^<>\s]+>)(?=.*<mailto:[^<>\s]+>)/,
  'List-Unsubscribe-Post': /^List-Unsubscribe=One-Click$/,
  // RFC 2369 sections 3.1 and 3.6.
  'List-Help': /^<https?:\/\/[^<>\s]+>$/,
  'List-Archive': /^<https?:\/\/[^<>\s]+>$/,
  Precedence: /^bulk$/,
  // RFC 3834 section 5; the second is Exchange's.
  'Auto-Submitted': /^auto-generated$/,
  'X-Auto-Response-Suppress': /^All$/,
  // RFC 3282: screen readers choose a voice by it.
  'Content-Language': /^[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8})*$/,
};

const missingIn = (headers: ReadonlyMap<string, readonly string[]>): string[] =>
  Object.entries(WANTED)
    .filter(([name, form]) => {
      const [value, ...more] = headers.get(name.toLowerCase()) ?? [];
      return value === undefined || more.length > 0 || !form.test(value);
    })
    .map(([name]) => name);

/** As they stand in the message, unfolded (RFC 5322 section 2.2.3). */
const headersOf = (mail: Buffer): Map<string, string[]> => {
  const head = mail.subarray(0, mail.indexOf('\r\n\r\n')).toString('utf8');
  const lines = head.replace(/\r\n(?=[ \t])/g, '').split('\r\n');
  const headers = new Map<string, string[]>();
  for (const line of lines) {
    const name = line.slice(0, line.indexOf(':')).toLowerCase();
    headers.set(name, [...(headers.get(name) ?? []), line.slice(line.indexOf(':') + 1).trim()]);
  }
  return headers;
};
