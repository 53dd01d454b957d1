import * as z from 'zod';
import { unreachable } from '../shared/errors.ts';
import type { Instant } from '../shared/time.ts';

/**
 * What SES tells of a mail, as Amazon SNS hands it to a queue. Strict on what is read here, deaf to the rest: SES adds
 * fields as it likes. What remote servers wrote (diagnostic codes, say) is never kept.
 * https://docs.aws.amazon.com/ses/latest/dg/event-publishing-retrieving-sns-contents.html
 */
export interface MailEvent {
  readonly is: MailEventKind;
  readonly messageId: string;
  /** When the mail was sent. */
  readonly sentAt: Instant;
  /** When what the event tells of happened. */
  readonly at: Instant;
  /** Of a bounce, as RFC 3463 writes it: `5.1.1`. The one thing of a remote server that is read. */
  readonly status: string | undefined;
  /** The tags the mail was sent with. */
  readonly edition: string | undefined;
  readonly delivery: string | undefined;
  readonly subscriber: string | undefined;
}

export type MailEventKind =
  /** SES took the mail. */
  | 'accepted'
  /** The reader's mail server took it. */
  | 'delivered'
  /** The mailbox will never take mail. */
  | 'bounced'
  /** Full, too busy, not now: it may be otherwise next week. */
  | 'bounced-for-now'
  /** A mail came back that says nothing of the mailbox: what was in it was refused, or the reader is away. */
  | 'returned'
  | 'complained'
  /** SES took the mail and then did not send it. */
  | 'rejected'
  /** What SES has not invented yet. */
  | 'other';

export const Envelope = z.object({
  Type: z.literal('Notification'),
  TopicArn: z.string().max(300),
  Message: z.string(),
});
export type Envelope = z.infer<typeof Envelope>;

const tag = z.array(z.string().max(256)).min(1).optional();
const moment = z.iso.datetime({ offset: true });

const mail = z.object({
  messageId: z.string().min(1).max(200),
  timestamp: moment,
  tags: z.object({ edition: tag, delivery: tag, subscriber: tag }).optional(),
});

/** RFC 3463. Anything else that calls itself a status is a text of somebody else's, and not kept. */
const status = z
  .string()
  .regex(/^[245]\.\d{1,3}\.\d{1,3}$/)
  .optional()
  .catch(undefined);

const bounce = z.object({
  bounceType: z.enum(['Permanent', 'Transient', 'Undetermined']),
  bounceSubType: z.string().max(100),
  timestamp: moment,
  // Who else is named here does not matter: each mail goes to one reader, and its tags say to whom.
  bouncedRecipients: z.array(z.object({ status, action: z.string().optional().catch(undefined) })).min(1),
});
type Bounce = z.infer<typeof bounce>;

const about = { mail };
const known = z.discriminatedUnion('eventType', [
  z.object({ eventType: z.literal('Send'), ...about }),
  z.object({ eventType: z.literal('Delivery'), delivery: z.object({ timestamp: moment }), ...about }),
  z.object({ eventType: z.literal('DeliveryDelay'), deliveryDelay: z.object({ delayType: z.string() }), ...about }),
  z.object({ eventType: z.literal('Bounce'), bounce, ...about }),
  z.object({
    eventType: z.literal('Complaint'),
    complaint: z.object({ complaintFeedbackType: z.string().nullish(), timestamp: moment }),
    ...about,
  }),
  z.object({ eventType: z.literal('Reject'), reject: z.object({ reason: z.string() }), ...about }),
  z.object({
    eventType: z.enum(['Rendering Failure', 'RenderingFailure']),
    failure: z.object({ errorMessage: z.string() }),
    ...about,
  }),
]);
type KnownEvent = z.infer<typeof known>;

/** Clicks and openings are not asked for, but harmless; what SES invents one day is let pass as well. */
const anyEvent = z.object({ eventType: z.string().max(100), ...about });

const KNOWN: ReadonlySet<string> = new Set([
  ...['Send', 'Delivery', 'DeliveryDelay', 'Bounce', 'Complaint', 'Reject'],
  ...['Rendering Failure', 'RenderingFailure'],
]);

/** Throws where it is no event at all: that goes to the dead-letter queue, and a person looks. */
export const readEvent = ({ Message }: Envelope): MailEvent => {
  const raw = anyEvent.loose().parse(JSON.parse(Message));
  const event = KNOWN.has(raw.eventType) ? known.parse(raw) : undefined;
  return {
    is: event ? kindOf(event) : 'other',
    messageId: raw.mail.messageId,
    sentAt: asInstant(raw.mail.timestamp),
    at: asInstant(event ? momentOf(event) : raw.mail.timestamp),
    status: event?.eventType === 'Bounce' ? statusOf(event.bounce) : undefined,
    edition: raw.mail.tags?.edition?.[0],
    delivery: raw.mail.tags?.delivery?.[0],
    subscriber: raw.mail.tags?.subscriber?.[0],
  };
};

const asInstant = (timestamp: string): Instant => new Date(timestamp).toISOString();

const momentOf = (event: KnownEvent): string => {
  if (event.eventType === 'Bounce') return event.bounce.timestamp;
  return event.eventType === 'Complaint' ? event.complaint.timestamp : event.mail.timestamp;
};

const statusOf = ({ bouncedRecipients }: Bounce): string | undefined =>
  bouncedRecipients.find((one) => one.status !== undefined)?.status;

const kindOf = (event: KnownEvent): MailEventKind => {
  switch (event.eventType) {
    case 'Send':
    case 'DeliveryDelay':
      return 'accepted';
    case 'Delivery':
      return 'delivered';
    case 'Bounce':
      return bounceKind(event.bounce);
    case 'Complaint':
      // Somebody took the mail out of his junk folder: the opposite of a complaint.
      return event.complaint.complaintFeedbackType === 'not-spam' ? 'accepted' : 'complained';
    case 'Reject':
    case 'Rendering Failure':
    case 'RenderingFailure':
      return 'rejected';
    default:
      return unreachable(event);
  }
};

/** What these say is about the mail, not the mailbox. */
const ABOUT_THE_MAIL = new Set(['ContentRejected', 'AttachmentRejected', 'MessageTooLarge']);

const bounceKind = (bounced: Bounce): MailEventKind => {
  if (bounced.bounceType === 'Permanent') return 'bounced';
  const code = statusOf(bounced);
  // RFC 3463: X.6 is about the form of the content, X.7 about policy, X.3.4 and X.2.3 about its size.
  const content = code !== undefined && /^\d\.(6\.\d+|7\.\d+|3\.4|2\.3)$/.test(code);
  if (content || ABOUT_THE_MAIL.has(bounced.bounceSubType)) return 'returned';
  // An answer from the beach is told as a general bounce without a word from a mail server.
  const reported = bounced.bouncedRecipients.some((one) => one.status !== undefined || one.action === 'failed');
  return bounced.bounceSubType === 'General' && !reported ? 'returned' : 'bounced-for-now';
};
