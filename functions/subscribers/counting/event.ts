import * as z from 'zod';
import { cadenceSchema } from '../../shared/config.ts';
import type { Instant } from '../../shared/time.ts';
import type { Over } from '../leaving/over.ts';
import { activeSubscription, type Subscriber, type Subscription } from '../subscriber.ts';

/** As what somebody is counted: by the language of the mails, all chosen topics (none chosen: `all`), and the pace. */
const countedAs = z.object({ language: z.string(), topics: z.array(z.string()).readonly(), cadence: cadenceSchema });

export const eventSchema = z.object({
  newsletter: z.string(),
  /** `joined`: asked for it, and the question was mailed. `confirmed`: is a reader from now on. */
  what: z.enum(['joined', 'confirmed', 'left', 'bounced', 'changed']),
  at: z.string(),
  /** As what they were a reader before and are one after; `null` where they were or are none. */
  was: countedAs.nullable(),
  is: countedAs.nullable(),
  /** As what a sign-up counts that is no reader yet. */
  asked: countedAs.optional(),
  /** Of whoever leaves by a link in an edition, or takes that back: which edition, and the language of its mail. */
  over: z.object({ edition: z.string(), language: z.string() }).optional(),
});

export type CountedAs = Readonly<z.infer<typeof countedAs>>;
export type Event = Readonly<z.infer<typeof eventSchema>>;

/** What a save changes in the numbers of the growth; as a rule nothing. `over`: whose link led to it. */
export const eventsOf = (before: Subscriber, after: Subscriber, over?: Over): Event[] => {
  const newsletters = [...before.subscriptions, ...after.subscriptions].map(({ newsletter }) => newsletter);
  const at = latestMoment(after);
  return [...new Set(newsletters)].flatMap((newsletter) => [
    ...joinedOf(before, after, newsletter),
    ...membershipOf(before, after, newsletter, at).map((one) => (over ? { ...one, over } : one)),
  ]);
};

const joinedOf = (before: Subscriber, after: Subscriber, newsletter: string): Event[] => {
  const [was, is] = [before, after].map((one) => one.subscriptions.find((each) => each.newsletter === newsletter));
  if (!is || was?.firstAskedAt !== undefined || is.firstAskedAt === undefined || is.state !== 'pending') return [];
  const asked = countedOf(is.asked ? { ...is, ...is.asked.choices } : is);
  return [{ newsletter, what: 'joined', at: is.firstAskedAt, was: null, is: null, asked }];
};

const membershipOf = (before: Subscriber, after: Subscriber, newsletter: string, at: Instant): Event[] => {
  const of = (one: Subscriber): CountedAs | null => {
    const active = activeSubscription(one, newsletter);
    return active ? countedOf(active) : null;
  };
  const [was, is] = [before.version === 0 ? null : of(before), of(after)];
  if (was === null && is === null) return [];
  if (was === null) return [{ newsletter, what: 'confirmed', at, was, is }];
  if (is === null) return [{ newsletter, what: hasBounced(after) ? 'bounced' : 'left', at, was, is }];
  return spelled(was) === spelled(is) ? [] : [{ newsletter, what: 'changed', at, was, is }];
};

/** Mail came back, or was called spam. Whoever was erased has left. */
const hasBounced = ({ suppressed }: Subscriber): boolean =>
  suppressed?.because === 'bounce' || suppressed?.because === 'complaint';

const countedOf = ({ languages, topics, cadence }: Subscription): CountedAs => ({
  language: languages[0] ?? '',
  topics: topics.length === 0 ? ['all'] : [...topics].sort(),
  cadence,
});

const spelled = ({ language, topics, cadence }: CountedAs): string => [language, cadence, ...topics].join(' ');

/** The moment of the change: the last one the record tells of. */
const latestMoment = ({ createdAt, suppressed, subscriptions, consent }: Subscriber): Instant =>
  [
    createdAt,
    suppressed?.at,
    ...subscriptions.flatMap(({ confirmedAt, leftAt }) => [confirmedAt, leftAt]),
    ...consent.map(({ circumstances }) => circumstances.at),
  ].reduce<Instant>((latest, moment) => (moment && moment > latest ? moment : latest), createdAt);
