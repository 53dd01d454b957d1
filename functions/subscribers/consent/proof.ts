import * as z from 'zod';
import type { House } from '../../shared/page/house.ts';
import { CONSENT_WORDING } from '../joining/consent.ts';
import type { Subscriber } from '../subscriber.ts';
import { type ConsentRecord, HOW_TO_CHECK, verifyChain } from './chain.ts';

const circumstances = z.object({
  at: z.string(),
  language: z.string(),
  wording: z.string(),
  network: z.string().nullable(),
  page: z.string().optional(),
});

const choices = z.object({
  languages: z.array(z.string()),
  topics: z.array(z.string()),
  cadence: z.string(),
  timeZone: z.string(),
});

export const shownRecord = z.object({
  subscriber: z.string(),
  number: z.int(),
  what: z.string(),
  newsletter: z.string().nullable(),
  circumstances,
  asked: circumstances.nullable(),
  choices: choices.optional(),
  because: z.string().optional(),
  until: z.string().optional(),
  person: z.string(),
  previous: z.string(),
  hash: z.string(),
});

/** A record of consent as it is handed out: complete in itself, and whoever gets it can check it. */
export const shownProof = z.object({
  subscriber: z.string(),
  records: z.array(shownRecord),
  verdict: z.object({ is: z.enum(['whole', 'broken']), number: z.int().optional(), because: z.string().optional() }),
  newest: z.string().nullable(),
  wordings: z.record(z.string(), z.record(z.string(), z.string())),
  howToCheck: z.string(),
});

/** The hash the subscriber's own item holds, saved in one with the last change. */
const newestOf = ({ consent }: Subscriber): string | undefined => consent.at(-1)?.seal?.hash;

export const proofOf = ({ newsroom, templates }: House, subscriber: Subscriber, records: readonly ConsentRecord[]) => ({
  subscriber: subscriber.id,
  records,
  verdict: verifyChain(records, newestOf(subscriber)),
  newest: newestOf(subscriber) ?? null,
  // What was agreed to, in every language it was shown in, as long as it is the present wording.
  wordings: {
    [CONSENT_WORDING]: Object.fromEntries(
      newsroom.languages.map(({ id }) => [id, templates.say(id, 'subscribe.consent', { newsroom: newsroom.name })]),
    ),
  },
  howToCheck: HOW_TO_CHECK,
});
