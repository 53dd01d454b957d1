import type { Envelope } from '../../functions/feedback/event.ts';

export const TOPIC = 'arn:aws:sns:eu-west-1:000000000000:courant-events';

interface Told {
  readonly eventType: string;
  readonly tags?: Readonly<Record<string, readonly string[]>>;
  readonly messageId?: string;
  readonly topicArn?: string;
  readonly sentAt?: string;
  readonly more?: Readonly<Record<string, unknown>>;
}

/** An event of SES as SNS hands it to a queue, with fields that nobody here reads. */
export const anEvent = ({
  eventType,
  tags = {},
  messageId = 'm1',
  topicArn = TOPIC,
  sentAt = '2026-05-04T08:00:00.000Z',
  more = {},
}: Told): Envelope & object => ({
  Type: 'Notification',
  TopicArn: topicArn,
  Message: JSON.stringify({
    eventType,
    mail: {
      timestamp: sentAt,
      source: 'news@example.org',
      messageId,
      destination: ['somebody-else@readers.example'],
      headersTruncated: false,
      tags: { 'ses:operation': ['SendRawEmail'], ...tags },
    },
    ...usual(eventType),
    ...more,
  }),
});

/** What SES tells beside the mail, by the kind of event. */
const usual = (eventType: string): object => {
  switch (eventType) {
    case 'Delivery':
      return { delivery: { timestamp: '2026-05-04T08:00:01.000Z', smtpResponse: '250 ok' } };
    case 'DeliveryDelay':
      return { deliveryDelay: { delayType: 'MailboxFull', timestamp: '2026-05-04T08:00:01.000Z' } };
    case 'Reject':
      return { reject: { reason: 'Bad content' } };
    case 'Rendering Failure':
    case 'RenderingFailure':
      return { failure: { errorMessage: 'no such attribute', templateName: 't' } };
    default:
      return {};
  }
};

export const bounce = (bounceType: string, bounceSubType = 'General', told: object = {}) => ({
  bounce: {
    feedbackId: 'f',
    bounceType,
    bounceSubType,
    bouncedRecipients: [
      { emailAddress: 'x@readers.example', diagnosticCode: '550 <script>alert(1)</script>', ...told },
    ],
    timestamp: '2026-05-04T08:00:01.000+00:00',
  },
});

export const complaint = (complaintFeedbackType: string | null = 'abuse') => ({
  complaint: {
    complainedRecipients: [{ emailAddress: 'x@readers.example' }],
    complaintFeedbackType,
    complaintSubType: null,
    timestamp: '2026-05-04T09:00:00.000Z',
  },
});
