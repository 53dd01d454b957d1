import type { Version } from '../build/states.ts';

/** Where readers get the feeds. */
export interface FeedShelf {
  find(path: string): Promise<Shelved | undefined>;
  /** What was put there last by this shelf, as far as it remembers. Another may have replaced it since. */
  lastPut(path: string): Shelved | undefined;
  /** `refused`: what lies there is no longer what was found. */
  put(path: string, document: NewDocument, insteadOf: Shelved | undefined): Promise<'written' | 'refused'>;
}

export interface Shelved {
  readonly etag: string;
  readonly version: Version;
  /** The hash of its bytes. */
  readonly content: string;
}

interface NewDocument {
  readonly bytes: Uint8Array;
  readonly contentType: string;
  readonly version: Version;
  readonly content: string;
}
