import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { heardIn, nothingHeard, withHeard } from '../../functions/digest/ledger/heard.ts';
import { MINUTE_MS } from '../../functions/shared/time.ts';
import { countEvents } from '../../functions/subscribers/counting/count.ts';
import { dynamoGrowth } from '../../functions/subscribers/counting/growth.dynamo.ts';
import { leave, undoLeaving } from '../../functions/subscribers/leaving/leave.ts';
import { readOver } from '../../functions/subscribers/leaving/over.ts';
import { settleByEvent } from './support/tell.ts';
import '../feeds/quiet.ts';
import { aDoor } from './support/aDoor.ts';
import { aSubscriber } from './support/aSubscriber.ts';
import { LINK_KEYS } from './support/theRoom.ts';

type Event = Parameters<typeof settleByEvent>[1]['event'] | 'delivered';

/** An edition that reached two readers in English and one in French. */
const aSentEdition = async () => {
  const { room, call, ask } = await aDoor();
  const readers = [aSubscriber('ana'), aSubscriber('ben'), aSubscriber('bea', { languages: ['fr'] })];
  await room.join(...readers);
  room.wire.publish({ title: 'Boat' });
  room.wire.publish({ title: 'Bateau', language: 'fr' });
  const asked = await call('POST', '/api/v1/newsletters/city-news/editions', { cadence: 'weekly' });
  const id = String(asked.json['id']);
  const path = `/api/v1/editions/${id}`;
  /** What the link for leaving in somebody's mail says of its edition. */
  const overIn = (address: string) => {
    const mail = room.sent.find(({ to }) => to.startsWith(address));
    const [, mark = ''] = /\?over=([\w.-]+)>/.exec(Buffer.from(mail?.raw ?? []).toString('latin1')) ?? [];
    return readOver(LINK_KEYS, mark);
  };
  return {
    ...{ room, id, ask, call, readers },
    statistics: async () => (await call('GET', path)).json['statistics'],
    /** SES tells this of somebody's mail. */
    async hear(address: string, event: Event): Promise<void> {
      const mail = room.sent.find(({ to }) => to.startsWith(address));
      const { delivery = '' } = mail?.tags ?? {};
      const told = event === 'delivered' ? { event: 'sent' as const, delivered: true } : { event };
      await settleByEvent(room.ledger, { edition: id, delivery, messageId: 'm', ...told });
    },
    async leaves(address: string, back = false): Promise<void> {
      const reader = readers.find((one) => one.address.startsWith(address));
      const circumstances = { at: room.now(), language: 'en', wording: 'w', network: null };
      const before = await room.subscribers.byId(reader?.id ?? '');
      if (!before) throw new Error('There is no such reader.');
      const move = back ? undoLeaving : leave;
      await room.subscribers.save(before, move(before, 'city-news', circumstances).subscriber, overIn(address));
      await countEvents({
        ...{ table: room.readersTable, subscribers: room.subscribers, growth: dynamoGrowth(room.readersTable) },
        ...{ now: room.now, workMs: MINUTE_MS },
      });
    },
  };
};

