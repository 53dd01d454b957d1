import { stringify } from 'csv-stringify/sync';
import { stateOf } from '../listing/filter.ts';
import type { Subscriber, Subscription } from '../subscriber.ts';

/** One subscription as a file has it. An import understands every one of these names. */
const COLUMNS = [
  'email',
  'newsletter',
  'state',
  'languages',
  'topics',
  'cadence',
  'timeZone',
  'confirmedAt',
  'leftAt',
  'suppressed',
  'createdAt',
  'id',
] as const;

type Line = Readonly<Record<(typeof COLUMNS)[number], string | readonly string[] | null>>;

export const lineOf = (subscriber: Subscriber, one: Subscription): Line => ({
  email: subscriber.address,
  newsletter: one.newsletter,
  state: stateOf(subscriber, one),
  languages: one.languages,
  topics: one.topics,
  cadence: one.cadence,
  timeZone: one.timeZone,
  confirmedAt: one.confirmedAt,
  leftAt: one.leftAt,
  suppressed: subscriber.suppressed?.because ?? null,
  createdAt: subscriber.createdAt,
  id: subscriber.id,
});

/**
 * CSV after RFC 4180, always quoted, with a quotation mark before what a spreadsheet takes for a formula (full-width
 * signs included): a list of addresses must not run anything. The byte order mark makes Excel read it as UTF-8.
 */
export const csvOf = (lines: readonly Line[], first: boolean): string => {
  const fields = lines.map((line) => COLUMNS.map((name) => [line[name] ?? ''].flat().join(', ')));
  return stringify(first ? [[...COLUMNS], ...fields] : fields, {
    quoted: true,
    quoted_empty: true,
    escape_formulas: true,
    bom: first,
    record_delimiter: 'windows',
  });
};

interface Piece {
  readonly first: boolean;
  readonly last: boolean;
  /** Lines in the pieces before. */
  readonly written: number;
}

/** An array with one object per line. */
export const jsonOf = (lines: readonly Line[], { first, last, written }: Piece): string => {
  const text = lines.map((line, i) => `${written + i > 0 ? ',' : ''}\n${JSON.stringify(line)}`).join('');
  return `${first ? '[' : ''}${text}${last ? '\n]\n' : ''}`;
};
