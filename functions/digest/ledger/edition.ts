import * as z from 'zod';
import { type Cadence, cadenceSchema } from '../../shared/config.ts';
import type { Instant } from '../../shared/time.ts';
import { editorialFields, UNTOUCHED } from './editorial.ts';
import { startFor } from './order.ts';

const instant: z.ZodType<Instant> = z.string();

export const editionStates = [
  /** Its bounds, audience and text are being worked out. */
  'planned',
  /** Frozen; waits for an approval. */
  'ready',
  /** Waits for a person: it comes too late, or somebody stopped it before it began. */
  'held',
  /** May be sent; begins at its slot, and when no other edition of its cadence is sending. */
  'approved',
  'sending',
  /** Stopped half-way, by a person or by SES. */
  'paused',
  'complete',
  'cancelled',
  /** Another one began, or the next one of its cadence was made, before it began: it swallows nothing. */
  'superseded',
] as const;

export const editionSchema = z.object({
  id: z.string(),
  newsletter: z.string(),
  cadence: cadenceSchema,
  /** When it is to go out; with a cut-off it is made before that. `null` for one that somebody asked for. */
  slot: instant.nullable(),
  state: z.enum(editionStates),
  /** Counts the saves, from 1. */
  version: z.int(),
  createdAt: instant,
  touchedAt: instant,
  /** When its bounds were fixed. Whoever joins its cadence after that is not its reader. */
  plannedAt: instant.nullable(),
  /** It covers the announced entries after this `seq` … */
  after: z.int().nullable(),
  /** … up to this one. */
  upTo: z.int().nullable(),
  /** The lowest bound among its readers: after a change of cadence, one may lie before the edition's own. */
  from: z.int().nullable(),
  /** Up to this `seq` its pieces know what became of its articles; `null`: up to where it covers the wire. */
  seen: z.int().nullable().default(null),
  /**
   * Its pages begin with the reader behind this id and end with him, so that not always the same ones are first. One
   * of an earlier release begins with the lowest id.
   */
  startsBehind: z.string().default(''),
  /** How far the planning has gone through the readers. */
  walked: z.object({ pages: z.int(), reader: z.string() }),
  /** Frozen when it is `ready`. */
  audience: z.int().nullable(),
  pages: z.int().nullable(),
  /** Where its rendered pieces lie in the private bucket. */
  pieces: z.string().nullable(),
  /** Where it lies as everybody may read it. */
  issue: z.string().nullable().default(null),
  /** The subjects of its mails, by language in which it has news; `null` where that lies with the issue alone. */
  subjects: z.record(z.string(), z.string()).nullable().default(null),
  /** A person has said that it may be sent. */
  approved: z.boolean(),
  /** When it began: from now on it covers what it covers. */
  startedAt: instant.nullable(),
  /** Doorbells rung for its pages, up to this one. */
  rung: z.int(),
  /** The highest page anybody was ever rung for: on those behind it nobody was at work. */
  reach: z.int().default(0),
  /** Some readers first: up to this page, when the last of them was done, and whether all was well. */
  first: z.object({ through: z.int(), doneAt: instant.nullable(), passed: z.boolean() }).nullable().default(null),
  /** What a person has accepted when he let it go on after it had stopped by itself: only what came since counts. */
  accepted: z
    .object({ sent: z.int(), bounced: z.int(), complained: z.int() })
    .default({ sent: 0, bounced: 0, complained: 0 }),
  /** How far it was, now and then, in the last minutes: what its speed is told from. */
  samples: z
    .array(z.object({ at: instant, done: z.int() }))
    .readonly()
    .default([]),
  /** What SES granted newsletters when it was asked: a second, a day, what was left of that; and how far it was then. */
  quota: z
    .object({ at: instant, perSecond: z.number(), perDay: z.number(), left: z.number(), done: z.int() })
    .nullable()
    .default(null),
  /** Complete, and somebody is unknown: looked at until that is settled or a person has been told. */
  watched: z.boolean().default(false),
  /** When a person was told that deliveries stay unknown. */
  toldAt: instant.nullable().default(null),
  paused: z.object({ because: z.string(), at: instant }).nullable(),
  /** A person wants those who are missing to be tried again; pages up to `through` are prepared for it. */
  retry: z.object({ id: z.string(), unknown: z.boolean(), through: z.int() }).nullable(),
  /** Every time some were sent again: by whom, and whether the unknown were among them. */
  retries: z
    .array(z.object({ id: z.string(), at: instant, by: z.enum(['person', 'rule']), unknown: z.boolean() }))
    .readonly()
    .default([]),
  /** Its links for leaving say whose they are, so that it is known who left by them. */
  countsLeavings: z.boolean().default(false),
  ...editorialFields,
  /** When everything about it was over, its pages included. */
  closedAt: instant.nullable(),
});

