import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { momentOf } from '../../functions/digest/planning/wallClock.ts';
import { cutOffOf, dueSlots, isStale, slotsBetween } from '../../functions/digest/schedule.ts';
import type { Newsletter } from '../../functions/shared/config.ts';
import { addMs, DAY_MS, HOUR_MS, instant } from '../../functions/shared/time.ts';
import { aNewsroom } from './support/aPress.ts';

const [usual] = aNewsroom().newsletters;
if (!usual) throw new Error('The newsroom of the tests has a newsletter.');

const aNewsletter = (over: Partial<Newsletter> = {}): Newsletter => ({
  ...usual,
  timeZone: 'Europe/Brussels',
  cadences: {},
  ...over,
});

const ats = (newsletter: Newsletter, from: string, to: string): string[] =>
  slotsBetween(newsletter, from, to).map(({ at }) => at);

/** What a wall clock in this zone shows. */
const wall = (timeZone: string, at: string): string =>
  new Intl.DateTimeFormat('en-GB', { timeZone, hour: '2-digit', minute: '2-digit', weekday: 'long' }).format(
    new Date(at),
  );

describe('a slot', () => {
  test('keeps its hour on the wall when summer time begins and ends', () => {
    const daily = aNewsletter({ cadences: { daily: { at: '07:00' } } });
    expect(ats(daily, '2026-03-27T12:00:00.000Z', '2026-03-30T12:00:00.000Z')).toEqual([
      '2026-03-28T06:00:00.000Z',
      '2026-03-29T05:00:00.000Z',
      '2026-03-30T05:00:00.000Z',
    ]);
    expect(ats(daily, '2026-10-23T12:00:00.000Z', '2026-10-26T12:00:00.000Z')).toEqual([
      '2026-10-24T05:00:00.000Z',
      '2026-10-25T06:00:00.000Z',
      '2026-10-26T06:00:00.000Z',
    ]);
  });

  test('in the hour that is skipped comes as long after midnight as always, and only once in the hour that is repeated', () => {
    const night = aNewsletter({ cadences: { daily: { at: '02:30' } } });
    expect(ats(night, '2026-03-28T12:00:00.000Z', '2026-03-29T12:00:00.000Z')).toEqual(['2026-03-29T01:30:00.000Z']);
    expect(ats(night, '2026-10-24T12:00:00.000Z', '2026-10-25T12:00:00.000Z')).toEqual(['2026-10-25T00:30:00.000Z']);
  });

  test('of the week falls on its day in the newsletter’s zone, and that of the month on its day', () => {
    const far = aNewsletter({
      timeZone: 'Pacific/Auckland',
      cadences: { weekly: { on: 'monday', at: '08:00' }, monthly: { day: 1, at: '08:00' } },
    });
    const slots = slotsBetween(far, '2026-06-01T00:00:00.000Z', '2026-07-05T00:00:00.000Z');
    expect(slots.map(({ cadence, at }) => `${cadence} ${at}`)).toEqual([
      'weekly 2026-06-07T20:00:00.000Z',
      'weekly 2026-06-14T20:00:00.000Z',
      'weekly 2026-06-21T20:00:00.000Z',
      'weekly 2026-06-28T20:00:00.000Z',
      'monthly 2026-06-30T20:00:00.000Z',
    ]);
    expect(wall('Pacific/Auckland', '2026-06-07T20:00:00.000Z')).toContain('Monday');
  });

  test('goes by the clocks of its cadence, where that has its own', () => {
    const two = aNewsletter({
      cadences: { daily: { at: '07:00', timeZone: 'Pacific/Auckland' }, weekly: { on: 'monday', at: '07:00' } },
    });
    const slots = slotsBetween(two, '2026-06-07T00:00:00.000Z', '2026-06-08T12:00:00.000Z');
    expect(slots.map(({ cadence, at }) => `${cadence} ${at}`)).toEqual([
      'daily 2026-06-07T19:00:00.000Z',
      'weekly 2026-06-08T05:00:00.000Z',
    ]);
  });

  test('at the end of the time asked for belongs to it, and at its beginning does not', () => {
    const daily = aNewsletter({ timeZone: 'UTC', cadences: { daily: { at: '07:00' } } });
    expect(ats(daily, '2026-05-01T07:00:00.000Z', '2026-05-02T07:00:00.000Z')).toEqual(['2026-05-02T07:00:00.000Z']);
  });
});