describe('the statistics of an edition', () => {
  test('are none before it begins', async () => {
    expect(await (await aSentEdition()).statistics()).toBeNull();
  });

  test('count what was sent by the language of the mail, without waiting for SES', async () => {
    const { room, statistics } = await aSentEdition();
    await room.work();
    expect(await statistics()).toEqual({
      total: { sent: 3, delivered: 0, bounced: 0, complained: 0, unsubscribed: 0 },
      languages: {
        en: { sent: 2, delivered: 0, bounced: 0, complained: 0, unsubscribed: 0 },
        fr: { sent: 1, delivered: 0, bounced: 0, complained: 0, unsubscribed: 0 },
      },
      clicks: null,
    });
  });

  test('count an event of SES once, however often it comes, and whatever came before it', async () => {
    const { room, hear, statistics } = await aSentEdition();
    await room.work();
    for (const event of ['complained', 'delivered', 'delivered', 'sent', 'complained'] as const)
      await hear('ana', event);
    for (const event of ['delivered', 'bounced', 'bounced', 'delivered'] as const) await hear('bea', event);
    await hear('ben', 'rejected');
    expect(await statistics()).toMatchObject({
      total: { sent: 2, delivered: 2, bounced: 1, complained: 1 },
      languages: {
        en: { sent: 1, delivered: 1, bounced: 0, complained: 1 },
        fr: { sent: 1, delivered: 1, bounced: 1, complained: 0 },
      },
    });
  });

  test('count two events that come at the same moment both', async () => {
    const { room, hear, statistics } = await aSentEdition();
    await room.work();
    await Promise.all(['ana', 'ben', 'bea', 'ana'].map((name) => hear(name, 'delivered')));
    expect(await statistics()).toMatchObject({ total: { delivered: 3 } });
  });

  test('count who leaves by a link of its mails, whenever that is, by the language of the mail', async () => {
    const { room, call, leaves, statistics } = await aSentEdition();
    await room.work();
    await leaves('bea');
    room.turnTo('2026-07-07T00:30:00.000Z');
    await leaves('ana');
    expect(await statistics()).toMatchObject({
      total: { sent: 3, unsubscribed: 2 },
      languages: { en: { sent: 2, unsubscribed: 1 }, fr: { sent: 1, unsubscribed: 1 } },
    });
    // The one before and the one after had no part in it.
    room.wire.publish({ title: 'Ferry' });
    const next = await call('POST', '/api/v1/newsletters/city-news/editions', { cadence: 'weekly' });
    await room.work();
    expect((await call('GET', `/api/v1/editions/${next.json['id']}`)).json['statistics']).toMatchObject({
      total: { sent: 1, unsubscribed: 0 },
    });
  });

  test('no longer count who takes his leaving back', async () => {
    const { room, leaves, statistics } = await aSentEdition();
    await room.work();
    for (const back of [false, true, false, true]) await leaves('ana', back);
    expect(await statistics()).toMatchObject({ total: { unsubscribed: 0 } });
    await leaves('ana');
    expect(await statistics()).toMatchObject({ total: { unsubscribed: 1 }, languages: { en: { unsubscribed: 1 } } });
  });

  test('do not say how many left where an earlier release made its links', async () => {
    const { room, id, statistics } = await aSentEdition();
    await room.work();
    const edition = await room.ledger.edition(id);
    if (edition) await room.ledger.save({ ...edition, countsLeavings: false });
    expect(await statistics()).toMatchObject({ total: { unsubscribed: null } });
  });

  test('name nobody: neither an address nor an id is in them, nor in what is kept of what was heard', async () => {
    const { room, id, hear, ask, readers } = await aSentEdition();
    await room.work();
    await hear('ana', 'delivered');
    await hear('ana', 'complained');
    const kept = JSON.stringify(await room.ledger.heard(id));
    const { body } = await ask('GET', `/api/v1/editions/${id}`);
    expect(kept).toContain('delivered');
    for (const { id: reader, address } of readers) {
      for (const text of [kept, body]) expect(text).not.toContain(reader);
      for (const text of [kept, body]) expect(text).not.toContain(address);
    }
  });

  test('of an edition by a release that noted no languages are in the total alone', async () => {
    const { room, id, hear, statistics } = await aSentEdition();
    await room.work();
    const page = await room.ledger.page(id, 1);
    if (!page) throw new Error('There is no page.');
    const deliveries = page.deliveries.map(({ language: _, ...rest }) => rest);
    await room.ledger.savePage({ ...page, deliveries });
    for (const tally of await room.ledger.tallies(id)) await room.ledger.saveTally({ ...tally, sum: null });
    await hear('ana', 'delivered');
    expect(await statistics()).toMatchObject({ total: { sent: 3, delivered: 1 }, languages: {} });
  });
});

test('every delivery of twenty pages has a bit of its own', () => {
  const places = fc.uniqueArray(fc.tuple(fc.integer({ min: 1, max: 20 }), fc.integer({ min: 0, max: 24 })), {
    selector: ([page, index]) => page * 100 + index,
    maxLength: 500,
  });
  fc.assert(
    fc.property(places, (all) => {
      let heard = nothingHeard('e', 1);
      for (const [page, index] of all) {
        heard = withHeard(heard, { page, index }, 'en', 'delivered') ?? heard;
        expect(withHeard(heard, { page, index }, 'en', 'delivered')).toBeUndefined();
      }
      expect(heardIn([heard]).get('en')?.delivered ?? 0).toBe(all.length);
      // The unit that a write is paid by, with three languages and all that a row can hold.
      expect(JSON.stringify(heard).length).toBeLessThan(400);
    }),
    { numRuns: 50 },
  );
});
