import { z } from 'zod';
import type { Instant } from '../shared/time.ts';

/**
 * What SES tells of a mail, as Amazon SNS hands it to a queue. Strict on what is read here, deaf to the rest: SES adds
 * fields as it likes. What remote servers wrote (diagnostic codes, say) is never read.
 * https://docs.aws.amazon.com/ses/latest/dg/event-publishing-retrieving-sns-contents.html
 */
export interface MailEvent {
  readonly is: MailEventKind;
  readonly messageId: string;
  readonly at: Instant;
  /** The tags the mail was sent with. */
  readonly edition: string | undefined;
  readonly delivery: string | undefined;
  readonly subscriber: string | undefined;
}

export type MailEventKind =
  | 'accepted'
  /** The mailbox will never take mail. */
  | 'bounced'
  /** Full, away, too busy: it may be otherwise next week. */
  | 'bounced-for-now'
  | 'complained'
  /** SES took the mail and then did not send it. */
  | 'rejected'
  /** What SES has not invented yet. */
  | 'other';

export const Envelope = z.object({
  Type: z.literal('Notification'),
  TopicArn: z.string(),
  Message: z.string(),
});
export type Envelope = z.infer<typeof Envelope>;

const tag = z.array(z.string().max(256)).min(1).optional();
const moment = z.iso.datetime({ offset: true });

const event = z.object({
  eventType: z.string(),
  mail: z.object({
    messageId: z.string().min(1).max(200),
    timestamp: moment,
    tags: z.object({ edition: tag, delivery: tag, subscriber: tag }).optional(),
  }),
  bounce: z.object({ bounceType: z.string(), timestamp: moment.optional() }).optional(),
  complaint: z.object({ complaintFeedbackType: z.string().nullish(), timestamp: moment.optional() }).optional(),
});
type SesEvent = z.infer<typeof event>;

/** Throws where it is no event at all: that goes to the dead-letter queue, and a person looks. */
export const readEvent = ({ Message }: Envelope): MailEvent => {
  const parsed = event.parse(JSON.parse(Message));
  const { mail } = parsed;
  return {
    is: kindOf(parsed),
    messageId: mail.messageId,
    at: new Date(parsed.bounce?.timestamp ?? parsed.complaint?.timestamp ?? mail.timestamp).toISOString(),
    edition: mail.tags?.edition?.[0],
    delivery: mail.tags?.delivery?.[0],
    subscriber: mail.tags?.subscriber?.[0],
  };
};

const kindOf = ({ eventType, bounce, complaint }: SesEvent): MailEventKind => {
  switch (eventType) {
    case 'Send':
    case 'Delivery':
    case 'DeliveryDelay':
    case 'Open':
    case 'Click':
      return 'accepted';
    case 'Bounce':
      return bounce?.bounceType === 'Permanent' ? 'bounced' : 'bounced-for-now';
    case 'Complaint':
      // Somebody took the mail out of his junk folder: the opposite of a complaint.
      return complaint?.complaintFeedbackType === 'not-spam' ? 'accepted' : 'complained';
    case 'Reject':
    case 'Rendering Failure':
      return 'rejected';
    default:
      return 'other';
  }
};