const zones = fc.constantFrom(
  'UTC',
  'Europe/Brussels',
  'America/New_York',
  'America/St_Johns',
  'Asia/Kathmandu',
  'Australia/Lord_Howe',
  'Pacific/Chatham',
  'Africa/Casablanca',
);
const moments = fc.integer({ min: Date.UTC(2024, 0), max: Date.UTC(2030, 0) }).map(instant);
const times = fc
  .tuple(fc.integer({ min: 0, max: 23 }), fc.integer({ min: 0, max: 59 }))
  .map(([h, m]) => `${String(h).padStart(2, '0')}:${String(m).padStart(2, '0')}`);

describe('in any zone', () => {
  test('there is one daily slot for every day, never two within twenty hours', () => {
    fc.assert(
      fc.property(zones, moments, times, (timeZone, from, at) => {
        const daily = aNewsletter({ timeZone, cadences: { daily: { at } } });
        const found = ats(daily, from, addMs(from, 40 * DAY_MS));
        expect(found.length).toBeGreaterThanOrEqual(39);
        expect(found.length).toBeLessThanOrEqual(41);
        for (const [i, slot] of found.entries()) {
          const before = found[i - 1];
          if (before) expect(Date.parse(slot) - Date.parse(before)).toBeGreaterThan(20 * HOUR_MS);
        }
      }),
      { numRuns: 200 },
    );
  });

  test('time cut in two has the same slots as the whole', () => {
    const all = {
      daily: { at: '07:00' },
      weekly: { on: 'monday', at: '08:00' },
      monthly: { day: 1, at: '08:00' },
    } as const;
    fc.assert(
      fc.property(zones, moments, fc.nat(60 * 24 * 30), fc.nat(60 * 24 * 30), (timeZone, from, a, b) => {
        const newsletter = aNewsletter({ timeZone, cadences: all });
        const middle = addMs(from, a * 60_000);
        const to = addMs(middle, b * 60_000);
        expect([...ats(newsletter, from, middle), ...ats(newsletter, middle, to)]).toEqual(ats(newsletter, from, to));
      }),
      { numRuns: 100 },
    );
  });

  test('a moment made of a wall’s time shows that time, unless it was skipped', () => {
    fc.assert(
      fc.property(zones, moments, times, (timeZone, day, at) => {
        const date = new Date(day);
        const calendar = {
          year: date.getUTCFullYear(),
          month: date.getUTCMonth() + 1,
          day: date.getUTCDate(),
          weekday: date.getUTCDay(),
        };
        const shown = wall(timeZone, momentOf(timeZone, calendar, at));
        if (!shown.includes(at)) {
          const hour = Number(at.slice(0, 2));
          expect(hour).toBeLessThanOrEqual(3);
        }
      }),
      { numRuns: 300 },
    );
  });
});

