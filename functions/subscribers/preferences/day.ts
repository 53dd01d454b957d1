import { type Instant, instant } from '../../shared/time.ts';

/** The first moment of a day, `2027-01-31`, where this zone’s clocks hang; `undefined` where there is no such day. */
export const startOfDay = (day: string, timeZone: string): Instant | undefined => {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(day)) return undefined;
  const utc = Date.parse(`${day}T00:00:00.000Z`);
  if (Number.isNaN(utc) || !instant(utc).startsWith(day)) return undefined;
  // The offset a little later is the offset at midnight, but for a zone that changes its clocks in these hours.
  const guess = utc - offsetMs(utc, timeZone);
  return instant(utc - offsetMs(guess, timeZone));
};

const offsetMs = (at: number, timeZone: string): number => {
  const parts = new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'medium' }).format(at);
  return Date.parse(`${parts.replace(' ', 'T')}.000Z`) - at;
};
