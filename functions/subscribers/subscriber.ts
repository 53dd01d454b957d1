import * as z from 'zod';
import { type Cadence, cadenceSchema } from '../shared/config.ts';
import type { Instant } from '../shared/time.ts';

const instant: z.ZodType<Instant> = z.string();

const choices = z.object({
  /** Best first: the first is the language of the mails themselves. */
  languages: z.array(z.string()).min(1).readonly(),
  /** `[]`: all of them, those to come included. */
  topics: z.array(z.string()).readonly(),
  cadence: cadenceSchema,
  /** Where the reader lives; editions go out by the clocks of their cadence. */
  timeZone: z.string(),
});

/** Under which circumstances somebody agreed to something: the proof of consent. */
const circumstances = z.object({
  at: instant,
  /** The language in which the wording was read. */
  language: z.string(),
  /** Version of the wording agreed to; see `joining/consent.ts`. */
  wording: z.string(),
  /** Where it came from, cut to a network; `null` where nobody saw it. */
  network: z.string().nullable(),
  /** The page or interface it was said on, without what is one reader's own in its address: `/subscribe`. */
  page: z.string().optional(),
  /** For whoever was brought in by an import: what the newsroom said of how this person agreed, who said it, since when. */
  statement: z.object({ text: z.string(), by: z.string(), since: z.string().nullable() }).optional(),
});

/** What became of the mail that asks for confirmation. Only `due` is ever sent, and only once. */
const confirmationMail = z.discriminatedUnion('state', [
  z.object({ state: z.literal('due'), since: instant }),
  /** Taken by one sender. If that one died, nobody knows whether the mail went out, so it stays here. */
  z.object({ state: z.literal('claimed'), claim: z.string(), at: instant }),
  z.object({ state: z.literal('sent'), at: instant, messageId: z.string() }),
  z.object({ state: z.literal('refused'), at: instant, code: z.string() }),
  z.object({ state: z.literal('unknown'), at: instant, code: z.string() }),
]);

const asked = z.object({ choices, round: z.int(), circumstances, mail: confirmationMail });

/** A mail about the reader's own settings, of each kind one at most. */
const letter = z.object({
  kind: z.enum(['link', 'address', 'notice', 'takenBack', 'welcome']),
  newsletter: z.string(),
  language: z.string(),
  /** Where it goes, if not to the reader's own address. */
  to: z.string().optional(),
  /** A link that changes the address answers the letter of this number and no other. */
  round: z.int(),
  mail: confirmationMail,
});

const subscription = choices.extend({
  newsletter: z.string(),
  /** `pending`: never confirmed yet. Only `active` gets editions. */
  state: z.enum(['pending', 'active', 'left']),
  /** When the present membership began. */
  confirmedAt: instant.nullable(),
  leftAt: instant.nullable(),
  /** Earlier cadences, newest last: from these an edition knows what the reader was sent already. */
  history: z.array(z.object({ cadence: cadenceSchema, until: instant })).readonly(),
  /** Earlier languages and topics, newest last: from these an edition knows what of those before it was for the reader. */
  earlierChoices: z
    .array(z.object({ ...choices.pick({ languages: true, topics: true }).shape, until: instant }))
    .readonly()
    .optional(),
  /** When no edition was or is wanted: after `from`, before `until`. Newest last; only the last may reach beyond now. */
  pauses: z
    .array(z.object({ from: instant, until: instant }))
    .readonly()
    .optional(),
  /** What held before the reader's last change, so that it can be taken back for a day. */
  undo: z.object({ at: instant, choices, pausedUntil: instant.nullable() }).nullable().optional(),
  /** What waits for the reader's click; the choices above stay in force until then. */
  asked: asked.nullable(),
  /** Counts what was asked. A link confirms the round it was mailed for and no other. */
  round: z.int(),
  /** The last round that was confirmed; 0 for none. */
  confirmedRound: z.int(),
  /** When the first question was mailed: the day on which this sign-up counts. */
  firstAskedAt: instant.optional(),
  /** The row of the import that made this subscription: done twice, it is counted once. */
  imported: z.object({ job: z.string(), row: z.int() }).optional(),
});

/** What ties a line of the record to the one before; given by the store. See `consent/chain.ts`. */
const seal = z.object({
  /** From 1, without gaps. */
  number: z.int(),
  /** The address at that moment, as a keyed hash. */
  person: z.string(),
  /** `hash` of the line before. */
  previous: z.string(),
  hash: z.string(),
});

