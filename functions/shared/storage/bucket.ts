/** Objects by key, written whole. */
export interface Bucket {
  get(key: string): Promise<StoredObject | undefined>;
  head(key: string): Promise<StoredHead | undefined>;
  /** `refused`: the object there is not the one the condition names. `etag` is quoted, as HTTP wants it. */
  put(
    key: string,
    bytes: Uint8Array,
    how: PutOptions,
  ): Promise<{ outcome: 'written'; etag: string } | { outcome: 'refused' }>;
  /** `{ etag }`: only that object; what was put in its place meanwhile stays. */
  delete(key: string, only?: { readonly etag: string }): Promise<void>;
  /** Keys in order, all of them. */
  list(prefix: string): Promise<string[]>;
}

export interface StoredHead {
  readonly etag: string;
  readonly contentType: string;
  readonly metadata: Readonly<Record<string, string>>;
}

export interface StoredObject extends StoredHead {
  readonly bytes: Uint8Array;
}

export interface PutOptions {
  readonly contentType: string;
  readonly contentEncoding?: 'gzip' | 'br';
  readonly cacheControl?: string;
  /** Names in lower case, values in ASCII. */
  readonly metadata?: Readonly<Record<string, string>>;
  /** `absent`: only if there is no such object. `{ etag }`: only in place of that one. */
  readonly only?: 'absent' | { readonly etag: string };
}
