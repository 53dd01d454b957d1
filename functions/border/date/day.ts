import { DAY_MS, type Instant, instant, MINUTE_MS } from '../../shared/time.ts';

/** A day of the calendar, without a place or a time. */
export interface Day {
  readonly year: number;
  /** From 1. */
  readonly month: number;
  readonly day: number;
}

/** A time of day as a clock on the wall shows it. */
export interface Time {
  readonly hour: number;
  readonly minute: number;
  readonly ms: number;
}

export const NOON: Time = { hour: 12, minute: 0, ms: 0 };

/** Years of four digits: what is before or after is a slip of the keyboard. */
export const isDay = ({ year, month, day }: Day): boolean =>
  year >= 1000 && year <= 9999 && month >= 1 && month <= 12 && day >= 1 && day <= daysIn(year, month);

export const isTime = ({ hour, minute, ms }: Time): boolean =>
  hour >= 0 && hour < 24 && minute >= 0 && minute < 60 && ms >= 0 && ms < MINUTE_MS;

const daysIn = (year: number, month: number): number => new Date(Date.UTC(year, month, 0)).getUTCDate();

/** 0 is Sunday. */
export const weekdayOf = (day: Day): number => new Date(utcMs(day)).getUTCDay();

export const dayText = ({ year, month, day }: Day): string =>
  [String(year).padStart(4, '0'), String(month).padStart(2, '0'), String(day).padStart(2, '0')].join('-');

const utcMs = ({ year, month, day }: Day, { hour, minute, ms }: Time = { hour: 0, minute: 0, ms: 0 }): number =>
  Date.UTC(year, month - 1, day, hour, minute) + ms;

/**
 * The moment at which clocks in this zone show this. A time that is skipped in spring means the moment an hour later;
 * one that comes twice in autumn means the first.
 */
export const momentIn = (timeZone: string, day: Day, time: Time): Instant => {
  const wall = utcMs(day, time);
  const before = wall - offsetMs(timeZone, wall - DAY_MS);
  const after = wall - offsetMs(timeZone, wall + DAY_MS);
  const real = [before, after].filter((ms) => ms + offsetMs(timeZone, ms) === wall);
  return instant(real.length > 0 ? Math.min(...real) : before);
};

/** Minutes east of Greenwich are how RFC 3339 gives an offset. */
export const momentAt = (offsetMinutes: number, day: Day, time: Time): Instant =>
  instant(utcMs(day, time) - offsetMinutes * MINUTE_MS);

/** The day it is in this zone at this moment. */
export const dayIn = (timeZone: string, moment: Instant): Day => {
  const wall = new Date(Date.parse(moment) + offsetMs(timeZone, Date.parse(moment)));
  return { year: wall.getUTCFullYear(), month: wall.getUTCMonth() + 1, day: wall.getUTCDate() };
};

/** How far the clocks of the zone are ahead of UTC at this moment. */
const offsetMs = (timeZone: string, atMs: number): number => {
  const parts = new Intl.DateTimeFormat('en-US', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  }).formatToParts(atMs);
  const of = (type: string): number => Number(parts.find((part) => part.type === type)?.value ?? 0);
  const shown = Date.UTC(of('year'), of('month') - 1, of('day'), of('hour'), of('minute'), of('second'));
  return shown - Math.floor(atMs / 1000) * 1000;
};
