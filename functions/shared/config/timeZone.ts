import * as z from 'zod';

/** By whose clocks something goes. */
export const timeZoneSetting = z.string().refine(isTimeZone, 'it is not a time zone such as Europe/Brussels');

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    // Intl has no other way to ask whether it knows a zone.
    return false;
  }
}