const consent = z.object({
  what: z.enum(['joined', 'changed', 'left', 'rejoined', 'suppressed', 'paused', 'resumed', 'moved', 'erased']),
  newsletter: z.string().nullable(),
  circumstances,
  /** For what was asked for by a form: when and from where that was. The circumstances above are those of the click. */
  asked: circumstances.nullable(),
  /** What holds from then on. */
  choices: choices.optional(),
  /** Why it ended: `bounce 5.1.1`, `complaint`, or the newsroom's reason. */
  because: z.string().optional(),
  /** Until when no edition is wanted. */
  until: instant.optional(),
  /** Missing until the line is saved. */
  seal: seal.optional(),
});

export const sealedConsent = consent.extend({ seal });

export const subscriberSchema = z.object({
  /** 32 random hexadecimal digits: it says nothing of the person and spreads over partitions. */
  id: z.string(),
  /** As `border/address.ts` writes it; empty once it was erased. */
  address: z.string(),
  /** When the address became another one, the last time: what is told of earlier mails is about a mailbox of before. */
  movedAt: instant.optional(),
  /** Counts the saves, from 1; 0 for one that was never saved. */
  version: z.int(),
  createdAt: instant,
  /** Whoever never confirmed anything is forgotten then. */
  expiresAt: instant.nullable(),
  suppressed: z
    .object({
      because: z.enum(['bounce', 'complaint', 'erased']),
      at: instant,
      /** Of an erased reader whose mails also bounced, or who complained: no question is mailed again either. */
      formerly: z.enum(['bounce', 'complaint']).optional(),
    })
    .nullable(),
  /** Rounds of new subscriptions count on from here, so that no link from before an erasure answers a later question. */
  firstRound: z.int().optional(),
  /** At most one for each newsletter. */
  subscriptions: z.array(subscription).readonly(),
  letters: z.array(letter).readonly().optional(),
  /** The highest number a letter ever had, erasures included, so that no link answers a letter it did not come with. */
  lastLetter: z.int().optional(),
  /** Confirmation mails since this reader last clicked on anything. */
  unanswered: z.object({ mails: z.int(), lastAt: instant.nullable() }),
  /** The newest lines of the record of consent, and those not saved yet; `Subscribers.record` has all of them. */
  consent: z.array(consent).readonly(),
  /** The last saves that changed a number of the growth; see `counting/event.ts`. Kept by the store. */
  saves: z.array(z.string()).readonly().optional(),
});

export type Choices = Readonly<z.infer<typeof choices>>;
export type Circumstances = Readonly<z.infer<typeof circumstances>>;
export type Asked = Readonly<z.infer<typeof asked>>;
export type Letter = Readonly<z.infer<typeof letter>>;
export type Subscription = Readonly<z.infer<typeof subscription>>;
export type Consent = Readonly<z.infer<typeof consent>>;
export type Seal = Readonly<z.infer<typeof seal>>;
export type Subscriber = Readonly<z.infer<typeof subscriberSchema>>;
export type Suppression = NonNullable<Subscriber['suppressed']>['because'];

export const newSubscriber = (id: string, address: string, now: Instant): Subscriber => ({
  id,
  address,
  version: 0,
  createdAt: now,
  expiresAt: null,
  suppressed: null,
  subscriptions: [],
  unanswered: { mails: 0, lastAt: null },
  consent: [],
});

/** The subscription under which this reader is to get this newsletter now, if there is one. */
export const activeSubscription = (subscriber: Subscriber, newsletter: string): Subscription | undefined =>
  subscriber.suppressed
    ? undefined
    : subscriber.subscriptions.find((one) => one.newsletter === newsletter && one.state === 'active');

/** The audiences this reader belongs to. */
export const audiencesOf = (subscriber: Subscriber): { newsletter: string; cadence: Cadence }[] =>
  subscriber.suppressed
    ? []
    : subscriber.subscriptions
        .filter((one) => one.state === 'active')
        .map(({ newsletter, cadence }) => ({ newsletter, cadence }));

export const choicesOf = ({ languages, topics, cadence, timeZone }: Choices): Choices => ({
  languages,
  topics,
  cadence,
  timeZone,
});

/** What differs between two choices, in the words of the API. The order of topics says nothing, that of languages does. */
export const differences = (a: Choices, b: Choices): (keyof Choices)[] =>
  (['languages', 'topics', 'cadence', 'timeZone'] as const).filter((name) => spelled(a, name) !== spelled(b, name));

const spelled = (one: Choices, name: keyof Choices): string => {
  if (name === 'topics') return [...one.topics].sort().join(' ');
  return name === 'languages' ? one.languages.join(' ') : one[name];
};
