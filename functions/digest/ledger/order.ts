import { sha256 } from '../../shared/hash.ts';

/**
 * The order of an edition's readers: by their ids, beginning behind one that differs from edition to edition, and round
 * to him. Ids are random hexadecimal digits, and so is a hash: nobody is first more often than others.
 */
export const startFor = (edition: string): string => sha256(edition).slice(0, 32);

/** Whether this reader comes after the round has begun anew with the lowest id. */
export const isRound = ({ startsBehind }: Started, reader: string): boolean => reader !== '' && reader <= startsBehind;

/** A text by which readers compare as they stand on the pages; nobody (`''`) comes before all. */
export const placeInOrder = (edition: Started, reader: string): string =>
  reader === '' ? '' : `${isRound(edition, reader) ? 2 : 1}${reader}`;

interface Started {
  readonly startsBehind: string;
}
