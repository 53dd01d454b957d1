import { describe, expect, test } from 'vitest';
import { askForEdition } from '../../functions/digest/asking/newsletters.ts';
import { boundsOf } from '../../functions/digest/ledger/edition.ts';
import { placeInOrder, startFor } from '../../functions/digest/ledger/order.ts';
import { lookAtEdition } from '../../functions/digest/planning/look.ts';
import { MOST_NEWS, type News, worthShowing } from '../../functions/digest/planning/news.ts';
import { openTrack } from '../../functions/digest/planning/tracks.ts';
import { DAY_MS, HOUR_MS, instant, msOf, SECOND_MS } from '../../functions/shared/time.ts';
import type { Subscriber } from '../../functions/subscribers/subscriber.ts';
import { anArticle } from '../support/anArticle.ts';
import { aSubscriber } from './support/aSubscriber.ts';
import { someChecks } from './support/someChecks.ts';
import { theRoom } from './support/theRoom.ts';

type Room = ReturnType<typeof theRoom>;

const ask = async (room: Room): Promise<string> => {
  const [newsletter] = room.newsletters.press.newsroom.newsletters;
  const edition = newsletter && (await askForEdition(room.newsletters, newsletter, 'weekly'));
  if (!edition) throw new Error('There was nothing new.');
  room.queue.length = 0;
  return edition.id;
};

const readers = (count: number): Subscriber[] => Array.from({ length: count }, (_, i) => aSubscriber(`reader${i}`));

/** As they stand on the pages of this edition. */
const inOrder = async (room: Room, edition: string, some: readonly Subscriber[]): Promise<Subscriber[]> => {
  const there = await room.ledger.edition(edition);
  if (!there) throw new Error('There is no edition.');
  const placeOf = ({ id }: Subscriber): string => placeInOrder(there, id);
  return [...some].sort((a, b) => (placeOf(a) < placeOf(b) ? -1 : 1));
};

const leave = (room: Room, { id }: Subscriber) =>
  room.change(id, (reader) => ({
    ...reader,
    subscriptions: reader.subscriptions.map((one) => ({ ...one, state: 'left' as const, leftAt: room.now() })),
  }));

const planned = async (room: Room, id: string) => {
  const pages = await room.ledger.pages(id, { after: 0 });
  return pages.flatMap(({ deliveries }) => deliveries.map(({ reader }) => reader));
};

describe('two that plan the same edition at the same time', () => {
  test('write one row of pages between them, though they see different readers', async () => {
    const room = theRoom();
    await room.join(...readers(80));
    room.wire.publish();
    const id = await ask(room);
    const all = await inOrder(room, id, readers(80));
    const [early] = all;
    if (!early) throw new Error('readers');
    // The second one has read everybody; then somebody leaves, and the first one plans without him.
    const { subscribers } = room.planning;
    let held: (() => void) | undefined;
    const stalled = {
      ...room.planning,
      subscribers: {
        ...subscribers,
        byIds: async (ids: readonly string[]) => {
          const found = await subscribers.byIds(ids);
          if (!held)
            await new Promise<void>((resolve) => {
              held = resolve;
            });
          return found;
        },
      },
    };
    const second = lookAtEdition(stalled, { edition: id });
    while (!held) await new Promise((resolve) => setImmediate(resolve));
    await leave(room, early);
    await lookAtEdition(room.planning, { edition: id });
    const before = await planned(room, id);
    held();
    await second;
    expect(await planned(room, id)).toEqual(before);
    expect(before).toEqual(all.slice(1).map((reader) => reader.id));
    expect(await room.ledger.edition(id)).toMatchObject({ audience: 79, pages: 4 });
  });

  test('go on behind each other’s pages', async () => {
    const room = theRoom();
    await room.join(...readers(80));
    room.wire.publish();
    const id = await ask(room);
    const all = await inOrder(room, id, readers(80));
    const [early] = all;
    if (!early) throw new Error('readers');
    // The first one dies after its first page, in which the early reader is; he leaves; the second one goes on.
    let pages = 0;
    const dying = {
      ...room.planning,
      ledger: {
        ...room.ledger,
        addPage: async (page: Parameters<Room['ledger']['addPage']>[0]) => {
          if (++pages === 2) throw new Error('killed');
          return room.ledger.addPage(page);
        },
      },
    };
    await expect(lookAtEdition(dying, { edition: id })).rejects.toThrow('killed');
    await leave(room, early);
    await lookAtEdition(room.planning, { edition: id });
    expect(await planned(room, id)).toEqual(all.map((reader) => reader.id));
  });
});

