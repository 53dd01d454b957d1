import type { Newsroom } from '../shared/config.ts';
import type { Table } from '../shared/storage/table.ts';
import type { Instant } from '../shared/time.ts';
import type { TokenKeys } from '../shared/tokenKeys.ts';
import type { Articles, Publisher, Wire } from '../wire/ports.ts';

/** What it takes to answer the newsroom API's article routes. */
export interface Ingest {
  readonly publisher: Publisher;
  readonly articles: Articles;
  readonly wire: Wire;
  /** Answers to requests that named an idempotency key. */
  readonly wireTable: Table;
  readonly keys: Table;
  /** What signs the links of previews. */
  readonly linkKeys: () => Promise<TokenKeys>;
  readonly newsroom: Newsroom;
  readonly siteUrl: string;
  readonly now: () => Instant;
  readonly newId: () => string;
}
