import fc from 'fast-check';
import { afterEach, describe, expect, test } from 'vitest';
import { heardIn } from '../../functions/digest/ledger/heard.ts';
import { dynamoLedger } from '../../functions/digest/ledger/ledger.dynamo.ts';
import type { Delivery, Page } from '../../functions/digest/ledger/page.ts';
import type { Envelope } from '../../functions/feedback/event.ts';
import { type Feedback, Told, takeFeedback, togetherBy } from '../../functions/feedback/feedback.ts';
import { dynamoMailboxes } from '../../functions/feedback/mailboxes.dynamo.ts';
import { setLogSink } from '../../functions/shared/log.ts';
import { groupHandler } from '../../functions/shared/queue.ts';
import { lastLetterOf } from '../../functions/subscribers/erasing/erase.ts';
import { withLetter } from '../../functions/subscribers/letters/letter.ts';
import { move } from '../../functions/subscribers/moving/move.ts';
import { newSubscriber } from '../../functions/subscribers/subscriber.ts';
import { dynamoSubscribers } from '../../functions/subscribers/subscribers.dynamo.ts';
import { aSubscriber } from '../digest/support/aSubscriber.ts';
import { LINK_KEYS } from '../digest/support/theRoom.ts';
import { seenAt } from '../subscribers/aSubscriber.ts';
import { memoryDoorbell } from '../support/memoryDoorbell.ts';
import { memoryTable } from '../support/memoryTable.ts';
import { anEvent, bounce, complaint, TOPIC } from './anEvent.ts';

const EDITION = 'city-news-weekly-20260504T080000Z';
const ana = aSubscriber('ana');

const logged: string[] = [];
afterEach(() => {
  logged.length = 0;
});

/** Ana's delivery in some state on the only page of an edition. */
const aRoom = async (delivery: Partial<Delivery> = {}) => {
  setLogSink((line) => logged.push(line));
  const ledger = dynamoLedger(memoryTable());
  const page: Page = {
    edition: EDITION,
    page: 1,
    version: 1,
    through: ana.id,
    total: 1,
    end: false,
    deliveries: [{ reader: ana.id, state: 'sending', claim: 'c', ...delivery }],
    claim: null,
    retry: null,
  };
  await ledger.addPage(page);
  let ids = 0;
  const subscribers = dynamoSubscribers({
    table: memoryTable(),
    addressKeys: async () => LINK_KEYS,
    newId: () => String(++ids),
  });
  await subscribers.save(newSubscriber(ana.id, ana.address, ana.createdAt), ana);
  const mailboxes = dynamoMailboxes(memoryTable());
  const editionsBell = memoryDoorbell<{ edition: string }>();
  const feedback = { ledger, subscribers, mailboxes, editionsBell, topicArn: TOPIC };
  return {
    feedback,
    rung: editionsBell.rung,
    record: async () => {
      const there = await subscribers.byId(ana.id);
      return there ? subscribers.record(there) : [];
    },
    hear: (...envelopes: Envelope[]) =>
      takeFeedback(
        feedback,
        envelopes.map((one) => Told.parse(one)),
      ),
    delivery: async () => (await ledger.page(EDITION, 1))?.deliveries[0],
    version: async () => (await ledger.page(EDITION, 1))?.version,
    suppressed: async () => (await subscribers.byId(ana.id))?.suppressed,
  };
};

const tags = { edition: [EDITION], delivery: ['1-0'] };

