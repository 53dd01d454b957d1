import type { Mailer, OutgoingMail } from '../../mail/mailer.ts';
import { encodePart, mimeOf } from '../../mail/mime.ts';
import { sha256 } from '../../shared/hash.ts';
import { log } from '../../shared/log.ts';
import type { House } from '../../shared/page/house.ts';
import { addMs, HOUR_MS, type Instant } from '../../shared/time.ts';
import { change } from '../change.ts';
import { topicLabel } from '../choicesShown.ts';
import type { Links } from '../links.ts';
import { newsletterLabel } from '../pages.ts';
import type { ConfirmationDoorbell, Subscribers } from '../ports.ts';
import type { Asked, Subscriber, Subscription } from '../subscriber.ts';
import { subscriptionOf } from '../subscription.ts';
import { confirmUrl } from '../token.ts';
import { claimMail, dueOf, settleMail } from './mailState.ts';

/** What it takes to send the mail that asks for confirmation. */
export interface Confirming {
  readonly house: House;
  readonly subscribers: Pick<Subscribers, 'byId' | 'save'>;
  readonly links: Pick<Links, 'make'>;
  readonly mailer: Pick<Mailer, 'send'>;
  readonly now: () => Instant;
  /** Names a claim: nobody else has the same. */
  readonly newClaim: () => string;
}

/** How long the link in the mail works. */
const LINK_LIVES_MS = 72 * HOUR_MS;

/**
 * Sends the confirmation mails of one subscriber that are due. Each is claimed before SES is called, so however often
 * the bell rings, and whoever dies, no question is mailed twice.
 */
export const sendConfirmations = async (confirming: Confirming, bell: ConfirmationDoorbell): Promise<void> => {
  const subscriber = await confirming.subscribers.byId(bell.subscriber);
  if (!subscriber) return;
  for (const { newsletter } of dueOf(subscriber, confirming.now()))
    await sendOne(confirming, subscriber.id, newsletter);
};

const sendOne = async (confirming: Confirming, id: string, newsletter: string): Promise<void> => {
  const { subscribers, mailer, now, newClaim } = confirming;
  const claim = newClaim();
  const claimed = await change(subscribers, id, (subscriber) => ({
    subscriber: isDue(subscriber, newsletter, now()) ? claimMail(subscriber, newsletter, claim, now()) : subscriber,
  }));
  const subscription = claimed && subscriptionOf(claimed.subscriber, newsletter);
  const mail = subscription?.asked?.mail;
  if (!claimed || !subscription?.asked || mail?.state !== 'claimed' || mail.claim !== claim) return;
  const result = await mailer.send(
    await mailOf(confirming, claimed.subscriber, { ...subscription, asked: subscription.asked }),
  );
  if (result.is !== 'sent') log.warn('confirmation.not-sent', { subscriber: id, outcome: result.is });
  await change(subscribers, id, (there) => settleMail(there, { newsletter, claim, result, now: now() }));
};

const isDue = (subscriber: Subscriber, newsletter: string, now: Instant): boolean =>
  dueOf(subscriber, now).some((one) => one.newsletter === newsletter);

type Question = Subscription & { readonly asked: Asked };

/** The mail in the first of the chosen languages. Nothing in it is text that the sender of a form could choose. */
const mailOf = async (confirming: Confirming, subscriber: Subscriber, question: Question): Promise<OutgoingMail> => {
  const { house, links, now } = confirming;
  const { newsroom, templates, siteUrl } = house;
  const { choices, round } = question.asked;
  const language = choices.languages[0] ?? newsroom.languages[0]?.id ?? 'en';
  const { newsletter } = question;
  const expiresAt = addMs(now(), LINK_LIVES_MS);
  const token = await links.make({ purpose: 'confirm', subscriber: subscriber.id, newsletter, round, expiresAt });
  const label = newsletterLabel(newsroom, newsletter, language);
  const data = {
    language,
    direction: newsroom.languages.find(({ id }) => id === language)?.direction ?? 'ltr',
    newsroom,
    siteUrl,
    timeZone: newsroom.timeZone,
    newsletter: { id: newsletter, label },
    topics: choices.topics.map((topic) => topicLabel(newsroom, topic, language)),
    cadence: choices.cadence,
    confirmUrl: confirmUrl(siteUrl, token),
  };
  const name = sha256(`${subscriber.id}/${newsletter}/${round}`).slice(0, 32);
  const domain = newsroom.sender.address.split('@')[1] ?? 'localhost';
  const raw = mimeOf({
    from: newsroom.sender,
    to: subscriber.address,
    ...(newsroom.sender.replyTo !== undefined && { replyTo: newsroom.sender.replyTo }),
    subject: templates.say(language, 'subscribe.mail.subject', { newsletter: label, newsroom: newsroom.name }),
    date: now(),
    messageId: `${name}@${domain}`,
    // RFC 3834 section 5: answered by no machine.
    headers: [
      ['Auto-Submitted', 'auto-generated'],
      ['X-Auto-Response-Suppress', 'All'],
    ],
    language,
    html: [encodePart(templates.render('email/confirmation', data))],
    text: [encodePart(templates.renderText('email/confirmation', data))],
    boundary: `courant-${name}`,
  });
  return { from: newsroom.sender.address, to: subscriber.address, raw, tags: { purpose: 'confirmation' } };
};
