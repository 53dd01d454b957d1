/** A record of a file, as units; `length` of them are consumed with it. */
export interface CsvRecord {
  readonly fields: readonly string[];
  readonly length: number;
  readonly trouble?: string;
}

/** Longer than any row of a list; what is longer is a quote that never closes. */
const MOST_UNITS = 64 * 1024;

/**
 * The record that begins at `from` (RFC 4180, and what programs really write: lone quotes inside a field, line ends of
 * all three kinds). `undefined`: the piece ends before the record does. A quote that is opened and never closed ends with
 * its line, so that it costs one row and not the rest of the file.
 */
export const readRecord = (text: string, from: number, separator: string, atEnd: boolean): CsvRecord | undefined => {
  const fields: string[] = [];
  for (let at = from; ; ) {
    const field = text[at] === '"' ? quotedField(text, at, separator, atEnd) : plainField(text, at, separator);
    const isCut = field === undefined || (field.end >= text.length && !atEnd);
    // Of a line end in two signs, the second may be in the next piece.
    const isHalf = !atEnd && field !== undefined && text[field.end] === '\r' && field.end + 1 >= text.length;
    if (isCut || isHalf || field.end - from > MOST_UNITS) return cutShort(text, from, atEnd);
    fields.push(field.value);
    if (text[field.end] !== separator) return { fields, length: behindLineEnd(text, field.end) - from };
    at = field.end + 1;
  }
};

interface Field {
  readonly value: string;
  /** Where the separator or the line end stands. */
  readonly end: number;
}

const plainField = (text: string, from: number, separator: string): Field => {
  const end = endOfField(text, from, separator);
  return { value: text.slice(from, end), end };
};

const quotedField = (text: string, from: number, separator: string, atEnd: boolean): Field | undefined => {
  let value = '';
  for (let at = from + 1; ; ) {
    const quote = text.indexOf('"', at);
    if (quote < 0 || quote - from > MOST_UNITS) return undefined;
    value += text.slice(at, quote);
    if (quote + 1 >= text.length && !atEnd) return undefined;
    if (text[quote + 1] !== '"') {
      // What stands behind the closing quote belongs to the field, as most programs read it.
      const rest = plainField(text, quote + 1, separator);
      return { value: value + rest.value, end: rest.end };
    }
    value += '"';
    at = quote + 2;
  }
};

const endOfField = (text: string, from: number, separator: string): number => {
  for (let at = from; at < text.length; at++) {
    const sign = text[at];
    if (sign === separator || sign === '\n' || sign === '\r') return at;
  }
  return text.length;
};

const behindLineEnd = (text: string, at: number): number => {
  if (at >= text.length) return text.length;
  return text[at] === '\r' && text[at + 1] === '\n' ? at + 2 : at + 1;
};

const cutShort = (text: string, from: number, atEnd: boolean): CsvRecord | undefined => {
  if (!atEnd && text.length - from <= MOST_UNITS) return undefined;
  const end = endOfField(text, from, '\n');
  const trouble = text.slice(from, end).includes('"') ? 'a quote is opened and never closed' : 'the row is too long';
  return { fields: [], length: Math.max(1, behindLineEnd(text, end) - from), trouble };
};

const SEPARATORS = [',', ';', '\t', '|'] as const;

/** What separates the names in the first line: that of which there are most outside of quotes. */
export const separatorOf = (text: string): string => {
  const [line = ''] = text.replace(/"(?:[^"]|"")*"/g, '').split(/[\r\n]/, 1);
  const counted = SEPARATORS.map((sign) => ({ sign, count: line.split(sign).length }));
  return counted.reduce((most, one) => (one.count > most.count ? one : most)).sign;
};
