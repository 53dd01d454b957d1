import type { Fetch } from '../../border/fetch/fetch.ts';
import type { Newsroom } from '../../shared/config.ts';
import type { Doorbell } from '../../shared/storage/doorbell.ts';
import type { Table } from '../../shared/storage/table.ts';
import type { Instant } from '../../shared/time.ts';
import type { Publisher } from '../../wire/ports.ts';
import type { Reader } from './reading/reader.ts';
import type { Source, SourceState } from './source.ts';

/** A source's name for an item → what it said the last time, both hashed. */
export type Seen = ReadonlyMap<string, string>;

/** Where sources are kept, with what is known of them. */
export interface Sources {
  list(): Promise<{ readonly source: Source; readonly state: SourceState }[]>;
  find(id: string): Promise<{ readonly source: Source; readonly state: SourceState } | undefined>;
  findAll(ids: readonly string[]): Promise<{ readonly source: Source; readonly state: SourceState }[]>;
  /** In place of the revision before it (`undefined`: of none). `refused`: it is another by now. */
  keep(source: Source, inPlaceOf: Source | undefined): Promise<'written' | 'refused'>;
  /** Removes the source and all that is known of it; its articles stay. */
  remove(source: Source): Promise<'written' | 'refused'>;
  /** `refused`: somebody has looked later. */
  note(state: SourceState): Promise<'written' | 'refused'>;
  seen(id: string): Promise<Seen>;
  remember(id: string, seen: Seen): Promise<void>;
  /** When a source is to be looked at. */
  schedule(source: Source, at: Instant): Promise<void>;
  unschedule(id: string): Promise<void>;
  /** Those whose moment has come, the longest waiting first. */
  due(now: Instant, limit: number): Promise<{ readonly id: string; readonly host: string }[]>;
  /** Which of these it still has come for; consistent, where `due` may be a moment old. */
  dueAmong(ids: readonly string[], now: Instant): Promise<string[]>;
  /** Takes a host for oneself until `until`; `undefined`: somebody else has it. */
  claimHost(host: string, until: Instant, now: Instant): Promise<Claim | undefined>;
  /** What of the config has been taken over. */
  configured(): Promise<{ readonly hash: string; readonly ids: readonly string[] }>;
  noteConfigured(configured: { readonly hash: string; readonly ids: readonly string[] }): Promise<void>;
}

export interface Claim {
  release(): Promise<void>;
}

/** Sources of one host that are due. */
export interface SourcesDoorbell {
  readonly host: string;
  readonly sources: readonly string[];
}

/** What it takes to look at sources. */
export interface Polling {
  readonly sources: Sources;
  readonly fetch: Fetch;
  readonly reader: Reader;
  readonly publisher: Pick<Publisher, 'submit'>;
  /** How dates without a zone are meant. */
  readonly timeZone: string;
  readonly now: () => Instant;
  readonly random: () => number;
}

/** What it takes to answer the newsroom API's source routes. */
export interface SourcesDesk {
  readonly sources: Sources;
  readonly bell: Doorbell<SourcesDoorbell>;
  readonly keys: Table;
  readonly newsroom: Newsroom;
  readonly now: () => Instant;
}
