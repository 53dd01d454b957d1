import type { OutgoingMail } from '../../mail/mailer.ts';
import { encodePart, mimeOf } from '../../mail/mime.ts';
import type { House } from '../../shared/page/house.ts';
import { addMs, type Instant } from '../../shared/time.ts';
import { topicLabel } from '../choicesShown.ts';
import { LINK_LIVES_MS } from '../erasing/erase.ts';
import type { Links } from '../links.ts';
import { newsletterLabel } from '../pages.ts';
import type { Asked, Subscriber } from '../subscriber.ts';
import { confirmUrl } from '../token.ts';

export interface Composing {
  readonly house: House;
  readonly links: Pick<Links, 'make'>;
}

export interface Question {
  readonly subscriber: Subscriber;
  readonly newsletter: string;
  readonly asked: Asked;
}

/** RFC 3834 section 5: answered by no machine. */
export const NO_ANSWERS = [
  ['Auto-Submitted', 'auto-generated'],
  ['X-Auto-Response-Suppress', 'All'],
] as const;

/**
 * The mail that asks for confirmation, in the first of the chosen languages. Nothing in it is text that the sender of
 * a form could choose, or the form would be a way to write to strangers.
 */
export const confirmationMail = async (
  composing: Composing,
  question: Question,
  how: { readonly claim: string; readonly at: Instant },
): Promise<OutgoingMail> => {
  const { newsroom, templates } = composing.house;
  const { sender } = newsroom;
  const { id, address } = question.subscriber;
  const data = await dataOf(composing, question, how.at);
  const raw = mimeOf({
    from: sender,
    to: address,
    ...(sender.replyTo !== undefined && { replyTo: sender.replyTo }),
    subject: templates.say(data.language, 'subscribe.mail.subject', {
      newsletter: data.newsletter.label,
      newsroom: newsroom.name,
    }),
    date: how.at,
    messageId: `${how.claim}@${sender.address.split('@')[1]}`,
    headers: NO_ANSWERS,
    language: data.language,
    html: [encodePart(templates.render('email/confirmation', data))],
    text: [encodePart(templates.renderText('email/confirmation', data))],
    boundary: how.claim,
  });
  // By the tag, feedback knows whom to suppress when this mail bounces.
  return { from: sender.address, to: address, raw, tags: { purpose: 'confirmation', subscriber: id } };
};

const dataOf = async ({ house, links }: Composing, { subscriber, newsletter, asked }: Question, at: Instant) => {
  const { newsroom, siteUrl } = house;
  const { choices, round } = asked;
  const language = choices.languages[0] ?? newsroom.languages[0]?.id ?? 'en';
  const expiresAt = addMs(at, LINK_LIVES_MS);
  const token = await links.make({ purpose: 'confirm', subscriber: subscriber.id, newsletter, round, expiresAt });
  return {
    language,
    direction: newsroom.languages.find(({ id }) => id === language)?.direction ?? 'ltr',
    newsroom,
    siteUrl,
    timeZone: newsroom.timeZone,
    newsletter: { id: newsletter, label: newsletterLabel(newsroom, newsletter, language) },
    topics: choices.topics.map((topic) => topicLabel(newsroom, topic, language)),
    cadence: choices.cadence,
    confirmUrl: confirmUrl(siteUrl, token),
  };
};
