import { addMs, type Instant, MINUTE_MS } from '../../shared/time.ts';
import { CONSENT_WORDING, withConsent } from '../joining/consent.ts';
import { signUp, unasked } from '../joining/signUp.ts';
import type { Choices, Circumstances, Subscriber } from '../subscriber.ts';
import { activated, proven, subscriptionOf, withSubscription } from '../subscription.ts';

/** What becomes of a row, in the words of the job's counts. */
export type BroughtIn =
  /** Is a reader from now on, by the statement of consent. */
  | 'joined'
  /** Will be asked by mail. */
  | 'asked'
  /** Nothing is changed: is a reader already; has left; was asked and has not answered. */
  | 'known'
  | 'has-left'
  | 'waiting'
  /** Bounced, complained or was erased: never brought back. */
  | 'suppressed'
  /** The same address is in the file before. */
  | 'repeated'
  /** Was asked three times in thirty days and never answered. */
  | 'not-asked';

export interface Import {
  readonly job: string;
  /** The row's number, from 1: done twice, it is known again by it. */
  readonly row: number;
  readonly newsletter: string;
  readonly choices: Choices;
  /** The words for the record of consent; `null`: the person is to be asked. */
  readonly statement: Circumstances['statement'] | null;
  /** When the job began: the same however often the row is done. */
  readonly at: Instant;
}

/**
 * An import only adds: it never changes, weakens or overrides what a person chose, and never brings back who left,
 * bounced, complained or was erased. Doing the same row twice leaves the same and says the same.
 */
export const bringIn = (
  subscriber: Subscriber,
  row: Import,
): { readonly is: BroughtIn; readonly subscriber: Subscriber } => {
  const there = subscriptionOf(subscriber, row.newsletter);
  if (there?.imported?.job === row.job) {
    const mine = there.imported.row === row.row;
    return { is: mine ? (row.statement ? 'joined' : 'asked') : 'repeated', subscriber };
  }
  if (subscriber.suppressed) return { is: 'suppressed', subscriber };
  if (there) return { is: STANDING[there.state], subscriber };
  return row.statement ? joined(subscriber, row) : asked(subscriber, row);
};

const STANDING = { active: 'known', left: 'has-left', pending: 'waiting' } as const;

const circumstancesOf = ({ at, choices, statement }: Import): Circumstances => ({
  at,
  language: choices.languages[0] ?? '',
  wording: CONSENT_WORDING,
  network: null,
  page: 'import',
  ...(statement && { statement }),
});

const joined = (subscriber: Subscriber, row: Import) => {
  const circumstances = circumstancesOf(row);
  const { newsletter, choices, job, at } = row;
  const fresh = unasked({ newsletter, choices, circumstances }, subscriber.firstRound);
  const member = { ...activated(fresh, choices, at), imported: { job, row: row.row } };
  const wording = row.statement ? 'statement' : CONSENT_WORDING;
  const recorded = withConsent(withSubscription(proven(subscriber), member), 'joined', {
    newsletter,
    circumstances: { ...circumstances, wording },
    choices,
  });
  return { is: 'joined', subscriber: recorded } as const;
};

/** So many questions are mailed in a minute, so that neither SES nor the newsroom's name suffers from a long list. */
const QUESTIONS_A_MINUTE = 100;
/** However long the list, the last question goes out in time for its answer. */
const MOST_MINUTES = 14 * 24 * 60;

const asked = (subscriber: Subscriber, row: Import) => {
  const { newsletter, choices, job, at } = row;
  const outcome = signUp(subscriber, { newsletter, choices, circumstances: circumstancesOf(row) }, at);
  const there = subscriptionOf(outcome.subscriber, newsletter);
  if (outcome.is === 'nothing' || !there?.asked) return { is: 'not-asked', subscriber } as const;
  const { mail } = there.asked;
  const inTurn = addMs(at, Math.min(MOST_MINUTES, Math.floor(row.row / QUESTIONS_A_MINUTE)) * MINUTE_MS);
  const since = mail.state === 'due' && mail.since > inTurn ? mail.since : inTurn;
  const paced = {
    ...there,
    asked: { ...there.asked, mail: { state: 'due' as const, since } },
    imported: { job, row: row.row },
  };
  return { is: 'asked', subscriber: withSubscription(outcome.subscriber, paced) } as const;
};
