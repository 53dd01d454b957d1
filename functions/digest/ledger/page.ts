import * as z from 'zod';
import type { Instant } from '../../shared/time.ts';

const instant: z.ZodType<Instant> = z.string();

export const deliveryStates = [
  'ready',
  /** A worker has it, and has not called SES yet. */
  'claimed',
  /** Written before the call: from now on only a result or an event can tell. */
  'sending',
  'sent',
  /** SES said no, for good. */
  'failed',
  /** The reader was gone, or had nothing left to read, when his turn came. */
  'suppressed',
  /** It may have been sent. Settled by evidence, never by guessing. */
  'unknown',
  'cancelled',
] as const;

const delivery = z.object({
  /** The subscriber's id. */
  reader: z.string(),
  state: z.enum(deliveryStates),
  /** His own lower bound, where it is not the edition's. */
  after: z.int().optional(),
  /** What was told up to here was told before he came; without it, he has been there all along. */
  joined: z.int().optional(),
  /** Of the mail, known when it was composed. */
  language: z.string().optional(),
  /** The claim under which it was last tried. */
  claim: z.string().optional(),
  messageId: z.string().optional(),
  /** Why it failed, was suppressed or is unknown: a word of ours or a code of SES. */
  because: z.string().optional(),
  /** Since when it is unknown. */
  since: instant.optional(),
  /** What became of it before somebody had it sent again: under which retry, and what it was till then. */
  again: z
    .array(
      z.object({
        retry: z.string(),
        was: z.enum(['failed', 'unknown']),
        because: z.string().optional(),
        messageId: z.string().optional(),
      }),
    )
    .readonly()
    .optional(),
  /** The worst that was heard of it since. */
  outcome: z.enum(['bounced', 'complained', 'rejected']).optional(),
});

export const pageSchema = z.object({
  edition: z.string(),
  /** From 1. */
  page: z.int(),
  /** Counts the saves, from 1. */
  version: z.int(),
  /** The last reader the planning had looked at when it wrote this page; the next one starts behind him. */
  through: z.string(),
  /** Deliveries up to and with this page. */
  total: z.int(),
  /** Behind the last page of deliveries stands an empty one, so that nobody late can add another. */
  end: z.boolean(),
  deliveries: z.array(delivery).readonly(),
  /** Who is at work on it, and until when nobody else may be. */
  claim: z.object({ id: z.string(), until: instant }).nullable(),
  /** The last retry it was prepared for. */
  retry: z.string().nullable(),
});

export type Page = Readonly<z.infer<typeof pageSchema>>;
export type Delivery = Readonly<z.infer<typeof delivery>>;
export type DeliveryState = Delivery['state'];
export type Counts = Readonly<Record<DeliveryState, number>> & { readonly audience: number };

/** SES message tags end at 256 characters of A–Z, a–z, 0–9, `-` and `_`. */
export const deliveryId = (page: number, index: number): string => `${page}-${index}`;

export const readDeliveryId = (text: string): { page: number; index: number } | undefined => {
  const match = /^([1-9]\d{0,8})-(0|[1-9]\d?)$/.exec(text);
  return match ? { page: Number(match[1]), index: Number(match[2]) } : undefined;
};

/** Something is still to be done for one of its readers. */
export const isOpen = (page: Page): boolean => page.deliveries.some(({ state }) => OPEN.has(state));

const OPEN: ReadonlySet<DeliveryState> = new Set(['ready', 'claimed', 'sending']);

/** Somebody could take it now. */
export const isFree = (page: Page, now: Instant): boolean =>
  isOpen(page) && (page.claim === null || page.claim.until <= now);

const NONE: Readonly<Record<DeliveryState, number>> = {
  ready: 0,
  claimed: 0,
  sending: 0,
  sent: 0,
  failed: 0,
  suppressed: 0,
  unknown: 0,
  cancelled: 0,
};

/** Counts what became of the deliveries; the audience is the frozen one, so that the two can be compared. */
export const countsOf = (pages: Iterable<Page>, audience: number): Counts => {
  const counts = { ...NONE };
  for (const page of pages) for (const { state } of page.deliveries) counts[state]++;
  return { audience, ...counts };
};

/** Everybody is accounted for, and nothing is under way. */
export const isAccountedFor = (counts: Counts): boolean =>
  counts.ready + counts.claimed + counts.sending === 0 &&
  counts.audience === counts.sent + counts.failed + counts.suppressed + counts.unknown + counts.cancelled;
