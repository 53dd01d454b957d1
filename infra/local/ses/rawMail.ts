/** What the emulator reads of a raw mail: its header. Written apart from `functions/mail`, which it is there to check. */
export interface MailHeader {
  readonly name: string;
  /** Unfolded, as it stands. */
  readonly value: string;
}

/** Like the headers that SES hands on with its events, which end at 10 KB. */
export const MOST_HEADER_BYTES = 16 * 1024;

export const headersOf = (raw: Buffer): MailHeader[] => {
  const start = raw.subarray(0, MOST_HEADER_BYTES).toString('utf8');
  const end = start.search(/\r?\n\r?\n/);
  const lines = (end < 0 ? start : start.slice(0, end)).replace(/\r?\n(?=[ \t])/g, '').split(/\r?\n/);
  return lines.flatMap((line) => {
    const colon = line.indexOf(':');
    return colon > 0 ? [{ name: line.slice(0, colon), value: line.slice(colon + 1).trim() }] : [];
  });
};

export const headerNamed = (headers: readonly MailHeader[], name: string): string | undefined =>
  headers.find((header) => header.name.toLowerCase() === name.toLowerCase())?.value;

/** Decodes the encoded words of RFC 2047 for people to read. */
export const readable = (value: string): string =>
  value
    .replace(/(=\?[^?\s]+\?[bq]\?[^?\s]*\?=)\s+(?==\?[^?\s]+\?[bq]\?)/gi, '$1')
    .replace(/=\?([^?\s]+)\?([bq])\?([^?\s]*)\?=/gi, (whole, charset: string, encoding: string, text: string) =>
      decoded(charset, encoding.toLowerCase() === 'b' ? Buffer.from(text, 'base64') : qBytes(text), whole),
    );

const qBytes = (text: string): Buffer =>
  Buffer.from(
    text
      .replaceAll('_', ' ')
      .replace(/=([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
    'latin1',
  );

const decoded = (charset: string, bytes: Buffer, whole: string): string => {
  try {
    return new TextDecoder(charset.split('*')[0]).decode(bytes);
  } catch {
    // A character set that nobody knows: the word is shown as it stands.
    return whole;
  }
};
