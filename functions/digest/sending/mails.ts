import type { OutgoingMail } from '../../mail/mailer.ts';
import { feedbackTags } from '../../mail/newsletterHeaders.ts';
import type { MailSpace } from '../../mail/space.ts';
import { sha256 } from '../../shared/hash.ts';
import { errorFields, log } from '../../shared/log.ts';
import { makeOver } from '../../subscribers/leaving/over.ts';
import { activeSubscription, type Subscriber } from '../../subscribers/subscriber.ts';
import { makeToken, preferencesUrl, unsubscribeUrl } from '../../subscribers/token.ts';
import { composeFor } from '../composing/compose.ts';
import { type Choice, layOutFor } from '../composing/layout.ts';
import type { Pieces } from '../composing/pieces.ts';
import { boundsOf, type Edition, usualBound } from '../ledger/edition.ts';
import { type Delivery, deliveryId, type Page } from '../ledger/page.ts';
import type { Verdict } from '../ledger/pageSteps.ts';
import { isFor, ownPast } from '../planning/bounds.ts';
import type { Sending } from './ports.ts';

/** What is to be done for the deliveries of a claim, and the mails, by their place on the page. */
export interface Work {
  readonly verdicts: ReadonlyMap<number, Verdict>;
  readonly mails: ReadonlyMap<number, OutgoingMail>;
}

/** Under which claim a worker has his deliveries, and where he writes their mails. */
export interface Claimed {
  readonly claim: string;
  readonly space: MailSpace;
}

/**
 * Decides for each claimed delivery on what is true at this moment, and composes what is to be sent. Everything that
 * can go wrong with one reader's mail goes wrong here, before the first call.
 */
export const workOn = async (
  sending: Sending,
  edition: Edition,
  page: Page,
  { claim, space }: Claimed,
): Promise<Work> => {
  const mine = [...page.deliveries.entries()].filter(([, one]) => one.state === 'claimed' && one.claim === claim);
  const [readers, pieces] = await Promise.all([
    sending.subscribers.byIds(mine.map(([, { reader }]) => reader)),
    sending.piecesOf(edition),
  ]);
  const byId = new Map(readers.map((reader) => [reader.id, reader]));
  const overIn = marksOf(sending, edition);
  const verdicts = new Map<number, Verdict>();
  const mails = new Map<number, OutgoingMail>();
  for (const [index, delivery] of mine) {
    const reader = byId.get(delivery.reader);
    const choice = choiceFor(edition, pieces, delivery, reader);
    const mail =
      reader && typeof choice === 'object'
        ? mailFor(sending, { edition, pieces, choice, reader, delivery: deliveryId(page.page, index), overIn, space })
        : undefined;
    if (mail) mails.set(index, mail);
    verdicts.set(index, verdictOn(choice, mail));
  }
  return { verdicts, mails };
};

const verdictOn = (choice: Choice | string, mail: OutgoingMail | undefined): Verdict => {
  if (typeof choice === 'string') return { is: 'suppress', because: choice };
  return mail ? { is: 'send', language: choice.language } : { is: 'suppress', because: 'unmailable' };
};

/** What the reader gets, or in a word why nothing. */
const choiceFor = (
  edition: Edition,
  pieces: Pieces,
  delivery: Delivery,
  reader: Subscriber | undefined,
): Choice | 'gone' | 'suppressed' | 'left' | 'changed' | 'nothing' => {
  if (!reader) return 'gone';
  if (reader.suppressed) return 'suppressed';
  const subscription = activeSubscription(reader, edition.newsletter);
  if (!subscription) return 'left';
  const { plannedAt } = boundsOf(edition);
  if (!isFor(subscription, { cadence: edition.cadence, plannedAt, startedAt: edition.startedAt })) return 'changed';
  const { languages, topics } = subscription;
  const own = { after: delivery.after ?? usualBound(edition), since: delivery.joined ?? 0 };
  const past = ownPast(subscription, pieces.editions);
  return layOutFor(pieces, { languages, topics, ...own, ...past }) ?? 'nothing';
};

interface ToCompose {
  readonly edition: Edition;
  readonly pieces: Pieces;
  readonly choice: Choice;
  readonly reader: Subscriber;
  readonly delivery: string;
  readonly overIn: (language: string) => string;
  readonly space: MailSpace;
}

/** What the links for leaving say of their edition: the same for all whose mails are in one language. */
const marksOf = ({ linkKeys }: Sending, { id }: Edition): ((language: string) => string) => {
  const marks = new Map<string, string>();
  return (language) => {
    const mark = marks.get(language) ?? makeOver(linkKeys, { edition: id, language });
    marks.set(language, mark);
    return mark;
  };
};

const mailFor = (
  { linkKeys, siteUrl, now }: Sending,
  { edition, pieces, choice, reader, delivery, overIn, space }: ToCompose,
): OutgoingMail | undefined => {
  const claim = { subscriber: reader.id, newsletter: edition.newsletter };
  const domain = pieces.sender.address.slice(pieces.sender.address.lastIndexOf('@') + 1);
  try {
    const leaving = makeToken(linkKeys, { ...claim, purpose: 'unsubscribe' });
    const personal = {
      to: reader.address,
      date: now(),
      // The same for every try: whoever gets it twice after all shows it once.
      messageId: `${sha256(`${edition.id}/${delivery}`).slice(0, 32)}@${domain}`,
      delivery,
      unsubscribeUrl: unsubscribeUrl(siteUrl, leaving, overIn(choice.language)),
      preferencesUrl: preferencesUrl(siteUrl, makeToken(linkKeys, { ...claim, purpose: 'preferences' })),
    };
    const raw = composeFor(pieces, choice, personal, space);
    const tags = { edition: edition.id, delivery, ...feedbackTags(edition.newsletter, edition.cadence) };
    return { from: pieces.sender.address, to: reader.address, raw, tags };
  } catch (error) {
    // An address that no mail header can carry must not keep the others on the page from their mail.
    log.error('delivery.unmailable', { edition: edition.id, delivery, ...errorFields(error) });
    return undefined;
  }
};
