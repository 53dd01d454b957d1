import { describe, expect, test } from 'vitest';
import { takeAction } from '../../functions/digest/asking/newsletters.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../functions/shared/time.ts';
import type { Subscriber, Subscription } from '../../functions/subscribers/subscriber.ts';
import { aNewsroom } from './support/aPress.ts';
import { aSubscriber } from './support/aSubscriber.ts';
import { theRoom } from './support/theRoom.ts';

type Room = ReturnType<typeof theRoom>;

const atOnce = (over: { approval?: 'none' | 'required' } = {}) => {
  const newsroom = aNewsroom();
  const cadences = { immediate: { gatherMinutes: 2 }, weekly: { on: 'monday', at: '08:00' } } as const;
  return { ...newsroom, newsletters: newsroom.newsletters.map((one) => ({ ...one, cadences, ...over })) };
};

const reading = (name: string, over: Partial<Subscription> = {}) =>
  aSubscriber(name, { cadence: 'immediate', languages: ['en', 'fr'], ...over });

/** The next minutes, with a sweep in each. */
const pass = async (room: Room, minutes: number): Promise<void> => {
  for (let minute = 0; minute < minutes; minute++) {
    room.later(MINUTE_MS);
    await room.sweep();
    await room.work();
  }
};

const publish = (room: Room, title: string, over = {}) =>
  room.wire.publish({ title, ...over, updatedAt: room.now() }, { at: room.now() });

const mails = (room: Room) =>
  room.sent.map(({ to, raw }) => {
    const text = Buffer.from(raw).toString();
    const titles = [...text.matchAll(/(?:LEAD|ARTICLE)\((\w+)/g)].map(([, title]) => title);
    return `${to.split('@')[0]}: ${[...new Set(titles)].sort().join(' ')}`;
  });

const changing =
  (over: Partial<Subscription>) =>
  (reader: Subscriber): Subscriber => ({
    ...reader,
    subscriptions: reader.subscriptions.map((one) => ({ ...one, ...over })),
  });

describe('a newsletter that sends each article at once', () => {
  test('sends it within minutes, once, and nothing when there is nothing new', async () => {
    const room = theRoom({ newsroom: atOnce() });
    await room.join(reading('ana'));
    await pass(room, 1);
    publish(room, 'One');
    await pass(room, 1);
    expect(mails(room)).toEqual([]);
    await pass(room, 30);
    expect(mails(room)).toEqual(['ana: One']);
    publish(room, 'Two');
    await pass(room, 30);
    expect(mails(room)).toEqual(['ana: One', 'ana: Two']);
  });

  test('sends in one mail what comes within its window: the translations of a story, say', async () => {
    const room = theRoom({ newsroom: atOnce() });
    await room.join(reading('ana'), reading('ben', { languages: ['fr'] }));
    await pass(room, 1);
    publish(room, 'Boat', { story: 'boat' });
    room.later(MINUTE_MS);
    publish(room, 'Bateau', { story: 'boat', language: 'fr' });
    publish(room, 'Bridge');
    await pass(room, 10);
    expect(mails(room).sort()).toEqual(['ana: Boat Bridge', 'ben: Bateau']);
  });

  test('is not woken by what is no news, and does not read it again each minute', async () => {
    const room = theRoom({ newsroom: atOnce() });
    await room.join(reading('ana'));
    await pass(room, 1);
    for (let i = 0; i < 5; i++) room.wire.publish({}, { announce: false, announcedSeq: null, at: room.now() });
    await pass(room, 1);
    expect(await room.ledger.newest('city-news', { limit: 10 })).toEqual([]);
    expect(await room.ledger.track('city-news', 'immediate')).toMatchObject({ looked: 5, coveredThrough: 0 });
  });

  test('waits while somebody holds an edition; then both go out, and the later one is not too late to be sent', async () => {
    const room = theRoom({ newsroom: atOnce({ approval: 'required' }) });
    await room.join(reading('ana'));
    await pass(room, 1);
    publish(room, 'One');
    await pass(room, 5);
    publish(room, 'Two');
    for (let hours = 0; hours < 9; hours++) {
      room.later(HOUR_MS);
      await pass(room, 1);
    }
    const [held, ...others] = await room.ledger.newest('city-news', { limit: 10 });
    const immediate = [held, ...others].filter((one) => one?.cadence === 'immediate');
    expect(immediate).toMatchObject([{ state: 'ready' }]);
    await takeAction(room.newsletters, immediate[0]?.id ?? '', 'approve', { unknown: false });
    await room.work();
    await pass(room, 2);
    const [next] = await room.ledger.newest('city-news', { limit: 1 });
    expect(next).toMatchObject({ cadence: 'immediate', state: 'ready' });
    await takeAction(room.newsletters, next?.id ?? '', 'approve', { unknown: false });
    await room.work();
    expect(mails(room)).toEqual(['ana: One', 'ana: Two']);
  });

  test('tells in the next mail what a cancelled one would have told', async () => {
    const room = theRoom({ newsroom: atOnce({ approval: 'required' }) });
    await room.join(reading('ana'));
    await pass(room, 1);
    publish(room, 'One');
    await pass(room, 5);
    const [first] = await room.ledger.newest('city-news', { limit: 1 });
    await takeAction(room.newsletters, first?.id ?? '', 'cancel', { unknown: false });
    await pass(room, 5);
    expect(await room.ledger.newest('city-news', { limit: 5 })).toHaveLength(1);
    publish(room, 'Two');
    await pass(room, 5);
    const [second] = await room.ledger.newest('city-news', { limit: 1 });
    await takeAction(room.newsletters, second?.id ?? '', 'approve', { unknown: false });
    await room.work();
    expect(mails(room)).toEqual(['ana: One Two']);
  });

  test('spares who joins what was published while nobody read it', async () => {
    const room = theRoom({ newsroom: atOnce() });
    await pass(room, 1);
    publish(room, 'Old');
    await pass(room, 10);
    room.later(DAY_MS);
    await room.join(reading('ana', { confirmedAt: room.now() }));
    publish(room, 'New');
    await pass(room, 10);
    expect(mails(room)).toEqual(['ana: New']);
  });

  test('neither repeats nor loses an article for whoever changes between at once and every week', async () => {
    const room = theRoom({ newsroom: atOnce() });
    await room.join(reading('ana'), reading('ben', { cadence: 'weekly' }));
    await pass(room, 1);
    publish(room, 'One');
    await pass(room, 10);
    const change = (name: string, from: 'immediate' | 'weekly', to: 'immediate' | 'weekly') =>
      room.change(aSubscriber(name).id, changing({ cadence: to, history: [{ cadence: from, until: room.now() }] }));
    await change('ana', 'immediate', 'weekly');
    await change('ben', 'weekly', 'immediate');
    room.later(MINUTE_MS);
    publish(room, 'Two');
    await pass(room, 10);
    expect(mails(room)).toEqual(['ana: One', 'ben: One Two']);
    room.turnTo('2026-05-11T08:00:30.000Z');
    await pass(room, 3);
    expect(mails(room)).toEqual(['ana: One', 'ben: One Two', 'ana: Two']);
  });
});
