import { type Day, isDay, isTime, momentAt, type Time } from './day.ts';
import { type DateReading, NO_SUCH_DAY, NO_SUCH_TIME } from './reading.ts';

const ISO = /^(\d{4})-(\d\d)-(\d\d)(?:[t ](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)? ?(z|[+-]\d\d:?\d\d)?)?$/;

/** ISO 8601 in the forms that RFC 3339 has, and the same without a zone or without a time. In small letters. */
export const isoReading = (line: string): DateReading => {
  const found = ISO.exec(line);
  if (!found) return { is: 'none' };
  const [, year, month, date, hour, minute, second = '0', fraction = '0', zone] = found;
  const day: Day = { year: Number(year), month: Number(month), day: Number(date) };
  if (!isDay(day)) return NO_SUCH_DAY;
  if (hour === undefined) return { is: 'day', day, time: null };
  const ms = Number(second) * 1000 + Math.floor(Number(`0.${fraction}`) * 1000);
  const time: Time = { hour: Number(hour), minute: Number(minute), ms };
  if (!isTime(time)) return NO_SUCH_TIME;
  if (zone === undefined) return { is: 'day', day, time };
  const offset = offsetMinutes(zone);
  return offset === undefined ? NO_SUCH_TIME : { is: 'moment', at: momentAt(offset, day, time) };
};

const offsetMinutes = (zone: string): number | undefined => {
  if (zone === 'z') return 0;
  const [hours, minutes] = [Number(zone.slice(1, 3)), Number(zone.slice(-2))];
  if (hours > 23 || minutes > 59) return undefined;
  return (zone.startsWith('-') ? -1 : 1) * (hours * 60 + minutes);
};
