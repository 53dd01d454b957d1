import * as z from 'zod';
import { filesOfZip } from '../../border/zip.ts';
import { InvalidInput } from '../../shared/errors.ts';
import { JobFailed } from '../../shared/job/runJob.ts';
import { inputOfFile, MOST_FILE_BYTES } from '../inbox/readFile.ts';
import type { Archive, Found, Piece } from './archive.ts';
import type { ArchiveFile } from './wordpress.ts';

/** A zip is held in memory as it is; what is in it is unpacked file by file. */
const MOST_BYTES = 300_000_000;
const LIMITS = { files: 100_000, fileBytes: MOST_FILE_BYTES, bytes: 5_000_000_000 };
const MOST_FILES = 50;
const PIECE_BYTES = 8 * 1024 * 1024;

type Context = Parameters<typeof inputOfFile>[2];

/** A folder of Markdown, HTML and JSON files, as a zip. A place is the number of the last entry that was read. */
export const filesArchive = (file: ArchiveFile, context: Context): Archive => {
  let zip: Uint8Array | undefined;
  return {
    async read(place) {
      zip ??= await whole(file);
      try {
        return await pieceAfter(z.int().nullable().parse(place) ?? 0, zip, context);
      } catch (error) {
        // What is wrong with the zip as a whole no repetition will mend.
        if (error instanceof InvalidInput) throw new JobFailed(error.message);
        throw error;
      }
    },
  };
};

const pieceAfter = async (from: number, zip: Uint8Array, context: Context): Promise<Piece> => {
  const found: Found[] = [];
  for await (const { name, number, of, read } of filesOfZip(zip, LIMITS)) {
    if (number <= from) continue;
    found.push(await foundIn(name, read, context));
    if (found.length === MOST_FILES && number < of)
      return { found, next: number, done: Math.round((zip.length * number) / of), of: zip.length };
  }
  return { found, next: null, done: zip.length, of: zip.length };
};

const whole = async (file: ArchiveFile): Promise<Uint8Array> => {
  if (file.size > MOST_BYTES) throw new JobFailed('A zip of over 300 MB cannot be read: import it in parts.');
  const pieces: Uint8Array[] = [];
  for (let at = 0; at < file.size; at += PIECE_BYTES) pieces.push(await file.read(at, PIECE_BYTES));
  return Buffer.concat(pieces);
};

const foundIn = async (name: string, read: () => Promise<Uint8Array | undefined>, context: Context): Promise<Found> => {
  try {
    const bytes = await read();
    const input = inputOfFile(name, bytes, context);
    return { is: 'article', name, input: { externalId: name, ...input }, modifiedMs: null };
  } catch (error) {
    // One bad file costs that file.
    if (error instanceof InvalidInput) return { is: 'refused', name, because: error.message };
    throw error;
  }
};
