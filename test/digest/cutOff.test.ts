import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { listEditions } from '../../functions/digest/asking/listed.ts';
import { takeAction } from '../../functions/digest/asking/newsletters.ts';
import { newEdition } from '../../functions/digest/ledger/edition.ts';
import type { Action } from '../../functions/digest/ledger/moves.ts';
import { sweepEditions } from '../../functions/digest/planning/sweep.ts';
import { cutOffOf } from '../../functions/digest/schedule.ts';
import type { Newsletter } from '../../functions/shared/config.ts';
import { setLogSink } from '../../functions/shared/log.ts';
import { addMs, HOUR_MS, MINUTE_MS } from '../../functions/shared/time.ts';
import { aDoor } from './support/aDoor.ts';
import { aNewsroom } from './support/aPress.ts';
import { aSubscriber } from './support/aSubscriber.ts';
import { theRoom } from './support/theRoom.ts';

beforeAll(() => setLogSink(() => {}));

type Room = ReturnType<typeof theRoom>;

const newsroomWith = (over: Partial<Newsletter>) => {
  const newsroom = aNewsroom();
  return { ...newsroom, newsletters: newsroom.newsletters.map((one) => ({ ...one, ...over })) };
};

/** Out on Monday at eight, made on Sunday at six in the evening. */
const weekly = { on: 'monday', at: '08:00', cutOff: { hoursBefore: 14 } } as const;
const MONDAY = 'city-news-weekly-20260511T080000Z';

const at = async (room: Room, moment: string): Promise<void> => {
  room.turnTo(moment);
  await room.sweep();
  await room.work();
};

const act = async (room: Room, id: string, action: Action) => {
  const done = await takeAction(room.newsletters, id, action, { unknown: false, by: 'Ana' });
  await room.work();
  return done;
};

