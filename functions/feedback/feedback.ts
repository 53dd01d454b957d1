import type { EditionDoorbell } from '../digest/doorbells.ts';
import { type HearingLedger, type SettlingEvent, settleByEvent } from '../digest/settle.ts';
import { log } from '../shared/log.ts';
import type { Doorbell } from '../shared/storage/doorbell.ts';
import type { Subscribers } from '../subscribers/ports.ts';
import { mailedHereSince, suppress } from '../subscribers/suppress.ts';
import { type Envelope, type MailEvent, type MailEventKind, readEvent } from './event.ts';
import { isGone } from './mailbox.ts';
import type { Mailboxes } from './mailboxes.dynamo.ts';

export interface Feedback {
  readonly ledger: HearingLedger;
  readonly subscribers: Pick<Subscribers, 'byId' | 'save'>;
  readonly mailboxes: Mailboxes;
  readonly editionsBell: Doorbell<EditionDoorbell>;
  /** The topic events come from; `undefined` where only the queue's own policy says so. */
  readonly topicArn: string | undefined;
}

/** What an event about a mail changes: its delivery, and whether its reader is ever mailed again. Any order, any number. */
export const takeFeedback = async (feedback: Feedback, envelope: Envelope): Promise<void> => {
  // A validly made message of somebody else's topic says nothing of our mails.
  if (feedback.topicArn !== undefined && envelope.TopicArn !== feedback.topicArn) {
    log.warn('feedback.foreign-topic');
    return;
  }
  const event = readEvent(envelope);
  const reader = await settle(feedback, event);
  if (reader === undefined) return;
  const because = await silencing(feedback, reader, event);
  if (because === undefined) return;
  const outcome = await suppress(feedback, reader, because, event);
  log.info('feedback.suppressed', { subscriber: reader, because, outcome });
};

/** Why nothing more may be mailed to this reader, if this event says so. */
const silencing = async (
  { mailboxes, subscribers }: Feedback,
  reader: string,
  { is, messageId, sentAt }: MailEvent,
): Promise<'bounce' | 'complaint' | undefined> => {
  if (is === 'bounced') return 'bounce';
  if (is === 'complained') return 'complaint';
  if (is !== 'delivered' && is !== 'bounced-for-now') return undefined;
  const mailbox = await mailboxes.hear(reader, { messageId, sentAt, soft: is === 'bounced-for-now' });
  if (is !== 'bounced-for-now' || !isGone(mailbox)) return undefined;
  const there = await subscribers.byId(reader);
  return there && isGone(mailbox, mailedHereSince(there)) ? 'bounce' : undefined;
};

/** Every event but a rejection is a sign that SES had accepted the mail. */
const SETTLES: Readonly<Record<Exclude<MailEventKind, 'other'>, SettlingEvent['event']>> = {
  accepted: 'sent',
  delivered: 'sent',
  returned: 'sent',
  bounced: 'bounced',
  'bounced-for-now': 'sent',
  complained: 'complained',
  rejected: 'rejected',
};

/** The subscriber the mail went to: known from the edition's page, or from the mail's own tag. */
const settle = async (feedback: Feedback, event: MailEvent): Promise<string | undefined> => {
  const { is, edition, delivery, messageId } = event;
  if (is === 'other') return undefined;
  if (edition === undefined || delivery === undefined) return event.subscriber;
  const settled = await settleByEvent(feedback.ledger, {
    ...{ edition, delivery, messageId, event: SETTLES[is] },
    delivered: is === 'delivered',
  });
  if (settled.is === 'unknown') {
    log.warn('feedback.unknown-delivery', { messageId });
    return undefined;
  }
  if (settled.closed) await feedback.editionsBell.ring({ edition });
  return settled.reader;
};
