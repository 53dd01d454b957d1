import type { JobFiles } from '../../functions/shared/job/ports.ts';
import { addMs, type Instant, SECOND_MS } from '../../functions/shared/time.ts';

/** The `JobFiles` port in memory. `before` is awaited before each operation: a test can hold or fail it. */
export const memoryJobFiles = (
  now: () => Instant,
  before: (operation: string, key: string) => Promise<void> | void = () => {},
): JobFiles & { readonly files: Map<string, Uint8Array>; text(key: string): string } => {
  const files = new Map<string, Uint8Array>();
  const there = (key: string): Uint8Array => {
    const bytes = files.get(key);
    if (!bytes) throw new Error(`There is no file ${key}.`);
    return bytes;
  };
  const link = (key: string, seconds: number) => ({
    url: `https://files.example/${key}`,
    expiresAt: addMs(now(), seconds * SECOND_MS),
  });
  return {
    files,
    text: (key) => Buffer.from(there(key)).toString('utf8'),
    async size(key) {
      await before('size', key);
      return files.get(key)?.length;
    },
    async read(key, from, length) {
      await before('read', key);
      return there(key).subarray(from, from + length);
    },
    async write(key, bytes) {
      await before('write', key);
      files.set(key, Uint8Array.from(bytes));
    },
    async remove(key) {
      await before('remove', key);
      files.delete(key);
    },
    async join(parts, into) {
      await before('join', into);
      files.set(into, Buffer.concat(parts.map(({ key }) => there(key))));
    },
    uploadLink: async (key, seconds) => link(key, seconds),
    downloadLink: async (key, { seconds }) => link(key, seconds),
  };
};
