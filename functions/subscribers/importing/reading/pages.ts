import * as z from 'zod';
import { type Column, columnsOf, MEANINGS, type Meaning } from './columns.ts';
import { readRecord, separatorOf } from './csv.ts';
import { bytesPerUnit, encodingOf, lettersOf, unitsOf } from './encoding.ts';
import { readObject } from './json.ts';

/** What the beginning of a file has told of all of it. */
export const fileForm = z.object({
  format: z.enum(['csv', 'json']),
  encoding: z.enum(['utf-8', 'windows-1252', 'utf-16le', 'utf-16be']),
  separator: z.string(),
  columns: z.array(z.object({ name: z.string(), is: z.enum(MEANINGS).nullable() })).readonly(),
});
export type FileForm = Readonly<z.infer<typeof fileForm>>;

/** Where the next record begins. Lines and rows count from 1; a row is a line with something in it. */
export const place = z.object({ offset: z.int(), line: z.int(), row: z.int() });
export type Place = Readonly<z.infer<typeof place>>;

/** One record with its place in the file. `values` has the columns that mean something, `trouble` why there are none. */
export interface RawRow {
  readonly line: number;
  readonly row: number;
  readonly values: Partial<Record<Meaning, string | string[]>>;
  readonly trouble?: string;
}

/** Reads the beginning of a file: what it is, what its columns mean, and where its first row begins. */
export const openFile = (
  head: Uint8Array,
  wanted: Readonly<Record<string, Meaning>>,
  atEnd: boolean,
): { readonly form: FileForm; readonly place: Place } => {
  const { encoding, mark } = encodingOf(head);
  const units = unitsOf(head.subarray(mark), encoding);
  if (/^\s*[[{]/.test(units)) {
    const first = readObject(units, 0, atEnd);
    const names = Object.keys(first ? (objectOf(lettersOf(first.text, encoding)) ?? {}) : {});
    const form = { format: 'json', encoding, separator: '', columns: columnsOf(names, wanted) } as const;
    return { form, place: { offset: mark, line: 1, row: 1 } };
  }
  // Excel's own line before the header names the separator.
  const told = /^sep=(.)\r?\n/i.exec(units);
  const start = told?.[0].length ?? 0;
  const separator = told?.[1] ?? separatorOf(units.slice(start));
  const header = readRecord(units, start, separator, atEnd);
  const names = (header?.fields ?? []).map((name) => lettersOf(name, encoding) ?? name);
  const length = start + (header?.length ?? 0);
  return {
    form: { format: 'csv', encoding, separator, columns: columnsOf(names, wanted) },
    place: { offset: mark + length * bytesPerUnit(encoding), line: 1 + linesIn(units, 0, length), row: 1 },
  };
};

/** The rows of a piece of the file that begins at `from`, at most so many, and where the next one begins. */
export const readRows = (
  bytes: Uint8Array,
  form: FileForm,
  from: Place,
  how: { readonly most: number; readonly atEnd: boolean; readonly wanted: Readonly<Record<string, Meaning>> },
): { readonly rows: RawRow[]; readonly next: Place } => {
  const units = unitsOf(bytes, form.encoding);
  const rows: RawRow[] = [];
  let at = 0;
  let { line, row } = from;
  while (rows.length < how.most && at < units.length) {
    const found = form.format === 'csv' ? csvRow(units, at, form, how.atEnd) : jsonRow(units, at, form, how);
    if (!found) break;
    const before = linesIn(units, at, at + found.before);
    if (!found.isEmpty) rows.push({ line: line + before, row: row++, values: found.values, ...found.trouble });
    line += linesIn(units, at, at + found.length);
    at += found.length;
  }
  // What is left of the last piece is white space and closing brackets; of another one it is so only if it is all there is.
  const isRest = rows.length < how.most && (how.atEnd || at === 0);
  const consumed = isRest ? bytes.length : at * bytesPerUnit(form.encoding);
  return { rows, next: { offset: from.offset + consumed, line, row } };
};

interface Read {
  readonly values: RawRow['values'];
  readonly trouble?: { readonly trouble: string };
  readonly length: number;
  readonly before: number;
  readonly isEmpty: boolean;
}

const NO_LETTERS = 'its bytes are not valid in the encoding of the file';

/** A sheet that is safe in spreadsheets has a quotation mark before what would be a formula; it is none of the value. */
const SHIELDED = /^'(?=[=+\-@\t\r\n＝＋－＠])/;

const csvRow = (units: string, at: number, form: FileForm, atEnd: boolean): Read | undefined => {
  const record = readRecord(units, at, form.separator, atEnd);
  if (!record) return undefined;
  const { fields, length, trouble } = record;
  const base = { length, before: 0, isEmpty: trouble === undefined && fields.every((field) => field.trim() === '') };
  const values: RawRow['values'] = {};
  for (const [i, column] of form.columns.entries()) {
    if (column.is === null) continue;
    const letters = lettersOf(fields[i] ?? '', form.encoding);
    if (letters === undefined) return { ...base, values: {}, trouble: { trouble: NO_LETTERS } };
    if (letters.trim() !== '') values[column.is] = letters.replace(SHIELDED, '');
  }
  return { ...base, values, ...(trouble !== undefined && { trouble: { trouble } }) };
};

const jsonRow = (
  units: string,
  at: number,
  form: FileForm,
  { atEnd, wanted }: { readonly atEnd: boolean; readonly wanted: Readonly<Record<string, Meaning>> },
): Read | undefined => {
  const record = readObject(units, at, atEnd);
  if (!record) return undefined;
  const { length, before, text } = record;
  const base = { length, before, isEmpty: false };
  const letters = lettersOf(text, form.encoding);
  if (letters === undefined) return { ...base, values: {}, trouble: { trouble: NO_LETTERS } };
  const object = record.trouble === undefined ? objectOf(letters) : undefined;
  if (!object) return { ...base, values: {}, trouble: { trouble: record.trouble ?? 'this is not valid JSON' } };
  return { ...base, values: valuesOf(object, columnsOf(Object.keys(object), wanted)) };
};

const valuesOf = (object: Readonly<Record<string, unknown>>, columns: readonly Column[]): RawRow['values'] => {
  const values: RawRow['values'] = {};
  for (const [i, value] of Object.values(object).entries()) {
    const is = columns[i]?.is;
    const text = textOf(value);
    if (is && text !== undefined && text.length > 0) values[is] = text;
  }
  return values;
};

const textOf = (value: unknown): string | string[] | undefined => {
  if (Array.isArray(value)) return value.flatMap((one) => (typeof one === 'string' ? [one] : []));
  return ['string', 'number', 'boolean'].includes(typeof value) ? String(value) : undefined;
};

const record = z.record(z.string(), z.unknown());

const objectOf = (text: string | undefined): Record<string, unknown> | undefined => {
  try {
    return record.safeParse(JSON.parse(text ?? '')).data;
  } catch {
    // The parser's own message quotes the row, so it is not passed on.
    return undefined;
  }
};

/** Line ends between two places; of `\r\n` the second sign counts. */
const linesIn = (units: string, from: number, to: number): number => {
  let lines = 0;
  for (let at = from; at < to; at++) {
    const sign = units[at];
    if (sign === '\n' || (sign === '\r' && units[at + 1] !== '\n')) lines++;
  }
  return lines;
};