const titles = (room: Room): string[] =>
  room.sent.map(({ raw }) => {
    const mail = Buffer.from(raw).toString();
    return [...new Set([...mail.matchAll(/(?:LEAD|ARTICLE)\((\w+)/g)].map(([, title]) => title))].sort().join(' ');
  });

/** A reader, and a newsletter that has been there for some days. */
const aRoom = async (over: Partial<Newsletter> = {}): Promise<Room> => {
  const room = theRoom({ newsroom: newsroomWith({ cadences: { weekly }, ...over }) });
  await room.join(aSubscriber('ana'));
  await at(room, '2026-05-05T12:00:00.000Z');
  return room;
};

describe('an edition with a cut-off', () => {
  test('is made at its cut-off, covers the wire up to then, and goes out at its slot', async () => {
    const room = await aRoom();
    room.wire.publish({ title: 'Before' });
    await at(room, '2026-05-10T17:59:00.000Z');
    expect(await room.ledger.edition(MONDAY)).toBeUndefined();
    await at(room, '2026-05-10T18:00:30.000Z');
    room.wire.publish({ title: 'After' });
    expect(await room.ledger.edition(MONDAY)).toMatchObject({
      state: 'approved',
      upTo: 1,
      sendsAt: '2026-05-11T08:00:00.000Z',
    });
    await at(room, '2026-05-11T07:59:30.000Z');
    expect(room.sent).toEqual([]);
    await at(room, '2026-05-11T08:00:30.000Z');
    expect(titles(room)).toEqual(['Before']);
    await at(room, '2026-05-17T18:00:30.000Z');
    await at(room, '2026-05-18T08:00:30.000Z');
    expect(titles(room)).toEqual(['Before', 'After']);
  });

  test('that must be approved has its night for it: approved in time it goes out at its slot', async () => {
    const room = await aRoom({ approval: 'required' });
    room.wire.publish({ title: 'Boat' });
    await at(room, '2026-05-10T18:00:30.000Z');
    expect(await room.ledger.edition(MONDAY)).toMatchObject({ state: 'ready' });
    await act(room, MONDAY, 'approve');
    expect(await room.ledger.edition(MONDAY)).toMatchObject({ sendsAt: '2026-05-11T08:00:00.000Z' });
    expect(room.sent).toEqual([]);
    await at(room, '2026-05-11T08:00:30.000Z');
    expect(titles(room)).toEqual(['Boat']);
  });

  test('that is approved after its slot goes out then, with the time to stop it', async () => {
    const room = await aRoom({ approval: 'required', undoMinutes: 10 });
    room.wire.publish({ title: 'Boat' });
    await at(room, '2026-05-10T18:00:30.000Z');
    await at(room, '2026-05-11T09:00:00.000Z');
    await act(room, MONDAY, 'approve');
    expect(await room.ledger.edition(MONDAY)).toMatchObject({ sendsAt: '2026-05-11T09:10:00.000Z' });
    await at(room, '2026-05-11T09:10:00.000Z');
    expect(titles(room)).toEqual(['Boat']);
  });

  test('keeps the time to stop it although it is approved a minute before its slot', async () => {
    const room = await aRoom({ approval: 'required', undoMinutes: 10 });
    room.wire.publish();
    await at(room, '2026-05-11T07:59:00.000Z');
    await act(room, MONDAY, 'approve');
    expect(await room.ledger.edition(MONDAY)).toMatchObject({ sendsAt: '2026-05-11T08:09:00.000Z' });
  });

  test('is sent before its slot only if somebody says so', async () => {
    const room = await aRoom();
    room.wire.publish({ title: 'Boat' });
    await at(room, '2026-05-10T18:00:30.000Z');
    await act(room, MONDAY, 'send');
    expect(titles(room)).toEqual(['Boat']);
    await at(room, '2026-05-11T08:00:30.000Z');
    expect(titles(room)).toEqual(['Boat']);
  });

  test('heeds what is revised and retracted after its cut-off', async () => {
    const room = await aRoom();
    const tram = room.wire.publish({ title: 'Tram' });
    const boat = room.wire.publish({ title: 'Boat' });
    await at(room, '2026-05-10T18:00:30.000Z');
    room.wire.revise(tram, { title: 'Tramway' });
    room.wire.retract(boat);
    await at(room, '2026-05-11T08:00:30.000Z');
    expect(titles(room)).toEqual(['Tramway']);
  });

  test('takes the place of one that waited in vain, as soon as it is made, and has it all', async () => {
    const room = await aRoom({ approval: 'required' });
    room.wire.publish({ title: 'One' });
    await at(room, '2026-05-10T18:00:30.000Z');
    room.wire.publish({ title: 'Two' });
    await at(room, '2026-05-17T18:00:30.000Z');
    expect(await room.ledger.edition(MONDAY)).toMatchObject({ state: 'superseded' });
    await act(room, 'city-news-weekly-20260518T080000Z', 'approve');
    await at(room, '2026-05-18T08:00:30.000Z');
    expect(titles(room)).toEqual(['One Two']);
  });

  test('leaves the way to one that is late, and is made when that has begun', async () => {
    const daily = { at: '08:00', cutOff: { hoursBefore: 20 } };
    const room = theRoom({ newsroom: newsroomWith({ cadences: { daily } }) });
    await room.join(aSubscriber('ana', { cadence: 'daily' }));
    await at(room, '2026-05-05T09:00:00.000Z');
    room.wire.publish({ title: 'One' });
    await at(room, '2026-05-05T12:00:30.000Z');
    room.wire.publish({ title: 'Two' });
    // Nobody looked from before its slot until after the next one's cut-off.
    await at(room, '2026-05-06T12:00:30.000Z');
    expect(titles(room)).toEqual(['One']);
    await at(room, '2026-05-06T12:01:30.000Z');
    expect(await room.ledger.edition('city-news-daily-20260507T080000Z')).toMatchObject({ after: 1, upTo: 2 });
    await at(room, '2026-05-07T08:00:30.000Z');
    expect(titles(room)).toEqual(['One', 'Two']);
  });

  test('is told by the API before it is made and while it waits', async () => {
    const { room, call } = await aDoor({ newsroom: newsroomWith({ cadences: { weekly } }) });
    await room.join(aSubscriber('ana'));
    await at(room, '2026-05-05T12:00:00.000Z');
    expect((await call('GET', '/api/v1/newsletters')).json).toMatchObject({
      items: [
        {
          staleAfterHours: 6,
          cadences: [
            {
              cadence: 'weekly',
              timeZone: 'UTC',
              next: '2026-05-11T08:00:00.000Z',
              cutOff: '2026-05-10T18:00:00.000Z',
            },
          ],
        },
      ],
    });
    room.wire.publish();
    await at(room, '2026-05-10T18:00:30.000Z');
    expect((await call('GET', `/api/v1/editions/${MONDAY}`)).json).toMatchObject({
      state: 'approved',
      slot: '2026-05-11T08:00:00.000Z',
      sendsAt: '2026-05-11T08:00:00.000Z',
    });
  });
});

describe('an edition that could not begin', () => {
  /** Another edition of its cadence has the track for hours: the day's quota is used up, say. */
  const behindAnother = async (room: Room): Promise<void> => {
    const track = await room.ledger.track('city-news', 'weekly');
    if (track) await room.ledger.saveTrack({ ...track, sending: 'another' });
  };
  const free = async (room: Room): Promise<void> => {
    const track = await room.ledger.track('city-news', 'weekly');
    if (track) await room.ledger.saveTrack({ ...track, sending: null });
  };

  test('until it was late is held, although it was approved in time', async () => {
    const room = await aRoom({ approval: 'required' });
    room.wire.publish({ title: 'Boat' });
    await at(room, '2026-05-10T18:00:30.000Z');
    await act(room, MONDAY, 'approve');
    await behindAnother(room);
    await at(room, '2026-05-11T13:59:00.000Z');
    expect(await room.ledger.edition(MONDAY)).toMatchObject({ state: 'approved' });
    await at(room, '2026-05-11T14:01:00.000Z');
    expect(await room.ledger.edition(MONDAY)).toMatchObject({ state: 'held', sendsAt: null });
    await free(room);
    await at(room, '2026-05-11T20:00:00.000Z');
    expect(room.sent).toEqual([]);
    await act(room, MONDAY, 'send');
    expect(titles(room)).toEqual(['Boat']);
  });

  test('goes out however late it is, if a person has let it go since its slot', async () => {
    const room = await aRoom({ approval: 'required' });
    room.wire.publish({ title: 'Boat' });
    await at(room, '2026-05-10T18:00:30.000Z');
    await behindAnother(room);
    await at(room, '2026-05-11T08:30:00.000Z');
    await act(room, MONDAY, 'approve');
    await at(room, '2026-05-11T20:00:00.000Z');
    expect(await room.ledger.edition(MONDAY)).toMatchObject({ state: 'approved' });
    await free(room);
    await at(room, '2026-05-11T20:01:00.000Z');
    expect(titles(room)).toEqual(['Boat']);
  });

  test('is late when its newsletter says', async () => {
    const room = await aRoom({ staleAfterHours: 24 });
    room.wire.publish({ title: 'Boat' });
    await at(room, '2026-05-12T07:00:00.000Z');
    expect(titles(room)).toEqual(['Boat']);
  });
});

describe('a change of the schedule', () => {
  const onMonday = newsroomWith({ cadences: { weekly: { on: 'monday', at: '08:00' } } });
  const onWednesday = newsroomWith({ cadences: { weekly: { on: 'wednesday', at: '09:00' } } });
  const without = newsroomWith({ cadences: { daily: { at: '07:00' } } });

  const aWeek = async (): Promise<{
    room: Room;
    under: (newsroom: typeof onMonday, moment: string) => Promise<void>;
  }> => {
    const room = theRoom({ newsroom: onMonday });
    await room.join(aSubscriber('ana'));
    await room.sweep();
    const under = async (newsroom: typeof onMonday, moment: string): Promise<void> => {
      const open = room.planning.press;
      Object.assign(room.planning, { press: { ...open, newsroom } });
      room.turnTo(moment);
      await sweepEditions({ ...room.planning, press: { newsroom } });
      await room.work();
    };
    room.wire.publish({ title: 'One' });
    await under(onMonday, '2026-05-11T08:00:30.000Z');
    expect(titles(room)).toEqual(['One']);
    room.wire.publish({ title: 'Two' });
    return { room, under };
  };

  const ids = async (room: Room): Promise<string[]> =>
    (await room.ledger.newest('city-news', { limit: 10 })).map(({ id }) => id.slice('city-news-'.length));

  test('makes no edition for a slot that was none', async () => {
    const { room, under } = await aWeek();
    await under(onWednesday, '2026-05-13T11:00:00.000Z');
    await under(onWednesday, '2026-05-15T11:00:00.000Z');
    expect(titles(room)).toEqual(['One']);
    await under(onWednesday, '2026-05-20T09:00:30.000Z');
    expect(titles(room)).toEqual(['One', 'Two']);
    expect(await ids(room)).toEqual(['weekly-20260520T090000Z', 'weekly-20260511T080000Z']);
  });

  test('of its cut-off changes no slot: one that was missed meanwhile is found', async () => {
    const { room, under } = await aWeek();
    const withCutOff = newsroomWith({ cadences: { weekly } });
    await under(withCutOff, '2026-05-18T09:00:00.000Z');
    expect(titles(room)).toEqual(['One', 'Two']);
  });

  test('that takes a cadence away and gives it back begins it anew', async () => {
    const { room, under } = await aWeek();
    await under(without, '2026-05-12T09:00:00.000Z');
    await under(onMonday, '2026-05-20T09:00:00.000Z');
    expect(titles(room)).toEqual(['One']);
    await under(onMonday, '2026-05-25T08:00:30.000Z');
    expect(titles(room)).toEqual(['One', 'Two']);
  });

  test('is none where an earlier release did not say which slots it knew: what was missed is found', async () => {
    const { room, under } = await aWeek();
    const track = await room.ledger.track('city-news', 'weekly');
    if (!track) throw new Error('track');
    const { slots: _slots, ...earlier } = track;
    await room.table.put({ pk: 'TRACK#city-news#weekly', sk: 'TRACK', ...earlier });
    await under(onMonday, '2026-05-18T10:00:00.000Z');
    expect(titles(room)).toEqual(['One', 'Two']);
    expect(await room.ledger.track('city-news', 'weekly')).toMatchObject({ slots: 'monday 08:00 UTC' });
  });
});

describe('the list of editions', () => {
  test('leaves out those of each article at once that had no reader, and is whole page by page', async () => {
    const { ledger } = theRoom();
    for (let minute = 0; minute < 30; minute++) {
      const now = addMs('2026-05-04T08:00:00.000Z', minute * MINUTE_MS);
      const cadence = minute % 10 === 5 ? 'daily' : 'immediate';
      const edition = newEdition({ newsletter: 'city-news', cadence, slot: now, now });
      await ledger.create({ ...edition, state: 'complete', audience: minute % 10 === 7 ? 1 : 0, closedAt: now });
    }
    const pages: string[][] = [];
    let before: string | undefined;
    do {
      const { found, next } = await listEditions(ledger, 'city-news', { before, limit: 4 });
      pages.push(found.map(({ slot }) => (slot ?? '').slice(14, 16)));
      before = next;
    } while (before !== undefined);
    expect(pages).toEqual([
      ['27', '25', '17', '15'],
      ['07', '05'],
    ]);
  });
});

test('through every change of summer time each article is told once, after its cut-off and not before its slot', async () => {
  const zones = fc.constantFrom('Europe/Brussels', 'America/New_York', 'Australia/Lord_Howe', 'Pacific/Chatham');
  const starts = fc.constantFrom('2026-03-06T12:00:00.000Z', '2026-03-26T12:00:00.000Z', '2026-10-22T12:00:00.000Z');
  const hours = fc.integer({ min: 1, max: 20 });
  // From a sweep each quarter of an hour to an outage of two days.
  const gaps = fc.array(fc.tuple(fc.integer({ min: 15, max: 48 * 60 }), fc.boolean()), {
    minLength: 10,
    maxLength: 25,
  });
  await fc.assert(
    fc.asyncProperty(zones, starts, hours, gaps, async (timeZone, start, hoursBefore, steps) => {
      const cadences = { daily: { at: '02:30', timeZone, cutOff: { hoursBefore } } };
      const newsroom = newsroomWith({ cadences, staleAfterHours: 168 });
      const [newsletter] = newsroom.newsletters;
      if (!newsletter) throw new Error('newsletter');
      const room = theRoom({ newsroom });
      await room.join(aSubscriber('ana', { cadence: 'daily' }));
      await at(room, start);
      let told = 0;
      for (const [minutes, hasNews] of [...steps, [15, true] as const, ...Array(4).fill([12 * 60, false] as const)]) {
        if (hasNews) room.wire.publish({ title: `N${++told}` }, { at: room.now() });
        room.later(minutes * MINUTE_MS);
        await room.sweep();
        await room.work();
      }
      const news = titles(room).flatMap((one) => one.split(' '));
      expect(news.sort()).toEqual(Array.from({ length: told }, (_, i) => `N${i + 1}`).sort());
      for (const { slot, startedAt, plannedAt, cadence } of await room.ledger.newest('city-news', { limit: 50 })) {
        if (slot === null || startedAt === null) continue;
        expect(startedAt >= slot).toBe(true);
        expect((plannedAt ?? '') >= cutOffOf(newsletter, { cadence, at: slot })).toBe(true);
        expect(cutOffOf(newsletter, { cadence, at: slot })).toBe(addMs(slot, -hoursBefore * HOUR_MS));
      }
    }),
    { numRuns: 10 },
  );
}, 120_000);
