import type { Key, Table } from '../../shared/storage/table.ts';
import { sealedConsent } from '../subscriber.ts';
import type { Sealed } from './chain.ts';

const partition = (subscriber: string): string => `CONSENT#${subscriber}`;

const recordKey = (subscriber: string, number: number): Key => ({
  pk: partition(subscriber),
  sk: String(number).padStart(6, '0'),
});

/** Each line becomes an item of its own, once; one that is there already is left as it is. Never expires. */
export const putLines = async (table: Table, subscriber: string, lines: readonly Sealed[]): Promise<void> => {
  for (const line of lines) await table.put({ ...line, ...recordKey(subscriber, line.seal.number) }, 'absent');
};

/** The lines that are items already, in order. */
export const linesOf = async (table: Table, subscriber: string): Promise<Sealed[]> =>
  (await table.query({ pk: partition(subscriber) })).map((item) => sealedConsent.parse(item));
