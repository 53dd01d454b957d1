import * as z from 'zod';
import { cadenceSchema, cadencesOf, type Newsletter, zoneOf } from '../../shared/config.ts';
import { DAY_MS, type Instant, instant, msOf } from '../../shared/time.ts';
import { type Edition, editionStates } from '../ledger/edition.ts';
import type { Standing } from '../ledger/standing.ts';
import { waitsUntil } from '../progress/firstShare.ts';
import { progressOf } from '../progress/rate.ts';
import { cutOffOf, slotsBetween } from '../schedule.ts';
import { preflightShown, preflightView } from './preflightShown.ts';
import { statisticsSchema } from './statistics.ts';

/** What the newsroom API shows of newsletters and editions: the schemas of its description, and how they are filled. */

const instantSchema = z.string();

const counts = z.object({
  audience: z.int(),
  ready: z.int(),
  claimed: z.int(),
  sending: z.int(),
  sent: z.int(),
  failed: z.int(),
  suppressed: z.int(),
  unknown: z.int(),
  cancelled: z.int(),
});

export const shortEdition = z.object({
  id: z.string(),
  newsletter: z.string(),
  cadence: cadenceSchema,
  slot: instantSchema
    .nullable()
    .describe('When it is to go out; with a cut-off it is made before that. `null` for one that somebody asked for.'),
  state: z.enum(editionStates),
  createdAt: instantSchema,
  startedAt: instantSchema.nullable(),
  closedAt: instantSchema.nullable(),
  subjects: z
    .record(z.string(), z.string())
    .nullable()
    .describe('Of its mails, by language in which it has news. `null` before it is composed.'),
  pausedBecause: z.string().optional(),
  sendsAt: instantSchema
    .optional()
    .describe('Approved, and kept back until then: until its slot, or for whoever wants to stop it after all.'),
  audience: z.int().nullable(),
});

export const wholeEdition = shortEdition.extend({
  /** The version of its curation, the `If-Match` of the next change, and who made it. `null`: untouched. */
  curation: z.object({ version: z.int(), by: z.string().nullable(), at: instantSchema }).nullable(),
  editedBy: z.array(z.string()),
  approvedBy: z.string().nullable(),
  covers: z.object({ after: z.int(), upTo: z.int() }).nullable(),
  deliveries: counts.describe('What became of them; the states add up to the audience at every moment.'),
  discrepancy: z
    .int()
    .describe('So many deliveries more than the audience or, below 0, fewer. Always 0; if not, somebody must look.'),
  progress: z.object({
    /** Readers for whom nothing is left to do. */
    done: z.int(),
    of: z.int(),
    /** Readers a second over the last minutes; `null` while nothing can be said. */
    perSecond: z.number().nullable(),
    etaSeconds: z
      .int()
      .nullable()
      .describe(
        'At this speed, and where the day’s quota of SES ends before, as it comes back; `null` while it has just begun, waits for somebody or stands still.',
      ),
    resumesAround: instantSchema
      .optional()
      .describe(
        'Of one that the daily quota does not suffice for: when mails go out again, at the latest, once it is used up. Of one that SES has stopped for another reason: when it is tried again.',
      ),
    /** Some readers have it; the others get it from this moment on, if all is well. */
    waitsUntil: instantSchema.optional(),
  }),
  feedback: z.object({ bounced: z.int(), complained: z.int() }),
  preflight: preflightView.nullable(),
  preview: z
    .object({ url: z.string(), until: instantSchema })
    .optional()
    .describe('A link that shows the edition in any browser, to whoever has it, until then. Once it is composed.'),
  /** Counts only, `null` before it began. What is not measured: who opened a mail, and who clicked what. */
  statistics: statisticsSchema.nullable(),
  /** Every time it went out again to those who were missing. */
  retries: z.array(z.object({ at: instantSchema, by: z.enum(['person', 'rule']), unknown: z.boolean() })),
});

export const newsletterSchema = z.object({
  id: z.string(),
  label: z.record(z.string(), z.string()),
  languages: z.array(z.string()),
  timeZone: z.string(),
  approval: z.enum(['none', 'required']),
  approvalBy: z.enum(['anyone', 'someone-else']),
  undoMinutes: z.int(),
  staleAfterHours: z
    .int()
    .describe('From so many hours after its slot on an edition is held for a person, unless one has let it go since.'),
  cadences: z.array(
    z.object({
      cadence: cadenceSchema,
      timeZone: z.string(),
      next: instantSchema.nullable().describe('Its next slot: when the next edition goes out.'),
      cutOff: instantSchema
        .nullable()
        .describe('When that edition is made, and up to when it covers what is announced: the slot itself, or before.'),
    }),
  ),
});

/** The next slot of every cadence comes within a month and a day. */
const LOOK_AHEAD_MS = 32 * DAY_MS;

export const newsletterView = (newsletter: Newsletter, from: Instant): z.infer<typeof newsletterSchema> => {
  const slots = slotsBetween(newsletter, from, instant(msOf(from) + LOOK_AHEAD_MS));
  const { id, label, languages, timeZone, approval, approvalBy, undoMinutes, staleAfterHours } = newsletter;
  const cadences = cadencesOf(newsletter).map((cadence) => {
    const next = slots.find((slot) => slot.cadence === cadence);
    const cutOff = next ? cutOffOf(newsletter, next) : null;
    return { cadence, timeZone: zoneOf(newsletter, cadence), next: next?.at ?? null, cutOff };
  });
  return { id, label, languages, timeZone, approval, approvalBy, undoMinutes, staleAfterHours, cadences };
};

export const shortView = (one: Edition): z.infer<typeof shortEdition> => ({
  id: one.id,
  newsletter: one.newsletter,
  cadence: one.cadence,
  slot: one.slot,
  state: one.state,
  createdAt: one.createdAt,
  startedAt: one.startedAt,
  closedAt: one.closedAt,
  subjects: one.subjects,
  ...(one.paused && { pausedBecause: one.paused.because }),
  ...(one.state === 'approved' && one.sendsAt !== null && { sendsAt: one.sendsAt }),
  audience: one.audience,
});

interface Beside {
  readonly newsletter: Newsletter | undefined;
  readonly statistics: z.infer<typeof statisticsSchema> | null;
  readonly now: Instant;
}

export const wholeView = (
  one: Edition,
  { counts: deliveries, discrepancy, bounced, complained }: Standing,
  { newsletter, statistics, now }: Beside,
): z.infer<typeof wholeEdition> => ({
  ...shortView(one),
  curation: one.curation && { version: one.curation.version, by: one.curation.by, at: one.curation.at },
  editedBy: [...one.editedBy],
  approvedBy: one.approvedBy,
  covers: one.after === null || one.upTo === null ? null : { after: one.after, upTo: one.upTo },
  deliveries,
  discrepancy,
  progress: { ...progressOf(one, deliveries, now), ...waiting(one, newsletter) },
  feedback: { bounced, complained },
  preflight: preflightShown(one),
  statistics,
  retries: one.retries.map(({ at, by, unknown }) => ({ at, by, unknown })),
});

const waiting = ({ state, first }: Edition, newsletter: Newsletter | undefined): { waitsUntil?: Instant } =>
  state === 'sending' && newsletter && first?.doneAt && !first.passed
    ? { waitsUntil: waitsUntil(newsletter, first.doneAt) }
    : {};
