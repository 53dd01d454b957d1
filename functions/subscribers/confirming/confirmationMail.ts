import type { OutgoingMail } from '../../mail/mailer.ts';
import { encodePart, mimeOf } from '../../mail/mime.ts';
import type { House } from '../../shared/page/house.ts';
import { addMs, type Instant } from '../../shared/time.ts';
import { listIn, topicLabel } from '../choicesShown.ts';
import { LINK_LIVES_MS } from '../erasing/erase.ts';
import type { Links } from '../links.ts';
import { newsletterLabel } from '../pages.ts';
import type { Subscriber, Subscription } from '../subscriber.ts';
import { confirmUrl } from '../token.ts';

export interface Composing {
  readonly house: House;
  readonly links: Pick<Links, 'make'>;
}

/** What one mail asks somebody for: as a rule one newsletter. */
interface Asking {
  readonly subscriber: Subscriber;
  readonly questions: readonly Subscription[];
}

/** RFC 3834 section 5: answered by no machine. */
export const NO_ANSWERS = [
  ['Auto-Submitted', 'auto-generated'],
  ['X-Auto-Response-Suppress', 'All'],
] as const;

/**
 * The mail that asks for confirmation of all that was chosen, in the first of the chosen languages. Nothing in it is text that the sender of
 * a form could choose, or the form would be a way to write to strangers.
 */
export const confirmationMail = async (
  composing: Composing,
  asking: Asking,
  how: { readonly claim: string; readonly at: Instant },
): Promise<OutgoingMail> => {
  const { newsroom, templates } = composing.house;
  const { sender } = newsroom;
  const { id, address } = asking.subscriber;
  const data = await dataOf(composing, asking, how.at);
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

const dataOf = async ({ house, links }: Composing, { subscriber, questions }: Asking, at: Instant) => {
  const { newsroom, siteUrl } = house;
  const asked = questions.flatMap(({ newsletter, asked }) => (asked ? [{ newsletter, ...asked }] : []));
  const [first, ...also] = asked;
  if (!first) throw new Error('A mail that asks for nothing.');
  const language = first.choices.languages[0] ?? newsroom.languages[0]?.id ?? 'en';
  const { newsletter, round } = first;
  const link = { purpose: 'confirm', subscriber: subscriber.id, expiresAt: addMs(at, LINK_LIVES_MS) } as const;
  const token = await links.make({ ...link, newsletter, round, also });
  const labelOf = (id: string): string => newsletterLabel(newsroom, id, language);
  return {
    language,
    direction: newsroom.languages.find(({ id }) => id === language)?.direction ?? 'ltr',
    newsroom,
    siteUrl,
    timeZone: newsroom.timeZone,
    newsletter: {
      id: newsletter,
      label: listIn(
        language,
        asked.map((one) => labelOf(one.newsletter)),
      ),
    },
    questions: asked.map((one) => ({
      label: labelOf(one.newsletter),
      topics: one.choices.topics.map((topic) => topicLabel(newsroom, topic, language)),
      cadence: one.choices.cadence,
    })),
    confirmUrl: confirmUrl(siteUrl, token),
  };
};