describe('planning', () => {
  test('stops when its time is over, notes where, and goes on there', async () => {
    const room = theRoom();
    await room.join(...readers(1100));
    room.wire.publish();
    const id = await ask(room);
    const all = await inOrder(room, id, readers(1100));
    let asked = 0;
    const slow = {
      ...room.planning,
      subscribers: {
        ...room.planning.subscribers,
        audience: (...how: Parameters<Room['planning']['subscribers']['audience']>) => {
          asked++;
          room.later(90 * SECOND_MS);
          return room.planning.subscribers.audience(...how);
        },
      },
    };
    await lookAtEdition(slow, { edition: id });
    expect(await room.ledger.edition(id)).toMatchObject({ state: 'planned', walked: { pages: 20 } });
    expect(room.queue).toEqual([{ edition: id }]);
    await lookAtEdition(slow, { edition: id });
    await lookAtEdition(room.planning, { edition: id });
    // Five hundred at a time; the first of them go round from the last id to the lowest.
    expect(asked).toBe(3);
    expect(await planned(room, id)).toEqual(all.map((reader) => reader.id));
    expect(await room.ledger.edition(id)).toMatchObject({ state: 'sending', audience: 1100, pages: 44 });
  });

  test('begins with other readers each time, and nobody is first more often than others', async () => {
    const firsts = new Map<string, number>();
    const ids = readers(100).map((reader) => reader.id);
    for (let week = 0; week < 400; week++) {
      const startsBehind = startFor(`city-news-weekly-${week}`);
      const placeOf = (id: string): string => placeInOrder({ startsBehind }, id);
      const [first = ''] = [...ids].sort((a, b) => (placeOf(a) < placeOf(b) ? -1 : 1));
      firsts.set(first, (firsts.get(first) ?? 0) + 1);
    }
    expect(firsts.size).toBeGreaterThan(70);
    expect(Math.max(...firsts.values())).toBeLessThan(40);
  });

  test('that dies after any page goes on with the next, round the end of the ids too', async () => {
    for (let dies = 1; dies <= 5; dies++) {
      const room = theRoom();
      await room.join(...readers(110));
      room.wire.publish();
      const id = await ask(room);
      let pages = 0;
      const addPage: Room['ledger']['addPage'] = async (page) => {
        if (++pages === dies) throw new Error('killed');
        return room.ledger.addPage(page);
      };
      const dying = { ...room.planning, ledger: { ...room.ledger, addPage } };
      await expect(lookAtEdition(dying, { edition: id })).rejects.toThrow('killed');
      await lookAtEdition(room.planning, { edition: id });
      const all = await inOrder(room, id, readers(110));
      expect(await planned(room, id)).toEqual(all.map((reader) => reader.id));
      expect(await room.ledger.edition(id)).toMatchObject({ audience: 110, pages: 5 });
    }
  });

  test('of an edition that an earlier release had begun goes on from the lowest id to the highest', async () => {
    const room = theRoom();
    await room.join(...readers(80));
    room.wire.publish();
    const id = await ask(room);
    const there = await room.ledger.edition(id);
    if (there) await room.ledger.save({ ...there, startsBehind: '' });
    await lookAtEdition(room.planning, { edition: id });
    expect(await planned(room, id)).toEqual(
      readers(80)
        .map((reader) => reader.id)
        .sort(),
    );
  });

  test('reaches as far back as the reader who needs it most', async () => {
    const room = theRoom();
    await room.join(aSubscriber('ben'));
    room.wire.publish({ title: 'One' });
    await ask(room);
    await room.planning.editionsBell.ring({
      edition: (await room.ledger.newest('city-news', { limit: 1 }))[0]?.id ?? '',
    });
    await room.work();
    room.later(HOUR_MS);
    // Ana is a daily reader who has had no daily edition yet; now she wants the weekly one.
    await room.join(
      aSubscriber('ana', {
        confirmedAt: '2026-01-02T00:00:00.000Z',
        history: [{ cadence: 'daily', until: room.now() }],
      }),
    );
    await openTrack(room.planning, { newsletter: 'city-news', cadence: 'daily' });
    room.later(HOUR_MS);
    room.wire.publish({ title: 'Two' });
    const id = await ask(room);
    await lookAtEdition(room.planning, { edition: id });
    const edition = await room.ledger.edition(id);
    if (!edition) throw new Error('no edition');
    expect(boundsOf(edition)).toMatchObject({ after: 1, upTo: 2, from: 0 });
    await room.work();
    const toAna = Buffer.from(room.sent.find(({ to }) => to.startsWith('ana'))?.raw ?? []).toString();
    expect(toAna).toContain('(One');
    const toBen = Buffer.from(room.sent.findLast(({ to }) => to.startsWith('ben'))?.raw ?? []).toString();
    expect(toBen).toContain('(Two');
    expect(toBen).not.toContain('(One');
  });

  test('of an edition whose newsletter is no longer in the configuration ends it', async () => {
    const room = theRoom();
    await room.join(aSubscriber('ana'));
    room.wire.publish();
    const id = await ask(room);
    const newsroom = { ...room.planning.press.newsroom, newsletters: [] };
    await lookAtEdition({ ...room.planning, press: { ...room.planning.press, newsroom } }, { edition: id });
    expect(await room.ledger.edition(id)).toMatchObject({ state: 'cancelled', closedAt: room.now() });
  });
});

