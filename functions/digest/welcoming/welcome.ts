import type { Mailer, OutgoingMail } from '../../mail/mailer.ts';
import { feedbackTags } from '../../mail/newsletterHeaders.ts';
import { errorFields, log } from '../../shared/log.ts';
import { addMs, DAY_MS, type Instant } from '../../shared/time.ts';
import { change } from '../../subscribers/change.ts';
import { claimLetter, settleLetter, welcomesDue, withoutWelcome } from '../../subscribers/letters/letter.ts';
import type { Links } from '../../subscribers/links.ts';
import type { Subscribers } from '../../subscribers/ports.ts';
import { pausedUntil } from '../../subscribers/preferences/pause.ts';
import { activeSubscription, type Letter, type Subscriber, type Subscription } from '../../subscribers/subscriber.ts';
import { preferencesUrl, unsubscribeUrl } from '../../subscribers/token.ts';
import { composeFor } from '../composing/compose.ts';
import type { WelcomeDoorbell } from '../doorbells.ts';
import type { LatestFor } from './latest.ts';

/** What it takes to welcome whoever has just confirmed. */
export interface Welcoming {
  readonly subscribers: Pick<Subscribers, 'byId' | 'save'>;
  readonly latestFor: LatestFor;
  readonly links: Pick<Links, 'make'>;
  readonly siteUrl: string;
  readonly mailer: Pick<Mailer, 'send'>;
  /** The same mailer, whose mails wait for their turn. */
  readonly inTurn: (mailer: Pick<Mailer, 'send'>) => Pick<Mailer, 'send'>;
  readonly now: () => Instant;
  /** Names a claim, and its mail: letters, digits, `-` and `_`, never the same twice. */
  readonly newClaim: () => string;
}

/**
 * Sends the welcomes of one subscriber that are due, each with the latest there is for him. Claimed before SES is
 * called, so however often the bell rings, nobody is welcomed twice. Counts as no edition: what the next one covers stays.
 */
export const sendWelcomes = async (welcoming: Welcoming, { subscriber: id }: WelcomeDoorbell): Promise<void> => {
  const subscriber = await welcoming.subscribers.byId(id);
  if (!subscriber) return;
  for (const { round } of welcomesDue(subscriber, welcoming.now())) await sendOne(welcoming, id, round);
};

const MOST_TRIES = 10;

const sendOne = async (welcoming: Welcoming, id: string, round: number): Promise<void> => {
  const { subscribers, now } = welcoming;
  for (let tries = 0; tries < MOST_TRIES; tries++) {
    const subscriber = await subscribers.byId(id);
    const letter = subscriber && welcomesDue(subscriber, now()).find((one) => one.round === round);
    if (!letter) return;
    const claim = welcoming.newClaim();
    // Composed before the claim: whatever goes wrong up to there is tried again, and after it only sending is left.
    const mail = await mailFor(welcoming, subscriber, letter, claim);
    const after = mail ? claimLetter(subscriber, letter, claim, now()) : withoutWelcome(subscriber, letter);
    if ((await subscribers.save(subscriber, after)) === 'conflict') continue;
    if (mail) await sendClaimed(welcoming, { id, letter, claim, mail });
    else log.info('welcome.dropped', { subscriber: id });
    return;
  }
  throw new Error('A subscriber was changed by others ten times in a row.');
};

interface Claimed {
  readonly id: string;
  readonly letter: Letter;
  readonly claim: string;
  readonly mail: OutgoingMail;
}

const sendClaimed = async (welcoming: Welcoming, { id, letter, claim, mail }: Claimed): Promise<void> => {
  const { subscribers, mailer, inTurn, now } = welcoming;
  // The turn may take seconds to come; whoever left, paused or bounced meanwhile gets nothing.
  const lookingOnceMore: Pick<Mailer, 'send'> = {
    send: async (one) => {
      const there = await subscribers.byId(id).catch(notRead);
      if (there === 'not-read') return { is: 'not-reached', code: 'NotRead' };
      return toBeWelcomed(there, letter, now()) ? mailer.send(one) : { is: 'refused', code: 'Unwanted' };
    },
  };
  const result = await inTurn(lookingOnceMore).send(mail);
  if (result.is !== 'sent') log.warn('welcome.not-sent', { subscriber: id, outcome: result.is });
  await change(subscribers, id, (there) => settleLetter(there, letter, { claim, result, now: now() }));
};

/** Thrown on, it would leave a claimed welcome for good that nobody sent. */
const notRead = (error: unknown): 'not-read' => {
  log.warn('welcome.not-read', errorFields(error));
  return 'not-read';
};

/** A welcome that comes later than the first edition is none. */
const WELCOME_FOR_MS = DAY_MS;

const toBeWelcomed = (
  subscriber: Subscriber | undefined,
  { newsletter }: Letter,
  now: Instant,
): Subscription | undefined => {
  const subscription = subscriber && activeSubscription(subscriber, newsletter);
  if (!subscription || pausedUntil(subscription, now) !== null) return undefined;
  return addMs(subscription.confirmedAt ?? '', WELCOME_FOR_MS) > now ? subscription : undefined;
};

/** `undefined`: there is nothing to show, or nobody any more who wants to see it. */
const mailFor = async (
  { latestFor, links, siteUrl, now }: Welcoming,
  subscriber: Subscriber,
  letter: Letter,
  id: string,
): Promise<OutgoingMail | undefined> => {
  const subscription = toBeWelcomed(subscriber, letter, now());
  const latest = subscription && (await latestFor(subscription));
  if (!latest) return undefined;
  const { pieces, choice } = latest;
  const claim = { subscriber: subscriber.id, newsletter: letter.newsletter };
  const [leaving, preferences] = await Promise.all([
    links.make({ ...claim, purpose: 'unsubscribe' }),
    links.make({ ...claim, purpose: 'preferences' }),
  ]);
  const from = pieces.sender.address;
  const raw = composeFor(pieces, choice, {
    to: subscriber.address,
    date: now(),
    messageId: `${id}@${from.slice(from.lastIndexOf('@') + 1)}`,
    delivery: id,
    unsubscribeUrl: unsubscribeUrl(siteUrl, leaving),
    preferencesUrl: preferencesUrl(siteUrl, preferences),
  });
  // By the tag, feedback knows whom to suppress when this mail bounces.
  const tags = {
    purpose: 'welcome',
    subscriber: subscriber.id,
    ...feedbackTags(letter.newsletter, subscription.cadence),
  };
  return { from, to: subscriber.address, raw, tags };
};