describe('an event of SES', () => {
  test.each(['Send', 'Delivery', 'DeliveryDelay'])(
    'of kind %s settles what was being sent, and what was unknown',
    async (eventType) => {
      for (const state of ['sending', 'unknown'] as const) {
        const room = await aRoom({ state });
        await room.hear(anEvent({ eventType, tags }));
        expect(await room.delivery()).toMatchObject({ state: 'sent', messageId: 'm1' });
        expect(await room.suppressed()).toBeNull();
      }
    },
  );

  test('that closes a page rings for its edition, which may be over', async () => {
    const open = await aRoom({ state: 'sending' });
    await open.hear(anEvent({ eventType: 'Send', tags }));
    expect(open.rung).toEqual([{ edition: EDITION }]);
    const closed = await aRoom({ state: 'unknown' });
    await closed.hear(anEvent({ eventType: 'Send', tags }));
    expect(closed.rung).toEqual([]);
  });

  test('that says what is known already writes nothing', async () => {
    const room = await aRoom({ state: 'sent', messageId: 'm1' });
    await room.hear(anEvent({ eventType: 'Delivery', tags }));
    expect(await room.version()).toBe(1);
  });

  test('of a permanent bounce ends all mail to this reader', async () => {
    const room = await aRoom();
    await room.hear(anEvent({ eventType: 'Bounce', tags, more: bounce('Permanent') }));
    expect(await room.delivery()).toMatchObject({ state: 'sent', outcome: 'bounced' });
    expect(await room.suppressed()).toEqual({ because: 'bounce', at: '2026-05-04T08:00:01.000Z' });
  });

  test.each(['Transient', 'Undetermined'])(
    'of a %s bounce, an answer from the beach say, ends nothing',
    async (kind) => {
      const room = await aRoom();
      await room.hear(anEvent({ eventType: 'Bounce', tags, more: bounce(kind) }));
      expect(await room.delivery()).toMatchObject({ state: 'sent' });
      expect(await room.suppressed()).toBeNull();
    },
  );

  test('of a complaint ends all mail to this reader; “not spam” is the opposite', async () => {
    const room = await aRoom();
    await room.hear(anEvent({ eventType: 'Complaint', tags, more: complaint('not-spam') }));
    expect(await room.suppressed()).toBeNull();
    await room.hear(anEvent({ eventType: 'Complaint', tags, more: complaint() }));
    expect(await room.suppressed()).toEqual({ because: 'complaint', at: '2026-05-04T09:00:00.000Z' });
    expect(await room.delivery()).toMatchObject({ outcome: 'complained' });
  });

  test('of a complaint without a type counts as one', async () => {
    const room = await aRoom();
    await room.hear(anEvent({ eventType: 'Complaint', tags, more: complaint(null) }));
    expect(await room.suppressed()).toMatchObject({ because: 'complaint' });
  });

  test.each(['Reject', 'Rendering Failure', 'RenderingFailure'])(
    'of kind %s means that the mail never went out',
    async (eventType) => {
      const room = await aRoom({ state: 'sent', messageId: 'm1' });
      await room.hear(anEvent({ eventType, tags }));
      await room.hear(anEvent({ eventType: 'Send', tags }));
      expect(await room.delivery()).toMatchObject({ state: 'failed', because: 'rejected' });
      expect(await room.suppressed()).toBeNull();
    },
  );

  test('may come in any order: the worst that was heard stays', async () => {
    const told = [
      anEvent({ eventType: 'Send', tags }),
      anEvent({ eventType: 'Bounce', tags, more: bounce('Permanent') }),
      anEvent({ eventType: 'Complaint', tags, more: complaint() }),
      anEvent({ eventType: 'Delivery', tags }),
    ];
    for (const order of [told, told.toReversed(), [...told, ...told]]) {
      const room = await aRoom();
      for (const one of order) await room.hear(one);
      expect(await room.delivery()).toMatchObject({ state: 'sent', outcome: 'complained' });
      expect(await room.suppressed()).toMatchObject({ because: 'complaint' });
    }
  });

  test('about a mail without an edition, a confirmation, is about the subscriber in its tag', async () => {
    const room = await aRoom();
    await room.hear(anEvent({ eventType: 'Send', tags: { subscriber: [ana.id] } }));
    expect(await room.suppressed()).toBeNull();
    await room.hear(anEvent({ eventType: 'Bounce', tags: { subscriber: [ana.id] }, more: bounce('Permanent') }));
    expect(await room.suppressed()).toMatchObject({ because: 'bounce' });
  });

  test('of a kind that SES may yet invent, or about a mail that is not ours, changes nothing', async () => {
    const room = await aRoom();
    await room.hear(anEvent({ eventType: 'Teleported', tags }));
    for (const foreign of [
      { edition: ['city-news-weekly-20200101T080000Z'], delivery: ['1-0'] },
      { edition: [EDITION], delivery: ['1-7'] },
      { edition: [EDITION], delivery: ['#'] },
      { edition: ['a#b'], delivery: ['1-0'] },
      { subscriber: ['nobody'] },
      {},
    ]) {
      await room.hear(anEvent({ eventType: 'Bounce', tags: foreign, more: bounce('Permanent') }));
    }
    expect(await room.version()).toBe(1);
    expect(await room.suppressed()).toBeNull();
  });

  test('from another topic is not believed', async () => {
    const room = await aRoom();
    const topicArn = 'arn:aws:sns:eu-west-1:666666666666:courant-events';
    await room.hear(anEvent({ eventType: 'Complaint', tags, more: complaint(), topicArn }));
    expect(await room.suppressed()).toBeNull();
    expect(await room.version()).toBe(1);
  });
});