describe('a cut-off', () => {
  test('lies so many hours before its slot, whatever the wall shows meanwhile', () => {
    const weekly = { on: 'monday', at: '08:00', cutOff: { hoursBefore: 36 } } as const;
    const newsletter = aNewsletter({ cadences: { weekly } });
    const cutOffs = (from: string, to: string): string[] =>
      slotsBetween(newsletter, from, to).map((slot) => wall('Europe/Brussels', cutOffOf(newsletter, slot)));
    // Summer time begins on 29 March and ends on 25 October, both in the night to a Sunday.
    expect(cutOffs('2026-03-22T00:00:00.000Z', '2026-03-31T00:00:00.000Z')).toEqual([
      'Saturday 20:00',
      'Saturday 19:00',
    ]);
    expect(cutOffs('2026-10-18T00:00:00.000Z', '2026-10-27T00:00:00.000Z')).toEqual([
      'Saturday 20:00',
      'Saturday 21:00',
    ]);
  });

  test('of a month’s edition may lie in the month before', () => {
    const monthly = { day: 1, at: '08:00', cutOff: { hoursBefore: 72 } };
    const newsletter = aNewsletter({ timeZone: 'UTC', cadences: { monthly } });
    const since = { monthly: '2026-01-01T00:00:00.000Z' };
    expect(dueSlots(newsletter, since, '2028-02-27T07:59:00.000Z')).toEqual([]);
    expect(dueSlots(newsletter, since, '2028-02-27T08:00:00.000Z')).toEqual([
      { cadence: 'monthly', at: '2028-03-01T08:00:00.000Z' },
    ]);
  });

  type Timed = 'daily' | 'weekly' | 'monthly';
  const most = { daily: 20, weekly: 144, monthly: 336 };
  const timetable = fc.record({
    cadence: fc.constantFrom<Timed>('daily', 'weekly', 'monthly'),
    at: times,
    timeZone: zones,
    /** Of the longest cut-off the cadence may have. */
    share: fc.double({ min: 0, max: 1, noNaN: true }),
    day: fc.integer({ min: 1, max: 28 }),
  });

  const oneOf = ({ cadence, at, timeZone, share, day }: typeof timetable extends fc.Arbitrary<infer T> ? T : never) => {
    const hoursBefore = Math.floor(share * most[cadence]);
    const when = { at, timeZone, ...(hoursBefore > 0 && { cutOff: { hoursBefore } }) };
    const all = { daily: when, weekly: { on: 'monday' as const, ...when }, monthly: { day, ...when } };
    return aNewsletter({ cadences: { [cadence]: all[cadence] } });
  };

  test('lies behind the slot before, so that each edition is made after the one before it went out', () => {
    fc.assert(
      fc.property(timetable, moments, (table, start) => {
        const newsletter = oneOf(table);
        const slots = slotsBetween(newsletter, start, addMs(start, 100 * DAY_MS));
        const behind = slots.slice(1).map((slot, i) => cutOffOf(newsletter, slot) > (slots[i]?.at ?? ''));
        expect(behind).not.toContain(false);
      }),
      { numRuns: 100 },
    );
  });

  test('makes an edition due, never early, however long nobody looked within a week', () => {
    const gaps = fc.array(fc.integer({ min: 1, max: 7 * 24 * 60 }), { minLength: 5, maxLength: 30 });
    fc.assert(
      fc.property(timetable, moments, gaps, (table, start, steps) => {
        const newsletter = oneOf(table);
        const slots = slotsBetween(newsletter, start, addMs(start, (7 * steps.length + 15) * DAY_MS));
        let now = start;
        for (const minutes of steps) {
          now = addMs(now, minutes * 60_000);
          const weekAgo = addMs(now, -7 * DAY_MS);
          const last = slots.findLast((slot) => cutOffOf(newsletter, slot) <= now && slot.at > weekAgo);
          expect(dueSlots(newsletter, { [table.cadence]: start }, now)).toEqual(last ? [last] : []);
        }
      }),
      { numRuns: 150 },
    );
  });
});

describe('what is due', () => {
  const weekly = aNewsletter({
    timeZone: 'UTC',
    cadences: { weekly: { on: 'monday', at: '08:00' }, daily: { at: '07:00' } },
  });

  test('is the last slot of each cadence, however many were missed', () => {
    const since = { weekly: '2026-01-01T00:00:00.000Z', daily: '2026-01-01T00:00:00.000Z' };
    expect(dueSlots(weekly, since, '2026-05-07T12:00:00.000Z')).toEqual([
      { cadence: 'daily', at: '2026-05-07T07:00:00.000Z' },
      { cadence: 'weekly', at: '2026-05-04T08:00:00.000Z' },
    ]);
  });

  test('is nothing that lies before the cadence was first seen', () => {
    const since = { weekly: '2026-05-04T08:00:00.001Z', daily: '2026-05-07T06:00:00.000Z' };
    expect(dueSlots(weekly, since, '2026-05-07T12:00:00.000Z')).toEqual([
      { cadence: 'daily', at: '2026-05-07T07:00:00.000Z' },
    ]);
    expect(dueSlots(weekly, {}, '2026-05-07T12:00:00.000Z')).toEqual([]);
  });

  test('goes stale six hours after its slot, or when its newsletter says; what somebody asked for never does', () => {
    expect(isStale('2026-05-07T07:00:00.000Z', weekly, '2026-05-07T13:00:00.000Z')).toBe(false);
    expect(isStale('2026-05-07T07:00:00.000Z', weekly, '2026-05-07T13:00:00.001Z')).toBe(true);
    expect(isStale(null, weekly, '2026-05-07T13:00:00.001Z')).toBe(false);
    const patient = aNewsletter({ staleAfterHours: 24 });
    expect(isStale('2026-05-07T07:00:00.000Z', patient, '2026-05-08T07:00:00.000Z')).toBe(false);
    expect(isStale('2026-05-07T07:00:00.000Z', patient, '2026-05-08T07:00:00.001Z')).toBe(true);
  });
});
