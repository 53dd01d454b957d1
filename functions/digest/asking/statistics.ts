import * as z from 'zod';
import type { Growth } from '../../subscribers/counting/growth.dynamo.ts';
import type { Edition } from '../ledger/edition.ts';
import { heardIn, type Outcome } from '../ledger/heard.ts';
import type { Ledger } from '../ledger/ports.ts';
import type { Standing } from '../ledger/standing.ts';
import { clicksOf, clicksSchema, peopleByLanguage } from './clicks.ts';

const count = z.int();

const counts = z.object({
  sent: count,
  delivered: count.describe('Taken by the reader’s mail server.'),
  bounced: count.describe('Come back for good, even where a server had taken it first.'),
  complained: count.describe('Called spam.'),
  unsubscribed: count
    .nullable()
    .describe('Who left by the links of its mails, and stayed away. `null`: an earlier release made them.'),
});

const countsIn = counts.extend({
  clicks: count.optional().describe('Of people on articles in this language, where clicks are counted.'),
});

export const statisticsSchema = z.object({
  total: counts,
  languages: z.record(z.string(), countsIn).describe('By the language of the mail.'),
  clicks: clicksSchema.nullable().describe('`null` where the newsletter does not count them.'),
});

type Statistics = z.infer<typeof statisticsSchema>;
type Counts = z.infer<typeof countsIn>;

type Counting = Parameters<typeof clicksOf>[0] & {
  readonly ledger: Pick<Ledger, 'heard'>;
  readonly growth: Pick<Growth, 'leavings'>;
};

interface Known {
  readonly standing: Standing;
  /** Whether its newsletter counts clicks now. */
  readonly countsClicks: boolean;
}

/** Numbers of an edition that began: none of them says anything of a person. `null` before. */
export const statisticsOf = async (
  counting: Counting,
  { id, startedAt, countsLeavings }: Edition,
  { standing: { counts: deliveries, sentIn }, countsClicks }: Known,
): Promise<Statistics | null> => {
  if (startedAt === null) return null;
  const [heard, left, clicks] = await Promise.all([
    counting.ledger.heard(id),
    counting.growth.leavings(id),
    clicksOf(counting, id, countsClicks),
  ]);
  const clicked = clicks && peopleByLanguage(clicks);
  const outcomes = heardIn(heard);
  const numbersIn = (language: string): Counts => ({
    sent: sentIn[language] ?? 0,
    ...(outcomes.get(language) ?? { delivered: 0, bounced: 0, complained: 0 }),
    unsubscribed: countsLeavings ? (left[language] ?? 0) : null,
    ...(clicked && { clicks: clicked.get(language) ?? 0 }),
  });
  const named = [sentIn, left].flatMap((one) => Object.keys(one));
  const languages = [...new Set([...named, ...outcomes.keys(), ...(clicked?.keys() ?? [])])]
    .filter((one) => one !== '')
    .sort();
  const heardOf = (is: Outcome): number => sumOf([...outcomes.values()].map((one) => one[is]));
  const [delivered, bounced, complained] = [heardOf('delivered'), heardOf('bounced'), heardOf('complained')];
  return {
    total: {
      sent: deliveries.sent,
      delivered,
      bounced,
      complained,
      unsubscribed: countsLeavings ? sumOf(Object.values(left)) : null,
    },
    languages: Object.fromEntries(languages.map((language) => [language, numbersIn(language)])),
    clicks,
  };
};

const sumOf = (numbers: readonly number[]): number => numbers.reduce((sum, one) => sum + one, 0);