describe('a mailbox that does not take mail', () => {
  const day = (i: number): string => `2026-05-${String(i + 1).padStart(2, '0')}T08:00:00.000Z`;
  const mailOf = (i: number) => ({ tags: { subscriber: [ana.id] }, messageId: `mail-${i}`, sentAt: day(i) });
  const full = bounce('Transient', 'MailboxFull', { action: 'failed', status: '4.2.2' });
  const soft = (i: number, more: object = full): Envelope =>
    anEvent({ ...mailOf(i), eventType: 'Bounce', more: { ...more } });
  const delivered = (i: number): Envelope => anEvent({ ...mailOf(i), eventType: 'Delivery' });
  const silencedBy = async (...events: Envelope[]) => {
    const room = await aRoom();
    for (const one of events) await room.hear(one);
    return (await room.suppressed())?.because;
  };

  test('five times in a row gets no more; four times, or with a delivery in between, it does', async () => {
    expect(await silencedBy(soft(0), soft(1), soft(2), soft(3))).toBeUndefined();
    expect(await silencedBy(soft(0), soft(1), soft(2), soft(3), soft(4))).toBe('bounce');
    expect(await silencedBy(soft(0), soft(1), delivered(2), soft(3), soft(4), soft(5))).toBeUndefined();
    expect(await silencedBy(soft(0), delivered(1), soft(2), soft(3), soft(4), soft(5), soft(6))).toBe('bounce');
  });

  test('the same bounce told five times is one', async () => {
    expect(await silencedBy(soft(0), soft(0), soft(0), soft(0), soft(0), soft(0))).toBeUndefined();
  });

  test('a mail that was taken at the door and came back has come back, whichever is told first', async () => {
    const both = [0, 1, 2, 3, 4].flatMap((i) => [delivered(i), soft(i)]);
    expect(await silencedBy(...both)).toBe('bounce');
    expect(await silencedBy(...both.toReversed())).toBe('bounce');
  });

  test('what counts is when mails were sent, not when their news come: any order, and doubled', async () => {
    const story = [soft(0), soft(1), delivered(2), soft(3), soft(4), soft(5)];
    await fc.assert(
      fc.asyncProperty(fc.shuffledSubarray([...story, ...story], { minLength: 12 }), async (events) => {
        // A delivery that comes last of all cannot take back what five in a row had said; here there never are five.
        const told = [delivered(2), ...events];
        expect(await silencedBy(...told)).toBeUndefined();
      }),
      { numRuns: 25 },
    );
  });

  test('an answer from the beach, or a mail refused for what was in it, never counts', async () => {
    const away = bounce('Transient', 'General');
    expect(await silencedBy(...[0, 1, 2, 3, 4, 5, 6].map((i) => soft(i, away)))).toBeUndefined();
    for (const told of [
      bounce('Transient', 'ContentRejected', { action: 'failed', status: '5.6.0' }),
      bounce('Transient', 'AttachmentRejected', { action: 'failed' }),
      bounce('Transient', 'MessageTooLarge', { action: 'failed', status: '5.3.4' }),
      bounce('Undetermined', 'Undetermined', { action: 'failed', status: '5.7.1' }),
    ])
      expect(await silencedBy(...[0, 1, 2, 3, 4, 5].map((i) => soft(i, told)))).toBeUndefined();
  });

  test('is written down with the server’s code, and with no text of its own', async () => {
    const room = await aRoom();
    for (let i = 0; i < 5; i++) await room.hear(soft(i));
    const records = await room.record();
    expect(records.at(-1)).toMatchObject({ what: 'suppressed', because: 'bounce 4.2.2' });
    expect(JSON.stringify(records)).not.toMatch(/script|550/);
    const liar = await aRoom();
    const lie = bounce('Permanent', 'General', { status: '5.1.1 <script>' });
    await liar.hear(anEvent({ eventType: 'Bounce', tags, more: lie }));
    expect((await liar.record()).at(-1)?.because).toBe('bounce');
  });
});

