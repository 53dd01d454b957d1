import type { Version } from '../build/states.ts';
import type { Encoding } from './encodings.ts';

/** Where readers get the feeds. */
export interface FeedShelf {
  find(path: string): Promise<Shelved | undefined>;
  /** What this shelf put or found there last, as far as it remembers. Another may have replaced it since. */
  lastSeen(path: string): Shelved | undefined;
  /** `refused`: what lies there is no longer what was found. */
  put(path: string, document: NewDocument, insteadOf: Shelved | undefined): Promise<'written' | 'refused'>;
}

export interface Shelved {
  readonly etag: string;
  readonly version: Version;
  /** The hash of the document's plain bytes. */
  readonly content: string;
}

export interface NewDocument {
  /** Plain. */
  readonly bytes: Uint8Array;
  /** What it is to lie there in. */
  readonly encoding?: Encoding;
  readonly contentType: string;
  readonly version: Version;
  readonly content: string;
  /** The absolute address that readers know it by. */
  readonly self: string;
}
