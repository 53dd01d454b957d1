import { createHash } from 'node:crypto';
import type { Bucket, PutOptions, StoredObject } from '../../functions/shared/storage/bucket.ts';

/** The `Bucket` port in memory, with S3's rules: whole objects, MD5 as the ETag, conditional puts. */
export const memoryBucket = (
  before: (operation: string, key: string) => Promise<void> | void = () => {},
): MemoryBucket => {
  const objects = new Map<string, StoredObject & { readonly how: PutOptions }>();
  return {
    keys: () => [...objects.keys()].sort(),
    optionsOf: (key) => objects.get(key)?.how,

    async get(key) {
      await before('get', key);
      return objects.get(key);
    },

    async head(key) {
      await before('head', key);
      const found = objects.get(key);
      return found && { etag: found.etag, contentType: found.contentType, metadata: found.metadata };
    },

    async put(key, bytes, how) {
      await before('put', key);
      const there = objects.get(key);
      if (how.only === 'absent' && there) return { outcome: 'refused' };
      if (typeof how.only === 'object' && there?.etag !== how.only.etag) return { outcome: 'refused' };
      const etag = `"${createHash('md5').update(bytes).digest('hex')}"`;
      const { contentType, metadata = {} } = how;
      objects.set(key, { bytes: Uint8Array.from(bytes), etag, contentType, metadata, how });
      return { outcome: 'written', etag };
    },

    async delete(key, only) {
      await before('delete', key);
      if (only === undefined || objects.get(key)?.etag === only.etag) objects.delete(key);
    },

    async list(prefix) {
      await before('list', prefix);
      return [...objects.keys()].filter((key) => key.startsWith(prefix)).sort();
    },
  };
};

export interface MemoryBucket extends Bucket {
  keys(): string[];
  optionsOf(key: string): PutOptions | undefined;
}
