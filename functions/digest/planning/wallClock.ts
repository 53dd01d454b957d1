import { DAY_MS, type Instant, instant, MINUTE_MS, msOf } from '../../shared/time.ts';

/** A day of the calendar on somebody's wall. `month` from 1; `weekday` 0 is Sunday. */
export interface Day {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly weekday: number;
}

/**
 * The moment at which clocks of this zone show this time on this day. What happens twice (summer time ends) means the
 * first time; what is skipped (summer time begins) means as long after midnight as if nothing had been skipped.
 */
export const momentOf = (timeZone: string, day: Day, timeOfDay: string): Instant => {
  const [hour = 0, minute = 0] = timeOfDay.split(':').map(Number);
  const shown = Date.UTC(day.year, day.month - 1, day.day, hour, minute);
  // No zone changes twice within two days, so the offset is one of these.
  const [before, after] = [offsetMs(timeZone, shown - DAY_MS), offsetMs(timeZone, shown + DAY_MS)];
  const early = shown - before;
  const late = shown - after;
  return instant(offsetMs(timeZone, early) !== before && offsetMs(timeZone, late) === after ? late : early);
};

/** The days of this zone's calendar from the one that holds `from` to the one that holds `to`. */
export const daysBetween = (timeZone: string, from: Instant, to: Instant): Day[] => {
  const days: Day[] = [];
  const last = startOfDay(timeZone, msOf(to));
  for (let at = startOfDay(timeZone, msOf(from)); at <= last; at += DAY_MS) days.push(dayOf(at));
  return days;
};

/** Midnight of the zone's day, written as if it were UTC: days as numbers that can be counted. */
const startOfDay = (timeZone: string, ms: number): number => {
  const shown = ms + offsetMs(timeZone, ms);
  return shown - (((shown % DAY_MS) + DAY_MS) % DAY_MS);
};

const dayOf = (utcMidnight: number): Day => {
  const date = new Date(utcMidnight);
  return {
    year: date.getUTCFullYear(),
    month: date.getUTCMonth() + 1,
    day: date.getUTCDate(),
    weekday: date.getUTCDay(),
  };
};

/** How far the zone's clocks are ahead of UTC at this moment. */
const offsetMs = (timeZone: string, ms: number): number => {
  const name = formatOf(timeZone)
    .formatToParts(ms)
    .find((part) => part.type === 'timeZoneName')?.value;
  const match = /^GMT(?:([+-])(\d{2}):(\d{2})(?::(\d{2}))?)?$/.exec(name ?? '');
  if (!match) throw new Error(`The zone ${timeZone} has no offset that is understood here.`);
  const [, sign, hours = '0', minutes = '0', seconds = '0'] = match;
  const size = (Number(hours) * 60 + Number(minutes)) * MINUTE_MS + Number(seconds) * 1000;
  return sign === '-' ? -size : size;
};

const formats = new Map<string, Intl.DateTimeFormat>();

/** Making a format takes a hundred times as long as using it. */
const formatOf = (timeZone: string): Intl.DateTimeFormat => {
  const known = formats.get(timeZone) ?? new Intl.DateTimeFormat('en', { timeZone, timeZoneName: 'longOffset' });
  formats.set(timeZone, known);
  return known;
};