describe('a cadence that is seen for the first time', () => {
  test('begins with what is at most a month old, however long the wire', async () => {
    const room = theRoom();
    const start = msOf(room.now()) - 100 * DAY_MS;
    for (let day = 0; day < 100; day++) room.wire.publish({}, { at: instant(start + day * DAY_MS) });
    const track = await openTrack(room.planning, { newsletter: 'city-news', cadence: 'weekly' });
    expect(track).toMatchObject({ coveredThrough: 69, since: room.now() });
    room.later(DAY_MS);
    expect(await openTrack(room.planning, { newsletter: 'city-news', cadence: 'weekly' })).toEqual(track);
  });
});

describe('an import between two editions', () => {
  const bringIn = (room: Room, count: number): void => {
    for (let i = 0; i < count; i++) room.wire.publish({}, { announce: false, announcedSeq: null });
  };

  test('takes no news from the next one, however much came in', async () => {
    const room = theRoom();
    await room.join(aSubscriber('ana'));
    for (let i = 0; i < 20; i++) room.wire.publish();
    bringIn(room, 12_000);
    const id = await ask(room);
    await lookAtEdition(room.planning, { edition: id });
    await room.work();
    expect(room.sent).toHaveLength(1);
    expect(Buffer.from(room.sent[0]?.raw ?? []).toString()).toContain('ARTICLE(Article 1)');
  });

  test('hides nothing from whoever comes back from a pause', async () => {
    const room = theRoom();
    await room.join(aSubscriber('ana'));
    room.wire.publish();
    await lookAtEdition(room.planning, { edition: await ask(room) });
    await room.work();
    const from = room.now();
    const pauses = [{ from, until: instant(msOf(from) + DAY_MS) }];
    await room.join(aSubscriber('ben', { pauses, confirmedAt: '2026-05-04T07:00:00.000Z', history: [] }));
    room.wire.publish({ title: 'Missed' });
    room.later(HOUR_MS);
    await lookAtEdition(room.planning, { edition: await ask(room) });
    await room.work();
    bringIn(room, 4000);
    room.later(2 * DAY_MS);
    room.wire.publish({ title: 'News' });
    room.sent.length = 0;
    await lookAtEdition(room.planning, { edition: await ask(room) });
    await room.work();
    const toBen = room.sent.find(({ to }) => to.startsWith('ben'));
    expect(Buffer.from(toBen?.raw ?? []).toString()).toMatch(/LEAD\(News[\s\S]*ARTICLE\(Missed/);
  });
});

describe('more news than an edition can tell', () => {
  test('are told from the newest on, and editors are warned before it goes out', async () => {
    const room = theRoom({ checks: someChecks().checks });
    await room.join(aSubscriber('ana'), aSubscriber('ben', { topics: ['culture'] }));
    room.wire.publish({ topics: ['culture'] });
    for (let i = 0; i < MOST_NEWS + 500; i++) room.wire.publish({ topics: ['mobility'] });
    const id = await ask(room);
    await lookAtEdition(room.planning, { edition: id });
    await room.work();
    const edition = await room.ledger.edition(id);
    expect(edition?.from).toBeGreaterThan(0);
    expect(edition?.from).toBeLessThanOrEqual(501);
    expect(edition?.preflight?.warnings).toMatchObject([{ code: 'cut' }, { code: 'empty', language: 'fr' }]);
    expect(room.sent.map(({ to }) => to)).toEqual(['ana@readers.example']);
  });
});

describe('a long edition', () => {
  const news = (count: number): News[] =>
    Array.from({ length: count }, (_, i) => {
      const { html: _html, ...article } = anArticle({ id: `a${i}`, topics: [i % 100 === 99 ? 'culture' : 'mobility'] });
      return { ...article, announcedSeq: count - i };
    });

  test('keeps the newest of every topic, so that a rare one is not crowded out', () => {
    const kept = worthShowing(news(1000));
    expect(kept.length).toBeLessThan(100);
    expect(kept.slice(0, 60)).toEqual(news(1000).slice(0, 60));
    expect(kept.filter(({ topics }) => topics.includes('culture'))).toHaveLength(10);
  });

  test('of a few hundred articles keeps them all', () => {
    expect(worthShowing(news(300))).toHaveLength(300);
  });
});
