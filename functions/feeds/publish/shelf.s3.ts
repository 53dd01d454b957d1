import type { Bucket, StoredHead } from '../../shared/storage/bucket.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from '../../shared/time.ts';
import type { FeedShelf, Shelved } from './shelf.ts';

const seconds = (ms: number): number => ms / SECOND_MS;

/**
 * Polite readers come no more often than `max-age` says. For an hour a cache may answer with what it has while it asks
 * again, and for a day while we do not answer.
 */
const CACHE_CONTROL = [
  'public',
  `max-age=${seconds(5 * MINUTE_MS)}`,
  `stale-while-revalidate=${seconds(HOUR_MS)}`,
  `stale-if-error=${seconds(DAY_MS)}`,
].join(', ');

/** Feeds as objects whose key is their path; what they were built from is in the metadata. */
export const bucketShelf = (bucket: Bucket): FeedShelf => {
  const remembered = new Map<string, Shelved>();
  return {
    async find(path) {
      const head = await bucket.head(keyOf(path));
      return head && shelvedOf(head);
    },

    lastPut: (path) => remembered.get(path),

    async put(path, { bytes, contentType, version, content }, insteadOf) {
      const metadata = { seq: String(version.seq), generation: String(version.generation), content };
      const only = insteadOf ? { etag: insteadOf.etag } : 'absent';
      // Whatever comes of it, what was remembered is no longer sure.
      remembered.delete(path);
      const put = await bucket.put(keyOf(path), bytes, { contentType, cacheControl: CACHE_CONTROL, metadata, only });
      if (put.outcome === 'written') remembered.set(path, { etag: put.etag, version, content });
      return put.outcome;
    },
  };
};

const keyOf = (path: string): string => path.replace(/^\//, '');

/** An object without our metadata is nobody's version: whatever is built is newer. */
const shelvedOf = ({ etag, metadata }: StoredHead): Shelved => ({
  etag,
  version: { seq: numberOf(metadata['seq']), generation: numberOf(metadata['generation']) },
  content: metadata['content'] ?? '',
});

const numberOf = (text: string | undefined): number => (/^\d+$/.test(text ?? '') ? Number(text) : -1);
