/**
 * How a file's bytes are letters. Files are cut into records before they are decoded, so that a place in the file is a
 * number of bytes: as a text with one character per byte (UTF-8, Windows-1252) or per pair of bytes (UTF-16).
 */
export type Encoding = 'utf-8' | 'windows-1252' | 'utf-16le' | 'utf-16be';

export interface Found {
  readonly encoding: Encoding;
  /** Bytes before the first letter. */
  readonly mark: number;
}

/**
 * By the byte order mark (Unicode 16 section 23.8), else by what the beginning could be: UTF-16 has zeros at every second
 * byte, and what is no UTF-8 is what Excel writes in Western Europe.
 */
export const encodingOf = (head: Uint8Array): Found => {
  const [a, b, c] = head;
  if (a === 0xef && b === 0xbb && c === 0xbf) return { encoding: 'utf-8', mark: 3 };
  if (a === 0xff && b === 0xfe) return { encoding: 'utf-16le', mark: 2 };
  if (a === 0xfe && b === 0xff) return { encoding: 'utf-16be', mark: 2 };
  if (a === 0 && b !== 0) return { encoding: 'utf-16be', mark: 0 };
  if (a !== 0 && b === 0) return { encoding: 'utf-16le', mark: 0 };
  return { encoding: isUtf8(head) ? 'utf-8' : 'windows-1252', mark: 0 };
};

/** `stream`: a letter that the end of the piece cuts in two is no fault. */
const isUtf8 = (head: Uint8Array): boolean => {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(head, { stream: true });
    return true;
  } catch {
    // The only way to ask.
    return false;
  }
};

export const bytesPerUnit = (encoding: Encoding): 1 | 2 => (encoding.startsWith('utf-16') ? 2 : 1);

/** The bytes as units, in which separators, quotes and line ends are what they are in ASCII. */
export const unitsOf = (bytes: Uint8Array, encoding: Encoding): string => {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytesPerUnit(encoding) === 1) return buffer.toString('latin1');
  const even = buffer.subarray(0, buffer.length - (buffer.length % 2));
  return encoding === 'utf-16le' ? even.toString('utf16le') : Buffer.from(even).swap16().toString('utf16le');
};

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const western = new TextDecoder('windows-1252');

/** The letters of some units; `undefined` where they are none in this encoding. */
export const lettersOf = (units: string, encoding: Encoding): string | undefined => {
  if (bytesPerUnit(encoding) === 2) return units.isWellFormed() ? units : undefined;
  // biome-ignore lint/suspicious/noControlCharactersInRegex: ASCII is its own decoding, and nearly everything is ASCII.
  if (/^[\x00-\x7f]*$/.test(units)) return units;
  const bytes = Buffer.from(units, 'latin1');
  if (encoding === 'windows-1252') return western.decode(bytes);
  try {
    return utf8.decode(bytes);
  } catch {
    // Bytes that are no letters would become question marks: whoever reads the row is told instead.
    return undefined;
  }
};
