import type { Bucket, PutOptions, StoredHead } from '../../shared/storage/bucket.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from '../../shared/time.ts';
import { type Encode, encoded } from './encodings.ts';
import type { FeedShelf, NewDocument, Shelved } from './shelf.ts';

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
export const bucketShelf = (bucket: Bucket, encode: Encode = encoded): FeedShelf => {
  const seen = new Map<string, Shelved>();
  return {
    async find(path) {
      const head = await bucket.head(keyOf(path));
      seen.delete(path);
      if (!head) return undefined;
      const found = shelvedOf(head);
      seen.set(path, found);
      return found;
    },

    lastSeen: (path) => seen.get(path),

    async put(path, document, insteadOf) {
      // Whatever comes of it, what was seen is no longer sure.
      seen.delete(path);
      const { bytes, encoding } = document;
      const ready = encoding ? await encode(encoding, bytes) : bytes;
      const put = await bucket.put(keyOf(path), ready, optionsOf(document, insteadOf));
      if (put.outcome === 'written') {
        seen.set(path, { etag: put.etag, version: document.version, content: document.content });
      }
      return put.outcome;
    },
  };
};

const optionsOf = (
  { contentType, encoding, version, content, self }: NewDocument,
  insteadOf: Shelved | undefined,
): PutOptions => ({
  contentType,
  ...(encoding && { contentEncoding: encoding }),
  cacheControl: CACHE_CONTROL,
  metadata: {
    seq: String(version.seq),
    generation: String(version.generation),
    content,
    // S3 sends no Link header. The edge makes one of this (functions/site/edge.ts).
    link: `<${self}>; rel="self"`,
  },
  only: insteadOf ? { etag: insteadOf.etag } : 'absent',
});

const keyOf = (path: string): string => path.replace(/^\//, '');

/**
 * An object without our metadata is nobody's version: whatever is built is newer. One without `link` was put by a release
 * that had no encoded bytes: it is put again, though its bytes be the same.
 */
const shelvedOf = ({ etag, metadata }: StoredHead): Shelved => ({
  etag,
  version: { seq: numberOf(metadata['seq']), generation: numberOf(metadata['generation']) },
  content: (metadata['link'] && metadata['content']) ?? '',
});

const numberOf = (text: string | undefined): number => (/^\d+$/.test(text ?? '') ? Number(text) : -1);
