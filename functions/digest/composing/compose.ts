import { encodePart, type MailParts, mimeOf } from '../../mail/mime.ts';
import { newsletterHeaders } from '../../mail/newsletterHeaders.ts';
import type { MailSpace } from '../../mail/space.ts';
import type { Instant } from '../../shared/time.ts';
import { escaped } from './intro.ts';
import type { Choice } from './layout.ts';
import { type Block, filled, type Pieces } from './pieces.ts';

/** What is one reader's own in a mail. */
export interface Personal {
  readonly to: string;
  readonly date: Instant;
  /** Without its angle brackets. */
  readonly messageId: string;
  /** Letters, digits, `-` and `_`. */
  readonly delivery: string;
  readonly unsubscribeUrl: string;
  readonly preferencesUrl: string;
}

/**
 * One reader's whole mail, joined from encoded pieces: no template and next to no encoding, so that a core makes tens
 * of thousands a second.
 */
export const composeFor = (pieces: Pieces, choice: Choice, personal: Personal, space?: MailSpace): Buffer => {
  const shell = pieces.shells.get(choice.language);
  if (!shell) throw new Error(`The edition ${pieces.edition} has no ${choice.language}.`);
  const { sender } = pieces;
  const { unsubscribeUrl, preferencesUrl } = personal;
  const unsubscribe = blockOf(unsubscribeUrl);
  const preferences = blockOf(preferencesUrl);
  const mail: MailParts = {
    from: { name: sender.name, address: sender.address },
    ...(sender.replyTo !== null && { replyTo: sender.replyTo }),
    to: personal.to,
    subject: choice.subject,
    date: personal.date,
    messageId: personal.messageId,
    headers: newsletterHeaders({
      newsletter: { id: pieces.newsletter, label: shell.label },
      senderAddress: sender.address,
      unsubscribeUrl,
      unsubscribeAddress: pieces.unsubscribeAddress,
      preferencesUrl,
      archiveUrl: shell.archiveUrl,
    }),
    language: choice.language,
    html: filled(shell.html, {
      ALSO: [choice.also],
      PREHEADER: [choice.preheader.html],
      CONTENT: choice.html,
      UNSUBSCRIBE_URL: [unsubscribe.html],
      PREFERENCES_URL: [preferences.html],
    }),
    text: filled(shell.text, {
      ALSO: [choice.also],
      PREHEADER: [choice.preheader.text],
      CONTENT: choice.text,
      UNSUBSCRIBE_URL: [unsubscribe.text],
      PREFERENCES_URL: [preferences.text],
    }),
    boundary: `courant-${personal.delivery}`,
  };
  return mimeOf(mail, space);
};

/** As a rule a link needs no escaping, and is encoded once for both parts. */
const blockOf = (url: string): Block => {
  const text = encodePart(url);
  const html = escaped(url);
  return { text, html: html === url ? text : encodePart(html) };
};