export type Edition = Readonly<z.infer<typeof editionSchema>>;
export type EditionState = Edition['state'];

export interface NewEdition {
  readonly newsletter: string;
  readonly cadence: Cadence;
  readonly slot: Instant | null;
  readonly now: Instant;
  /** Tells apart editions that somebody asked for in the same moment: small letters and digits. */
  readonly suffix?: string;
}

export const newEdition = ({ newsletter, cadence, slot, now, suffix }: NewEdition): Edition => ({
  id: editionId(newsletter, cadence, slot ?? now, suffix),
  newsletter,
  cadence,
  slot,
  state: 'planned',
  version: 1,
  createdAt: now,
  touchedAt: now,
  plannedAt: null,
  after: null,
  upTo: null,
  from: null,
  seen: null,
  startsBehind: startFor(editionId(newsletter, cadence, slot ?? now, suffix)),
  walked: { pages: 0, reader: '' },
  audience: null,
  pages: null,
  pieces: null,
  issue: null,
  subjects: null,
  approved: false,
  startedAt: null,
  rung: 0,
  reach: 0,
  first: null,
  accepted: { sent: 0, bounced: 0, complained: 0 },
  samples: [],
  quota: null,
  watched: false,
  toldAt: null,
  paused: null,
  retry: null,
  retries: [],
  countsLeavings: true,
  closedAt: null,
  ...UNTOUCHED,
});

/**
 * `city-news-weekly-20261123T070000Z` for a slot, so that two schedulers make one edition; for one that somebody asked
 * for with a suffix. SES takes only A–Z, a–z, 0–9, `-` and `_` in a message tag.
 */
export const editionId = (newsletter: string, cadence: Cadence, at: Instant, suffix?: string): string => {
  const stamp = `${at.slice(0, 19).replaceAll(/[-:]/g, '')}Z`;
  return [newsletter, cadence, stamp, ...(suffix === undefined ? [] : [suffix])].join('-');
};

const FORM = /^([a-z0-9-]{1,60})-(immediate|daily|weekly|monthly)-(\d{8}T\d{6}Z(?:-[a-z0-9]{1,32})?)$/;

/** What an id says; `undefined` for what is no edition's id. */
export const partsOfId = (id: string): { newsletter: string; cadence: Cadence; stamp: string } | undefined => {
  const [, newsletter = '', cadenceName, stamp = ''] = FORM.exec(id) ?? [];
  const known = cadenceSchema.safeParse(cadenceName);
  return known.success ? { newsletter, cadence: known.data, stamp } : undefined;
};

/** Whether a newer one may take its place: nobody has got it. */
export const hasNotBegun = ({ state, startedAt }: Edition): boolean =>
  startedAt === null && (state === 'planned' || state === 'ready' || state === 'held' || state === 'approved');

/** On pages behind this one nobody was ever at work. An edition of an earlier release says it by its doorbells alone. */
export const reached = ({ rung, reach }: Pick<Edition, 'rung' | 'reach'>): number => Math.max(rung, reach);

/** Up to where its pieces know the wire. */
export const knownTo = (edition: Edition): number => edition.seen ?? boundsOf(edition).upTo;

/** From where on whoever changed nothing gets it: where it begins, unless more was announced since than it can tell. */
export const usualBound = (edition: Edition): number => {
  const { after, from } = boundsOf(edition);
  return Math.max(after, from);
};

/** Its bounds, once it has them. */
export const boundsOf = ({ id, after, upTo, from, plannedAt }: Edition) => {
  if (after === null || upTo === null || from === null || plannedAt === null)
    throw new Error(`The edition ${id} has no bounds yet.`);
  return { after, upTo, from, plannedAt };
};
