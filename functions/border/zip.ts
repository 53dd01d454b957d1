import { buffer } from 'node:stream/consumers';
import { type Entry, fromBufferPromise, type ZipFile } from 'yauzl';
import { InvalidInput } from '../shared/errors.ts';

export interface ZipLimits {
  readonly files: number;
  /** Of one file; a longer one comes without its bytes. */
  readonly fileBytes: number;
  /** Of all files together, as they come out. */
  readonly bytes: number;
}

export interface ZippedFile {
  readonly name: string;
  /** Its place in the zip from 1, and how many entries there are: folders and litter have places too. */
  readonly number: number;
  readonly of: number;
  /** `undefined` for a file that is over the limit. */
  read(): Promise<Uint8Array | undefined>;
}

/**
 * The files of a zip, one after the other, in its order. Throws `InvalidInput` for what is no zip, is encrypted, or
 * holds more than it may. Sizes are what really comes out, not what the zip says of itself: the reader stops with an
 * error where more comes than was said.
 */
export async function* filesOfZip(zip: Uint8Array, most: ZipLimits): AsyncGenerator<ZippedFile> {
  let number = 0;
  let files = 0;
  let bytes = 0;
  const opened = await sound(() => fromBufferPromise(asBuffer(zip), { strictFileNames: false }));
  const entries = opened.eachEntry();
  for (;;) {
    const { done, value: entry } = await sound(() => entries.next());
    if (done) return;
    number += 1;
    if (entry.fileName.endsWith('/') || isLitter(entry.fileName)) continue;
    if (entry.isEncrypted()) throw new InvalidInput('The zip is encrypted.', { field: 'zip' });
    files += 1;
    if (files > most.files) throw new InvalidInput(`The zip holds more than ${most.files} files.`, { field: 'zip' });
    bytes += entry.uncompressedSize;
    if (bytes > most.bytes)
      throw new InvalidInput(`The zip holds more than ${most.bytes / 1_000_000} MB.`, { field: 'zip' });
    const { entryCount: of } = opened;
    yield { name: entry.fileName, number, of, read: () => readEntry(opened, entry, most.fileBytes) };
  }
}

const readEntry = (opened: ZipFile, entry: Entry, mostBytes: number): Promise<Uint8Array | undefined> =>
  sound(async () =>
    entry.uncompressedSize > mostBytes ? undefined : buffer(await opened.openReadStreamPromise(entry)),
  );

const sound = async <T>(work: () => Promise<T>): Promise<T> => {
  try {
    return await work();
  } catch {
    // What the library throws says what is wrong with the zip, in sentences for people who write zips.
    throw new InvalidInput('The zip cannot be read: it is cut off or damaged.', { field: 'zip' });
  }
};

const asBuffer = (bytes: Uint8Array): Buffer => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);

/** What the systems of people who zip folders add of their own accord. */
const isLitter = (name: string): boolean => /(^|\/)(__MACOSX\/|\.|Thumbs\.db$|desktop\.ini$)/i.test(name);
