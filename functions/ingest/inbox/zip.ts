import { buffer } from 'node:stream/consumers';
import { fromBufferPromise } from 'yauzl';
import { InvalidInput } from '../../shared/errors.ts';

/** More is a matter for an import, which shows how far it is. */
export const MOST_FILES_IN_ZIP = 500;
const MOST_BYTES_IN_ALL = 50 * 1024 * 1024;

export interface ZippedFile {
  readonly name: string;
  /** Left out for a file that is over the limit. */
  readonly bytes: Uint8Array | undefined;
}

/**
 * The files of a zip, one after the other, in its order. Sizes are what really comes out, not what the zip says of
 * itself; a file over `mostBytes` comes without its bytes. Throws `InvalidInput` for what is no zip, is encrypted, or
 * holds more than it may.
 */
export async function* filesOfZip(zip: Uint8Array, mostBytes: number): AsyncGenerator<ZippedFile> {
  let files = 0;
  let left = MOST_BYTES_IN_ALL;
  try {
    const opened = await fromBufferPromise(Buffer.from(zip), { strictFileNames: false });
    for await (const entry of opened.eachEntry()) {
      if (entry.fileName.endsWith('/') || isLitter(entry.fileName)) continue;
      if (entry.isEncrypted()) throw new InvalidInput('The zip is encrypted.', { field: 'zip' });
      if (++files > MOST_FILES_IN_ZIP)
        throw new InvalidInput(`The zip holds more than ${MOST_FILES_IN_ZIP} files.`, { field: 'zip' });
      left -= entry.uncompressedSize;
      if (left < 0) throw new InvalidInput('The zip holds more than 50 MB.', { field: 'zip' });
      // The reader itself ends with an error when more comes out than the zip says.
      const bytes =
        entry.uncompressedSize > mostBytes ? undefined : await buffer(await opened.openReadStreamPromise(entry));
      yield { name: entry.fileName, bytes };
    }
  } catch (error) {
    if (error instanceof InvalidInput) throw error;
    // What the library throws says what is wrong with the zip; its sentences are for people who write zips.
    throw new InvalidInput('The zip cannot be read: it is cut off or damaged.', { field: 'zip' });
  }
}

/** What the systems of people who zip folders add of their own accord. */
const isLitter = (name: string): boolean => /(^|\/)(__MACOSX\/|\.|Thumbs\.db$|desktop\.ini$)/i.test(name);