describe('a reader who moved to another address', () => {
  const MOVED = '2026-05-10T09:00:00.000Z';
  const softly = (day: number) =>
    anEvent({
      eventType: 'Bounce',
      messageId: `m${day}`,
      sentAt: `2026-05-${String(day).padStart(2, '0')}T08:00:00.000Z`,
      tags,
      more: bounce('Transient', 'MailboxFull', { status: '4.2.2' }),
    });
  const theRoom = async () => {
    const room = await aRoom({ state: 'sent', messageId: 'm1' });
    const { subscribers } = room.feedback;
    const before = await subscribers.byId(ana.id);
    if (!before) throw new Error('There is no Ana.');
    const letter = { kind: 'address', newsletter: 'city-news', language: 'en', to: 'ana@elsewhere.example' } as const;
    const asked = withLetter(before, letter, MOVED);
    const { is, subscriber } = move(asked, lastLetterOf(asked), seenAt(MOVED));
    expect(is).toBe('moved');
    await subscribers.save(before, subscriber);
    return room;
  };

  test.each([
    ['comes back', 'Bounce', bounce('Permanent')],
    ['is complained about', 'Complaint', complaint()],
  ])('stays one when a mail to the old address %s late, and not when a later one does', async (_, eventType, more) => {
    const room = await theRoom();
    await room.hear(anEvent({ eventType, tags, more, sentAt: '2026-05-10T08:59:00.000Z' }));
    expect(await room.suppressed()).toBeNull();
    await room.hear(anEvent({ eventType, tags, more, sentAt: '2026-05-11T08:00:00.000Z' }));
    expect(await room.suppressed()).toBeTruthy();
  });

  test('begins anew: what came back for now from both mailboxes does not add up', async () => {
    const room = await theRoom();
    for (const day of [6, 7, 8, 9, 11, 12, 13, 14]) await room.hear(softly(day));
    expect(await room.suppressed()).toBeNull();
    await room.hear(softly(15));
    expect(await room.suppressed()).toMatchObject({ because: 'bounce' });
  });
});

const theDoor = (feedback: Feedback) =>
  groupHandler({ message: Told, connect: () => feedback, groupOf: togetherBy, work: takeFeedback });

