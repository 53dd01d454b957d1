import { sha256 } from '../../shared/hash.ts';
import type { Consent, Seal, Subscriber } from '../subscriber.ts';

/** A line of the record in its place. */
export type Sealed = Consent & { readonly seal: Seal };

/** A line as it is shown and proven: flat, and with whose it is. */
export type ConsentRecord = Omit<Consent, 'seal'> & Seal & { readonly subscriber: string };

/** What stands before the first line. */
const BEGINNING = '0'.repeat(64);

/** The lines of a subscriber's own item: those that were chained before, and those that are new. */
export interface Sealing {
  readonly earlier: readonly Sealed[];
  readonly fresh: readonly Sealed[];
}

/**
 * The lines with those that are new numbered and chained. Each names the hash of the line before and the keyed hash of
 * the address, never the address: a line that was changed or taken out breaks every line after it, and erasing a person
 * breaks none. Working it out twice gives the same. `last`: what the first goes on from where none was chained yet.
 */
export const sealed = ({ id, consent }: Subscriber, person: string, last?: Seal): Sealing => {
  const earlier = consent.flatMap((line): Sealed[] => (line.seal ? [{ ...line, seal: line.seal }] : []));
  const fresh: Sealed[] = [];
  for (const line of consent.filter(({ seal }) => seal === undefined)) {
    fresh.push(sealedAfter(id, fresh.at(-1)?.seal ?? earlier.at(-1)?.seal ?? last, line, person));
  }
  return { earlier, fresh };
};

const sealedAfter = (subscriber: string, last: Seal | undefined, line: Consent, person: string): Sealed => {
  const place = { number: (last?.number ?? 0) + 1, person, previous: last?.hash ?? BEGINNING };
  return { ...line, seal: { ...place, hash: hashOf({ ...place, ...line, subscriber }) } };
};

export const recordOf = (subscriber: string, { seal, ...line }: Sealed): ConsentRecord => ({
  subscriber,
  ...line,
  ...seal,
});

/** Whether a record is whole: every line there, in order, and as it was written. */
export type Verdict =
  | { readonly is: 'whole' }
  /** `number`: the first line that is not as it should be. */
  | { readonly is: 'broken'; readonly number: number; readonly because: 'missing' | 'changed' };

/**
 * Checks a record, given in order. `newest` is the hash the subscriber's own item holds: with it, lines cut off at the
 * end show too. Anybody can do the same by hand; `HOW_TO_CHECK` says how.
 */
export const verifyChain = (records: readonly ConsentRecord[], newest?: string): Verdict => {
  let previous = BEGINNING;
  for (const [index, record] of records.entries()) {
    const number = index + 1;
    const { hash, ...content } = record;
    if (record.number !== number) return { is: 'broken', number, because: 'missing' };
    if (record.previous !== previous || hashOf(content) !== hash) return { is: 'broken', number, because: 'changed' };
    previous = hash;
  }
  if (newest === undefined || newest === previous) return { is: 'whole' };
  return { is: 'broken', number: records.length + 1, because: 'missing' };
};

const hashOf = (content: object): string => sha256(canonical(content));

/** JSON of one spelling: members in the order of their names, no white space (RFC 8785, for texts and whole numbers). */
const canonical = (value: unknown): string => {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const members = Object.entries(value)
    .filter(([, one]) => one !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${members.map(([name, one]) => `${JSON.stringify(name)}:${canonical(one)}`).join(',')}}`;
};

/** Goes with every proof, so that whoever gets it needs nothing else. */
export const HOW_TO_CHECK =
  'Each record’s “hash” is the SHA-256, in hexadecimal, of the record without “hash”, written as JSON with its members in the order of their names and no white space (RFC 8785). “previous” is the hash of the record before; 64 zeros before the first. “number” counts from 1 without gaps, and “newest” is the last record’s hash. “person” is the HMAC-SHA256 of the address in small letters under the newsroom’s address key (TOKENS#addresses), so that whoever holds that key can show whose record it is, also after the address was erased.';
