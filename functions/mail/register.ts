import * as z from 'zod';

/**
 * Who sends mail at this moment, and what SES allows all of them together: one small item that every sending process
 * reads and writes every few seconds. From it each works out its own share of the rate, so that any number of them
 * keeps to one rate, and one alone has all of it.
 */
export const registerSchema = z.object({
  version: z.int(),
  /** Mails a second that SES grants the account. */
  perSecond: z.number(),
  /** `null` where SES sets no limit. */
  perDay: z.number().nullable(),
  /** In the 24 hours before SES was asked, and what the senders have said they sent since. */
  sentLastDay: z.number(),
  sentSince: z.number(),
  askedAtMs: z.number(),
  senders: z
    .array(
      z.object({
        id: z.string(),
        kind: z.enum(['editions', 'confirmations']),
        /** From then on it may send: at once where it was alone when it came. */
        startsAtMs: z.number(),
        /** Silent until then, it is gone. */
        untilMs: z.number(),
      }),
    )
    .readonly(),
});

export type Register = Readonly<z.infer<typeof registerSchema>>;
type Sender = Register['senders'][number];
export type SenderKind = Sender['kind'];

/** Where the register lies. */
export interface RegisterShelf {
  read(): Promise<Register | undefined>;
  /** In place of the version before; `false`: somebody else was faster. */
  save(register: Register): Promise<boolean>;
}

/** Nobody sends who has not read the register for so long. */
export const READ_EVERY_MS = 3000;
/** Whoever is new waits until all others must have seen him, and a second more, so that no second holds both rates. */
const NEWCOMER_WAITS_MS = READ_EVERY_MS + 1000;
/** Who has been silent for so long sends no more; the clocks of two machines may differ by less. */
const GONE_AFTER_MS = 3 * READ_EVERY_MS;
/** So often SES is asked again. */
const QUOTA_HOLDS_MS = 60_000;

export const mustAskQuota = (register: Register | undefined, nowMs: number): boolean =>
  register === undefined || Math.abs(nowMs - register.askedAtMs) > QUOTA_HOLDS_MS;

export interface Entering {
  readonly id: string;
  readonly kind: SenderKind;
  readonly nowMs: number;
  /** Mails sent since it was last here. */
  readonly sent: number;
  /** What SES says, where it was asked. */
  readonly quota: { readonly perSecond: number; readonly perDay: number; readonly sentLastDay: number } | undefined;
}

/** The register with this sender in it, his mails counted, and without those who are gone. */
export const entered = (before: Register | undefined, { id, kind, nowMs, sent, quota }: Entering): Register => {
  const there = before?.senders.find((one) => one.id === id && one.untilMs > nowMs);
  const others = before?.senders.filter((one) => one.id !== id && one.untilMs > nowMs) ?? [];
  const startsAtMs = there?.startsAtMs ?? nowMs + (others.length > 0 ? NEWCOMER_WAITS_MS : 0);
  const me: Sender = { id, kind, startsAtMs, untilMs: nowMs + GONE_AFTER_MS };
  const known = before ?? NOTHING;
  return {
    ...known,
    ...(quota
      ? {
          perSecond: quota.perSecond,
          perDay: Number.isFinite(quota.perDay) ? quota.perDay : null,
          sentLastDay: quota.sentLastDay,
          sentSince: 0,
          askedAtMs: nowMs,
        }
      : { sentSince: known.sentSince + sent }),
    version: known.version + 1,
    senders: [...others, me].sort(inTurn),
  };
};

const NOTHING: Register = {
  version: 0,
  perSecond: 0,
  perDay: null,
  sentLastDay: 0,
  sentSince: 0,
  askedAtMs: 0,
  senders: [],
};

const inTurn = (a: Sender, b: Sender): number =>
  a.startsAtMs - b.startsAtMs || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);

/** While editions are sending, whoever confirms sign-ups has a twentieth of the rate, and at least one a second. */
const CONFIRMING_SHARE = 0.05;

/**
 * A sender's mails a second. Whole numbers: two halves that do not know of each other can meet in one second. Where
 * there are more senders than mails a second, those who came first go on, and confirmations come before editions.
 */
export const shareOf = ({ perSecond, senders }: Register, id: string): number => {
  const me = senders.find((one) => one.id === id);
  if (!me || perSecond <= 0) return 0;
  // Half a mail a second is for one of them alone.
  if (perSecond < 1) return firstOf(senders)?.id === id ? perSecond : 0;
  const rate = Math.floor(perSecond);
  const confirming = senders.filter(({ kind }) => kind === 'confirmations');
  const sending = senders.filter(({ kind }) => kind === 'editions');
  if (confirming.length === 0) return partOf(rate, sending, id);
  if (sending.length === 0) return partOf(rate, confirming, id);
  const forConfirming = Math.min(rate, Math.max(confirming.length, Math.floor(rate * CONFIRMING_SHARE)));
  return me.kind === 'confirmations'
    ? partOf(forConfirming, confirming, id)
    : partOf(rate - forConfirming, sending, id);
};

const firstOf = (senders: readonly Sender[]): Sender | undefined =>
  senders.find(({ kind }) => kind === 'confirmations') ?? senders[0];

const partOf = (rate: number, among: readonly Sender[], id: string): number => {
  const place = among.findIndex((one) => one.id === id);
  return Math.floor(rate / among.length) + (place < rate % among.length ? 1 : 0);
};

/** Mails the account may still send today, as far as is known. */
export const leftToday = ({ perDay, sentLastDay, sentSince }: Register): number =>
  perDay === null ? Number.POSITIVE_INFINITY : perDay - sentLastDay - sentSince;

/** What editions leave of a day's quota for mails that people wait for: a fiftieth, where the newsroom says nothing else. */
export const reserveOf = (perDay: number, reservePerDay: number | undefined): number =>
  reservePerDay ?? Math.min(MOST_RESERVED, Math.ceil(perDay / 50));

const MOST_RESERVED = 2000;
