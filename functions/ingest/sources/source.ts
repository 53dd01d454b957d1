import * as z from 'zod';
import { sourceSetting } from '../../shared/config/sources.ts';
import type { Instant } from '../../shared/time.ts';

/** A source as it is kept. A field of another release is passed over. */
export const source = z.object(sourceSetting.shape).extend({
  /** Counts its changes: the validator of `PUT`. */
  revision: z.int(),
  /** Who keeps it: the API, or `newsroom.config.ts`. */
  keptBy: z.enum(['api', 'config']),
});

export type Source = Readonly<z.output<typeof source>>;

const looked = z.object({
  at: z.string(),
  /** 0 where there was no answer. */
  status: z.int(),
});

const note = z.object({ item: z.string(), because: z.string(), at: z.string() });

/** What became of looking at a source: its health, and what the next look needs to know. */
export const sourceState = z.object({
  id: z.string(),
  /** Counts the looks, so that a stalled one never writes over a later one. */
  looks: z.int(),
  /** What it was called when this was found out; of another place all of this says nothing. */
  place: z.string(),
  state: z.enum(['new', 'well', 'trouble', 'ended']),
  lastLookAt: z.string().nullable(),
  lastNewAt: z.string().nullable(),
  nextLookAt: z.string().nullable(),
  /** Why the last look brought nothing; ends a sentence. */
  trouble: z.string().nullable(),
  troubleSince: z.string().nullable(),
  /** When its articles had all come in for the first time: what comes later is news. */
  readAt: z.string().nullable(),
  /** Byte for byte as the source gave them, with the address they are for. Kept only after what they stand for was read. */
  validators: z
    .object({ url: z.string(), etag: z.string().nullable(), lastModified: z.string().nullable() })
    .nullable(),
  /** Of the last document that was read. */
  bodyHash: z.string().nullable(),
  bodyBytes: z.int(),
  /** How far a source that is read in steps has been read: the change of the last article. */
  cursor: z.string().nullable(),
  /** Which page from there on is next; more than 1 where one look could not read all that changed in one second. */
  page: z.int().default(1),
  /** Where the source says it has moved for good, and since when it has said so. */
  moved: z.object({ url: z.string(), since: z.string() }).nullable(),
  intervalSeconds: z.int(),
  /** The newest last. */
  answers: z.array(looked),
  /** The newest last. */
  refused: z.array(note),
  counts: z.object({
    looks: z.int(),
    /** Answered by 304, so that nothing had to be sent. */
    unchanged: z.int(),
    bytesRead: z.int(),
    /** What the answers of 304 would have weighed. */
    bytesSaved: z.int(),
    articles: z.int(),
    revisions: z.int(),
    refused: z.int(),
  }),
});

export type SourceState = Readonly<z.output<typeof sourceState>>;

const FIRST_INTERVAL_SECONDS = 15 * 60;

const placeOf = ({ kind, url }: Pick<Source, 'kind' | 'url'>): string => `${kind} ${url}`;

/** A source nobody has looked at. */
export const untouched = (one: Source): SourceState => ({
  id: one.id,
  looks: 0,
  place: placeOf(one),
  state: 'new',
  lastLookAt: null,
  lastNewAt: null,
  nextLookAt: null,
  trouble: null,
  troubleSince: null,
  readAt: null,
  validators: null,
  bodyHash: null,
  bodyBytes: 0,
  cursor: null,
  page: 1,
  moved: null,
  intervalSeconds: FIRST_INTERVAL_SECONDS,
  answers: [],
  refused: [],
  counts: { looks: 0, unchanged: 0, bytesRead: 0, bytesSaved: 0, articles: 0, revisions: 0, refused: 0 },
});

/** What is known of a source: all that was found out at another address says nothing of this one. */
export const stateNow = (one: Source, kept: SourceState | undefined): SourceState => {
  if (kept && kept.place === placeOf(one)) return kept;
  return { ...untouched(one), looks: kept?.looks ?? 0, counts: kept?.counts ?? untouched(one).counts };
};

const WEEK_MS = 7 * 24 * 3_600_000;

/** Where a source is asked: the address it moved to, once it has said so for a week, else the one the newsroom gave. */
export const addressOf = ({ url }: Source, { moved }: SourceState, now: Instant): string =>
  moved !== null && Date.parse(now) - Date.parse(moved.since) >= WEEK_MS ? moved.url : url;

/** What sources of one place have in common: it is asked by one at a time. */
export const hostOf = ({ url }: Pick<Source, 'url'>): string => new URL(url).host;
