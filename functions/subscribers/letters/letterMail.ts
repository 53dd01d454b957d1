import type { OutgoingMail } from '../../mail/mailer.ts';
import { encodePart, mimeOf } from '../../mail/mime.ts';
import { addMs, type Instant } from '../../shared/time.ts';
import { type Composing, NO_ANSWERS } from '../confirming/confirmationMail.ts';
import { LINK_LIVES_MS } from '../erasing/erase.ts';
import { newsletterLabel } from '../pages.ts';
import type { Letter, Subscriber } from '../subscriber.ts';
import { preferencesUrl } from '../token.ts';

/** A mail about the reader's own settings, in the language he was reading. No word in it is anybody else's choice. */
export const letterMail = async (
  composing: Composing,
  { id, address }: Subscriber,
  letter: Letter,
  { claim, at }: { readonly claim: string; readonly at: Instant },
): Promise<OutgoingMail> => {
  const { newsroom, templates, siteUrl } = composing.house;
  const { language, kind, newsletter } = letter;
  const to = letter.to ?? address;
  const names = { newsletter: newsletterLabel(newsroom, newsletter, language), newsroom: newsroom.name };
  const say = (part: string): string => templates.say(language, `reader.letter.${kind}.${part}`, names);
  const data = {
    ...{
      language,
      newsroom,
      siteUrl,
      title: say('title'),
      text: say('text'),
      button: say('button'),
      hint: say('hint'),
    },
    direction: newsroom.languages.find((one) => one.id === language)?.direction ?? 'ltr',
    url: await urlOf(composing, id, letter, at),
  };
  const { sender } = newsroom;
  const raw = mimeOf({
    from: sender,
    to,
    ...(sender.replyTo !== undefined && { replyTo: sender.replyTo }),
    subject: say('subject'),
    date: at,
    messageId: `${claim}@${sender.address.split('@')[1]}`,
    headers: NO_ANSWERS,
    language,
    html: [encodePart(templates.render('email/letter', data))],
    text: [encodePart(templates.renderText('email/letter', data))],
    boundary: claim,
  });
  // What goes to another address than the reader's own says nothing of the reader's mailbox when it bounces.
  const tags = { purpose: kind, ...(letter.to === undefined && { subscriber: id }) };
  return { from: sender.address, to, raw, tags };
};

const urlOf = async (
  { links, house }: Composing,
  subscriber: string,
  { kind, newsletter, round }: Letter,
  at: Instant,
): Promise<string | undefined> => {
  const claim = { subscriber, newsletter };
  switch (kind) {
    case 'link':
      return preferencesUrl(house.siteUrl, await links.make({ ...claim, purpose: 'preferences' }));
    case 'address':
    case 'notice': {
      const expiresAt = addMs(at, LINK_LIVES_MS);
      const token = await links.make({ ...claim, purpose: 'address', round, expiresAt });
      return `${preferencesUrl(house.siteUrl, token)}/new-address`;
    }
    // The digest sends it: it has the news.
    case 'welcome':
    case 'takenBack':
      return undefined;
  }
};