describe('the door', () => {
  const record = (body: string) => ({ messageId: body.slice(0, 8), body });

  test('sets aside what is no event, takes the others, and logs nothing that came from outside', async () => {
    const room = await aRoom();
    const handler = theDoor(room.feedback);
    const good = JSON.stringify({
      ...anEvent({ eventType: 'Bounce', tags, more: bounce('Permanent') }),
      MessageId: 'sns',
      UnsubscribeURL: 'https://sns.example',
    });
    const secret = 'somebody@readers.example';
    const bad = [
      `not json ${secret}`,
      ...[
        { eventType: 'Bounce' },
        { eventType: 'Bounce', more: { bounce: { bounceType: 'Rubber', bouncedRecipients: [] } } },
        { eventType: 'Complaint', more: { complaint: { timestamp: 'yesterday' } } },
        { eventType: 'DeliveryDelay', more: { deliveryDelay: secret } },
        { eventType: 'Rendering Failure', more: { failure: null } },
        { eventType: 'Delivery', more: { delivery: {} } },
        { eventType: 'Send', messageId: 'x'.repeat(201) },
      ].map((one) => JSON.stringify(anEvent(one))),
      JSON.stringify({ Type: 'SubscriptionConfirmation', TopicArn: TOPIC, Message: secret }),
      JSON.stringify({ ...anEvent({ eventType: 'Send' }), Message: `{"eventType":"Send" ${secret}` }),
      JSON.stringify({
        ...anEvent({ eventType: 'Send' }),
        Message: JSON.stringify({ eventType: 'Send', mail: { to: secret } }),
      }),
    ];
    const { batchItemFailures } = await handler({ Records: [...bad, good].map(record) } as Parameters<
      typeof handler
    >[0]);
    expect(batchItemFailures).toHaveLength(bad.length);
    expect(await room.suppressed()).toMatchObject({ because: 'bounce' });
    expect(logged.join('\n')).not.toMatch(/readers\.example|script/);
  });

  /** What SES tells of five mails of a page, and what the ledger is asked and told on the way. */
  const aBusyDoor = async () => {
    setLogSink((line) => logged.push(line));
    const readers = ['ana', 'ben', 'cho', 'dan', 'eva'].map((name) => aSubscriber(name));
    const asked: string[] = [];
    const ledger = dynamoLedger(memoryTable());
    await ledger.addPage({
      ...{ edition: EDITION, page: 1, version: 1, through: 'z', total: 5, end: false, claim: null, retry: null },
      deliveries: readers.map(({ id }) => ({ reader: id, state: 'sending', claim: 'c', language: 'en' })),
    });
    const counted = new Proxy(ledger, {
      get: (target, name: keyof typeof ledger) => {
        asked.push(name);
        return target[name];
      },
    });
    let ids = 0;
    const subscribers = dynamoSubscribers({
      table: memoryTable(),
      addressKeys: async () => LINK_KEYS,
      newId: () => String(++ids),
    });
    for (const one of readers) await subscribers.save(newSubscriber(one.id, one.address, one.createdAt), one);
    const mailboxes = dynamoMailboxes(memoryTable());
    const feedback: Feedback = {
      ...{ ledger: counted, subscribers, mailboxes, topicArn: TOPIC },
      editionsBell: memoryDoorbell<{ edition: string }>(),
    };
    const hear = (...envelopes: Envelope[]) =>
      theDoor(feedback)({
        Records: envelopes.map((one, i) => ({ ...record(JSON.stringify(one)), messageId: String(i) })),
      } as Parameters<ReturnType<typeof theDoor>>[0]);
    const told = (eventType: string, index: number, more = {}) =>
      anEvent({ eventType, messageId: `m${index}`, tags: { edition: [EDITION], delivery: [`1-${index}`] }, more });
    return { feedback, ledger, asked, hear, told };
  };

  test('reads and writes a page once for all that is told of it together', async () => {
    const { ledger, asked, hear, told } = await aBusyDoor();
    const events = [0, 1, 2, 3, 4].flatMap((i) => [told('Send', i), told('Delivery', i)]);
    expect(await hear(...events, told('Complaint', 2, complaint()), told('Send', 0))).toEqual({
      batchItemFailures: [],
    });
    const count = (name: string): number => asked.filter((one) => one === name).length;
    expect({ page: count('page'), savePage: count('savePage'), saveHeard: count('saveHeard') }).toEqual({
      ...{ page: 1, savePage: 1, saveHeard: 1 },
    });
    const page = await ledger.page(EDITION, 1);
    expect(page?.deliveries.map(({ state, messageId, outcome }) => [state, messageId, outcome])).toEqual([
      ['sent', 'm0', undefined],
      ['sent', 'm1', undefined],
      ['sent', 'm2', 'complained'],
      ['sent', 'm3', undefined],
      ['sent', 'm4', undefined],
    ]);
    expect(heardIn(await ledger.heard(EDITION)).get('en')).toEqual({ delivered: 5, bounced: 0, complained: 1 });
    expect((await ledger.tally(EDITION, 1))?.complained).toEqual(['1-2']);
  });

  test('costs nobody anything but the reader whose event cannot be taken', async () => {
    const { feedback, ledger, hear, told } = await aBusyDoor();
    const { mailboxes } = feedback;
    const ben = aSubscriber('ben').id;
    const broken: Feedback['mailboxes'] = {
      hear: async (subscriber, mail) => {
        if (subscriber === ben) throw new Error('No way to this mailbox.');
        return mailboxes.hear(subscriber, mail);
      },
    };
    Object.assign(feedback, { mailboxes: broken });
    const answer = await hear(...[0, 1, 2, 3, 4].map((i) => told('Delivery', i)));
    expect(answer).toEqual({ batchItemFailures: [{ itemIdentifier: '1' }] });
    expect((await ledger.page(EDITION, 1))?.deliveries.every(({ state }) => state === 'sent')).toBe(true);
    expect(heardIn(await ledger.heard(EDITION)).get('en')?.delivered).toBe(5);
  });
});
