import type { Envelope } from '../../functions/feedback/event.ts';

export const TOPIC = 'arn:aws:sns:eu-west-1:000000000000:courant-events';

interface Told {
  readonly eventType: string;
  readonly tags?: Readonly<Record<string, readonly string[]>>;
  readonly messageId?: string;
  readonly topicArn?: string;
  readonly more?: Readonly<Record<string, unknown>>;
}

/** An event of SES as SNS hands it to a queue, with fields that nobody here reads. */
export const anEvent = ({
  eventType,
  tags = {},
  messageId = 'm1',
  topicArn = TOPIC,
  more = {},
}: Told): Envelope & object => ({
  Type: 'Notification',
  TopicArn: topicArn,
  Message: JSON.stringify({
    eventType,
    mail: {
      timestamp: '2026-05-04T08:00:00.000Z',
      source: 'news@example.org',
      messageId,
      destination: ['somebody-else@readers.example'],
      headersTruncated: false,
      tags: { 'ses:operation': ['SendRawEmail'], ...tags },
    },
    ...more,
  }),
});

export const bounce = (bounceType: string, bounceSubType = 'General') => ({
  bounce: {
    feedbackId: 'f',
    bounceType,
    bounceSubType,
    bouncedRecipients: [{ emailAddress: 'x@readers.example', diagnosticCode: '550 <script>alert(1)</script>' }],
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
