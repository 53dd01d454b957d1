import type * as z from 'zod';
import type { EditionDoorbell } from '../digest/doorbells.ts';
import { readDeliveryId } from '../digest/ledger/page.ts';
import { type HearingLedger, type SettlingEvent, settleByEvents } from '../digest/settle.ts';
import { log } from '../shared/log.ts';
import type { Doorbell } from '../shared/storage/doorbell.ts';
import type { Subscribers } from '../subscribers/ports.ts';
import { mailedHereSince, suppress } from '../subscribers/suppress.ts';
import { Envelope, type MailEvent, type MailEventKind, readEvent } from './event.ts';
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

/** What SES tells, and through which topic. Anything else goes to the dead-letter queue, and a person looks. */
export const Told = Envelope.transform((envelope) => ({ topicArn: envelope.TopicArn, event: readEvent(envelope) }));
export type Told = z.infer<typeof Told>;

/**
 * Events that are read and written together: those of one page of deliveries, whose mails went out at the same moment
 * and of which SES tells at about the same moment; else those about one subscriber.
 */
export const togetherBy = ({ event }: Told): string => {
  const place = placeOf(event);
  return place ? `page ${place.edition} ${place.page}` : `subscriber ${event.subscriber ?? ''}`;
};

/** What events about mails change: their deliveries, and whether their readers are ever mailed again. Any order, any number. */
export const takeFeedback = async (feedback: Feedback, told: readonly Told[]): Promise<void> => {
  // A validly made message of somebody else's topic says nothing of our mails.
  const isOurs = ({ topicArn }: Told): boolean => feedback.topicArn === undefined || topicArn === feedback.topicArn;
  const events = told.filter(isOurs).map(({ event }) => event);
  if (events.length < told.length) log.warn('feedback.foreign-topic', { events: told.length - events.length });
  const known = events.filter(({ is }) => is !== 'other');
  const readers = await settle(feedback, known);
  const byReader = Map.groupBy(known, (event) => readers.get(event) ?? '');
  byReader.delete('');
  await Promise.all([...byReader].map(([reader, about]) => hear(feedback, reader, about)));
};

const hear = async (feedback: Feedback, reader: string, events: readonly MailEvent[]): Promise<void> => {
  for (const event of events) {
    const because = await silencing(feedback, reader, event);
    if (because === undefined) continue;
    const outcome = await suppress(feedback, reader, because, event);
    log.info('feedback.suppressed', { subscriber: reader, because, outcome });
  }
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

interface Place {
  readonly edition: string;
  readonly page: number;
  readonly index: number;
}

const placeOf = ({ edition, delivery }: MailEvent): Place | undefined => {
  const place = readDeliveryId(delivery ?? '');
  return edition !== undefined && place ? { edition, ...place } : undefined;
};

/** The subscribers the mails went to: known from the edition's page, or from a mail's own tag. */
const settle = async (feedback: Feedback, events: readonly MailEvent[]): Promise<Map<MailEvent, string>> => {
  const readers = new Map<MailEvent, string>();
  const ofEditions = events.filter(({ edition, delivery }) => edition !== undefined && delivery !== undefined);
  for (const event of events) {
    if (!ofEditions.includes(event) && event.subscriber !== undefined) readers.set(event, event.subscriber);
  }
  const placed = ofEditions.flatMap((event): Placed[] =>
    [placeOf(event) ?? []].flat().map((place) => ({ event, place })),
  );
  for (const group of Map.groupBy(placed, ({ place }) => `${place.edition} ${place.page}`).values()) {
    for (const [event, reader] of await settlePage(feedback, group)) readers.set(event, reader);
  }
  for (const event of ofEditions) {
    if (!readers.has(event)) log.warn('feedback.unknown-delivery', { messageId: event.messageId });
  }
  return readers;
};

type Placed = { readonly event: MailEvent; readonly place: Place };

const settlePage = async (
  { ledger, editionsBell }: Feedback,
  group: readonly Placed[],
): Promise<[MailEvent, string][]> => {
  const [first] = group;
  if (!first) return [];
  const { edition } = first.place;
  const told = group.flatMap(({ event: { is, messageId }, place: { index } }) =>
    is === 'other' ? [] : [{ index, messageId, event: SETTLES[is], delivered: is === 'delivered' }],
  );
  const { readers, closed } = await settleByEvents(ledger, first.place, told);
  if (closed) await editionsBell.ring({ edition });
  return group.flatMap(({ event, place }): [MailEvent, string][] => {
    const reader = readers.get(place.index);
    return reader === undefined ? [] : [[event, reader]];
  });
};
