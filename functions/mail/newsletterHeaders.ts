import { bareAddress, phrase, webAddresses } from './header.ts';
import type { Header } from './mime.ts';

export interface NewsletterLinks {
  readonly newsletter: { readonly id: string; readonly label: string };
  /** The sender's address: its domain completes the list's id (RFC 2919). */
  readonly senderAddress: string;
  /** `…/unsubscribe/{token}`: a POST there leaves at once (RFC 8058). */
  readonly unsubscribeUrl: string;
  /** Where a person reads mails that ask to leave. */
  readonly unsubscribeAddress: string;
  readonly preferencesUrl: string;
  /** Where earlier editions are to be read. */
  readonly archiveUrl: string;
}

/** What a mail carries that a program sent: no vacation reply is wanted. */
const automaticHeaders = (): Header[] => [
  // RFC 3834 section 5; the second is Exchange's.
  ['Auto-Submitted', 'auto-generated'],
  ['X-Auto-Response-Suppress', 'All'],
];

/**
 * The whole set of a newsletter's headers (RFC 2369, 2919, 3834, 8058). SES signs them all with DKIM, which RFC 8058
 * section 4 asks for. `Feedback-ID` is written by SES itself, out of `feedbackTags`.
 */
export const newsletterHeaders = (links: NewsletterLinks): Header[] => {
  const domain = bareAddress(links.senderAddress).split('@')[1] ?? '';
  return [
    ['List-Id', `${phrase(links.newsletter.label, 'List-Id: '.length)}\r\n <${links.newsletter.id}.${domain}>`],
    ['List-Unsubscribe', webAddresses(links.unsubscribeUrl, leavingMail(links))],
    ['List-Unsubscribe-Post', 'List-Unsubscribe=One-Click'],
    ['List-Help', webAddresses(links.preferencesUrl)],
    ['List-Archive', webAddresses(links.archiveUrl)],
    // RFC 2369 section 3.4: nobody can post to this list.
    ['List-Post', 'NO'],
    ['Precedence', 'bulk'],
    ...automaticHeaders(),
  ];
};

/** Whoever reads the mailbox finds the token in the subject, and opens its page. */
const leavingMail = ({ unsubscribeAddress, unsubscribeUrl }: NewsletterLinks): string => {
  const token = unsubscribeUrl.slice(unsubscribeUrl.lastIndexOf('/') + 1);
  return `mailto:${bareAddress(unsubscribeAddress)}?subject=${encodeURIComponent(`unsubscribe ${token}`)}`;
};

/** SES makes the `Feedback-ID` header of these message tags, so that Gmail counts complaints by newsletter and cadence. */
export const feedbackTags = (newsletter: string, cadence: string): Record<string, string> => ({
  'ses:feedback-id-a': newsletter,
  'ses:feedback-id-b': cadence,
});
