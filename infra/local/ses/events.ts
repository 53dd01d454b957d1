import { addMs } from '../../../functions/shared/time.ts';
import { headerNamed, type MailHeader } from './rawMail.ts';
import type { MailRecord } from './store.ts';

/** What becomes of a mail at each address of SES's mailbox simulator; everybody else gets his mail. */
const SIMULATED = /^(success|bounce|complaint|ooto|suppressionlist)(?:\+[^@]*)?@simulator\.amazonses\.com$/i;

type Fate = 'success' | 'bounce' | 'complaint' | 'ooto' | 'suppressionlist';

const ACCOUNT = '000000000000';
const MTA = 'a1-1.smtp-out.eu-west-1.amazonses.com';

/**
 * What SES publishes about this mail, oldest first, in the shapes of its event publishing. The same mail gives the same
 * events, byte by byte: told twice, they are the same news twice.
 */
export const eventsOf = (mail: MailRecord, headers: readonly MailHeader[]): object[] => {
  // Events are published through a configuration set, or not at all.
  if (mail.configurationSet === null) return [];
  const about = aboutMail(mail, headers);
  if (mail.infected) return [{ eventType: 'Reject', mail: about, reject: { reason: 'Bad content' } }];
  const meeting = (...fates: Fate[]): string[] =>
    mail.destinations.filter((address) => fates.includes(fateOf(address)));
  const delivered = meeting('success', 'ooto', 'complaint');
  return [
    { eventType: 'Send', mail: about, send: {} },
    ...(delivered.length > 0 ? [{ eventType: 'Delivery', mail: about, delivery: delivery(mail, delivered) }] : []),
    ...meeting('bounce').map((address) => bounceEvent(mail, about, hardBounce(address))),
    ...meeting('suppressionlist').map((address) => bounceEvent(mail, about, suppressedBounce(address))),
    ...meeting('ooto').map((address) => bounceEvent(mail, about, automaticReply(address))),
    ...meeting('complaint').map((address) => ({
      eventType: 'Complaint',
      mail: about,
      complaint: complaint(mail, address),
    })),
  ];
};

const fateOf = (address: string): Fate => {
  switch (SIMULATED.exec(address)?.[1]?.toLowerCase()) {
    case 'bounce':
      return 'bounce';
    case 'complaint':
      return 'complaint';
    case 'ooto':
      return 'ooto';
    case 'suppressionlist':
      return 'suppressionlist';
    default:
      return 'success';
  }
};

const aboutMail = (mail: MailRecord, headers: readonly MailHeader[]) => ({
  timestamp: mail.at,
  source: mail.source,
  sourceArn: `arn:aws:ses:eu-west-1:${ACCOUNT}:identity/${domainOf(mail.source)}`,
  sendingAccountId: ACCOUNT,
  messageId: mail.id,
  destination: mail.destinations,
  headersTruncated: false,
  headers,
  commonHeaders: {
    from: [headerNamed(headers, 'From') ?? mail.source],
    date: headerNamed(headers, 'Date'),
    to: [headerNamed(headers, 'To') ?? ''],
    messageId: mail.id,
    subject: mail.subject,
  },
  tags: {
    'ses:operation': ['SendRawEmail'],
    'ses:configuration-set': [mail.configurationSet],
    'ses:source-ip': ['127.0.0.1'],
    'ses:from-domain': [domainOf(mail.source)],
    'ses:caller-identity': ['local'],
    ...Object.fromEntries(Object.entries(mail.tags).map(([name, value]) => [name, [value]])),
  },
});

const domainOf = (address: string): string => address.slice(address.lastIndexOf('@') + 1);

const delivery = (mail: MailRecord, recipients: readonly string[]) => ({
  timestamp: addMs(mail.at, 400),
  processingTimeMillis: 400,
  recipients,
  smtpResponse: '250 2.6.0 Message received',
  remoteMtaIp: '127.0.2.0',
  reportingMTA: MTA,
});

interface BounceKind {
  readonly bounceType: 'Permanent' | 'Transient';
  readonly bounceSubType: string;
  readonly recipient: Readonly<Record<string, string>>;
}

const bounceEvent = (mail: MailRecord, about: object, { bounceType, bounceSubType, recipient }: BounceKind) => ({
  eventType: 'Bounce',
  bounce: {
    feedbackId: mail.id.replace('-000000', '-000001'),
    bounceType,
    bounceSubType,
    bouncedRecipients: [recipient],
    timestamp: addMs(mail.at, 800),
    reportingMTA: `dns; ${MTA}`,
  },
  mail: about,
});

const hardBounce = (emailAddress: string): BounceKind => ({
  bounceType: 'Permanent',
  bounceSubType: 'General',
  recipient: {
    emailAddress,
    action: 'failed',
    status: '5.1.1',
    diagnosticCode: 'smtp; 550 5.1.1 user unknown',
  },
});

const suppressedBounce = (emailAddress: string): BounceKind => ({
  bounceType: 'Permanent',
  bounceSubType: 'Suppressed',
  recipient: {
    emailAddress,
    action: 'failed',
    status: '5.1.1',
    diagnosticCode:
      'Amazon SES has suppressed sending to this address because it has a recent history of bouncing as an invalid address.',
  },
});

/** An “out of office” comes as a soft bounce without a word from a mail server. */
const automaticReply = (emailAddress: string): BounceKind => ({
  bounceType: 'Transient',
  bounceSubType: 'General',
  recipient: { emailAddress },
});

const complaint = (mail: MailRecord, emailAddress: string) => ({
  feedbackId: mail.id.replace('-000000', '-000002'),
  complaintSubType: null,
  complainedRecipients: [{ emailAddress }],
  timestamp: addMs(mail.at, 1500),
  userAgent: 'Amazon SES Mailbox Simulator',
  complaintFeedbackType: 'abuse',
  arrivalDate: addMs(mail.at, 1500),
});
