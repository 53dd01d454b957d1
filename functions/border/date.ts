import type { Instant } from '../shared/time.ts';
import { type Day, dayText, isDay, isTime, momentIn, NOON, weekdayOf } from './date/day.ts';
import { isoReading } from './date/iso.ts';
import { folded, weekdayNamed } from './date/names.ts';
import {
  ambiguous,
  type DateReading,
  NO_SUCH_DAY,
  NO_SUCH_TIME,
  type RefusedDate,
  WRONG_WEEKDAY,
} from './date/reading.ts';
import { timeAfter, writtenDate } from './date/written.ts';

export { dayIn, dayText } from './date/day.ts';
export type { DateReading } from './date/reading.ts';

/** Which moment a reading means for people in this zone. A day without a time means its noon. */
export const momentOf = (reading: DateReading, timeZone: string): Instant | undefined => {
  if (reading.is === 'moment') return reading.at;
  return reading.is === 'day' ? momentIn(timeZone, reading.day, reading.time ?? NOON) : undefined;
};

/**
 * Reads a date as people and programs write it: RFC 3339, `8 July 2019`, `lundi 8 juillet 2019`, `8 de juliol de 2019`,
 * `July 8, 2019`, `08/07/2019`; perhaps with a weekday before it and a time after it. Two numbers that could both be the
 * month are decided by the weekday, else by the language; else the date is refused. Nothing is guessed, and no day is
 * read that the calendar does not have.
 */
export const readDate = (text: string, language: string): DateReading => {
  if (text.length > MOST_CHARACTERS) return { is: 'none' };
  const line = folded(text).replace(/\s+/g, ' ').trim().replace(INTRODUCTION, '');
  const iso = isoReading(line);
  if (iso.is !== 'none') return iso;
  const languages = [language, ...READ_EVERYWHERE];
  const first = FIRST_WORD.exec(line);
  const weekday = weekdayNamed(first?.[1] ?? '', languages);
  const reading = dayReading(weekday === undefined ? line : line.slice(first?.[0].length), languages, weekday);
  // In Spanish, `mar` is Tuesday and March: what is no weekday here may be a month.
  return reading.is === 'none' ? dayReading(line, languages, undefined) : reading;
};

const MOST_CHARACTERS = 100;

/** Whatever a newsroom's own languages are, pages come in these. */
const READ_EVERYWHERE = ['en', 'fr', 'es', 'ca'];

/** Who writes in these writes the day before the month; in English it depends on the country. */
const DAY_FIRST = new Set(['ca', 'de', 'es', 'fr', 'it', 'nl', 'pt']);

const INTRODUCTION =
  /^(?:published|posted|date|publiee?|publicad[oa]|publicat|fecha|data)(?: (?:on|le|el))? ?(?:: ?| )(?=[\p{L}\d])/u;

const FIRST_WORD = /^(\p{L}[\p{L}-]*)[.,]? /u;

const dayReading = (line: string, languages: readonly string[], weekday: number | undefined): DateReading => {
  const written = writtenDate(line, languages);
  const time = written && timeAfter(written.rest);
  if (!written || time === undefined) return { is: 'none' };
  if (time !== null && !isTime(time)) return NO_SUCH_TIME;
  const chosen = chosenOf(written.days, weekday, languages[0] ?? '');
  return 'because' in chosen ? chosen : { is: 'day', day: chosen, time };
};

const chosenOf = (days: readonly Day[], weekday: number | undefined, language: string): Day | RefusedDate => {
  const real = days.filter(isDay);
  const [first, second] = weekday === undefined ? real : real.filter((day) => weekdayOf(day) === weekday);
  if (!first) return real.length === 0 ? NO_SUCH_DAY : WRONG_WEEKDAY;
  if (!second || DAY_FIRST.has(language.split('-')[0] ?? '')) return first;
  return ambiguous(dayText(first), dayText(second));
};
