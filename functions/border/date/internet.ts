import type { Instant } from '../../shared/time.ts';
import { type Day, isDay, isTime, momentAt, type Time } from './day.ts';
import { monthNamed } from './names.ts';

const DATE =
  /^(?:\p{L}{2,12}\.?,? )?(\d{1,2})[ -](\p{L}{3,12})\.?[ -](\d{4}|\d{2}),? (\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?(?: ?\(?([a-z]{1,5}|(?:gmt|utc)?[+-]\d{2}:?\d{2})\)?)?(?: \([^)]*\))?$/iu;

/** Minutes east of Greenwich (RFC 5322 section 4.3, and two that feeds use beside them). */
const ZONES: Readonly<Record<string, number>> = {
  ut: 0,
  gmt: 0,
  utc: 0,
  z: 0,
  est: -300,
  edt: -240,
  cst: -360,
  cdt: -300,
  mst: -420,
  mdt: -360,
  pst: -480,
  pdt: -420,
  wet: 0,
  west: 60,
  bst: 60,
  cet: 60,
  cest: 120,
  eet: 120,
  eest: 180,
};

/**
 * A date as mails and RSS write it: `Mon, 04 May 2026 08:00:00 +0200` (RFC 5322 section 3.3), with a year of two digits
 * and names of zones (section 4.3). A zone that nobody knows counts as UTC; the weekday is not looked at.
 */
export const internetDate = (text: string): Instant | undefined => {
  const found = DATE.exec(text.slice(0, 100).replace(/\s+/g, ' ').trim());
  const month = monthNamed((found?.[2] ?? '').toLowerCase(), ['en']);
  if (!found || month === undefined) return undefined;
  const [, date, , year = '', hour, minute, second = '0', zone = ''] = found;
  const day: Day = { year: fullYear(year), month, day: Number(date) };
  // A leap second is the last one of its minute.
  const time: Time = { hour: Number(hour), minute: Number(minute), ms: Math.min(59, Number(second)) * 1000 };
  return isDay(day) && isTime(time) ? momentAt(offsetOf(zone.toLowerCase()), day, time) : undefined;
};

const fullYear = (year: string): number =>
  year.length === 4 ? Number(year) : Number(year) + (Number(year) < 50 ? 2000 : 1900);

const offsetOf = (zone: string): number => {
  const found = /([+-])(\d{2}):?(\d{2})$/.exec(zone);
  if (!found) return ZONES[zone] ?? 0;
  return (found[1] === '-' ? -1 : 1) * (Number(found[2]) * 60 + Number(found[3]));
};
