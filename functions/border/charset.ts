/**
 * The text of foreign bytes, whatever they claim to be: a byte order mark counts first, then the charset of the HTTP
 * header, then what the document says of itself (XML declaration, `meta`), else UTF-8 (RFC 7303 section 3, WHATWG HTML
 * section 13.2.3). Claims are checked: what is called UTF-8 and is not, is read as windows-1252, and what is called
 * Latin-1 and can only be UTF-8, as UTF-8.
 */
export const textOfBytes = (bytes: Uint8Array, contentType = ''): string => {
  const marked = markOf(bytes);
  if (marked) return decoded(bytes, marked);
  const claimed = known(charsetIn(contentType)) ?? wideOf(bytes) ?? known(ownClaim(bytes)) ?? 'utf-8';
  // UTF-16 has a zero in every second byte of a tag; without one the claim cannot be true.
  const charset = claimed.startsWith('utf-16') ? (wideOf(bytes) ?? 'utf-8') : claimed;
  if (charset !== 'utf-8' && !SINGLE_BYTES.has(charset)) return decoded(bytes, charset);
  return asUtf8(bytes) ?? decoded(bytes, charset === 'utf-8' ? 'windows-1252' : charset);
};

/** What pages that were never told otherwise call themselves. */
const SINGLE_BYTES: ReadonlySet<string> = new Set(['windows-1252', 'iso-8859-15']);

const markOf = ([a, b, c]: Uint8Array): string | undefined => {
  if (a === 0xef && b === 0xbb && c === 0xbf) return 'utf-8';
  if (a === 0xff && b === 0xfe) return 'utf-16le';
  return a === 0xfe && b === 0xff ? 'utf-16be' : undefined;
};

const wideOf = ([a, b, c, d]: Uint8Array): string | undefined => {
  if (a !== 0 && b === 0 && c !== 0 && d === 0) return 'utf-16le';
  return a === 0 && b !== 0 && c === 0 && d !== 0 && d !== undefined ? 'utf-16be' : undefined;
};

const charsetIn = (contentType: string): string | undefined =>
  /;\s*charset\s*=\s*["']?([\w:.-]{1,40})/i.exec(contentType)?.[1];

const HEAD_BYTES = 2048;

const ownClaim = (bytes: Uint8Array): string | undefined => {
  const head = decoded(bytes.subarray(0, HEAD_BYTES), 'windows-1252');
  return (
    /^\s*<\?xml[^>]{0,200}?encoding\s*=\s*["']([\w:.-]{1,40})/.exec(head)?.[1] ??
    /<meta[^>]{0,200}?charset\s*=\s*["']?\s*([\w:.-]{1,40})/i.exec(head)?.[1]
  );
};

/** The name that `TextDecoder` has for it (ISO-8859-1 and ASCII are windows-1252 on the web). */
const known = (label: string | undefined): string | undefined => {
  try {
    return label === undefined ? undefined : new TextDecoder(label).encoding;
  } catch {
    // A charset that nobody knows says nothing; the next claim counts.
    return undefined;
  }
};

const asUtf8 = (bytes: Uint8Array): string | undefined => {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    // It is not UTF-8, which is the finding.
    return undefined;
  }
};

const decoded = (bytes: Uint8Array, charset: string): string => new TextDecoder(charset).decode(bytes);
