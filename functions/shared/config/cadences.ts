import * as z from 'zod';
import { timeZoneSetting } from './timeZone.ts';

const timeOfDay = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'it is not a time of day such as 08:00');
const weekday = z.enum(['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday']);

/** What each cadence's slots have in common. */
const slot = (mostHours: number) => ({
  /** When it goes out, by the clocks of its zone. */
  at: timeOfDay,
  /** The newsletter's, unless said. */
  timeZone: timeZoneSetting.optional(),
  /**
   * So many hours before that it is made, and covers the wire up to then; in between people look at it, and approve it
   * where they must. Without it, it is made when it goes out. They are hours that pass: across a change of summer time
   * the wall shows one more or less.
   */
  cutOff: z.strictObject({ hoursBefore: hours(mostHours) }).optional(),
});

/** The cut-off of an edition lies behind the slot of the one before it, also across a change of summer time. */
const MOST_HOURS = { daily: 20, weekly: 144, monthly: 336 } as const;

/** No edition is made earlier before its slot. */
export const LONGEST_CUT_OFF_HOURS = Math.max(...Object.values(MOST_HOURS));

function hours(most: number) {
  return z.number().refine((value) => Number.isInteger(value) && value >= 1 && value <= most, {
    error: `it takes whole hours from 1 to ${most}`,
  });
}

/** How often a newsletter comes, and when. */
export const cadencesSetting = z
  .strictObject({
    /** Each article at once. What comes within so many minutes of the first is one mail: the translations of a story, say. */
    immediate: z.strictObject({ gatherMinutes: z.int().min(0).max(60).default(2) }).optional(),
    daily: z.strictObject(slot(MOST_HOURS.daily)).optional(),
    weekly: z.strictObject({ on: weekday, ...slot(MOST_HOURS.weekly) }).optional(),
    monthly: z.strictObject({ day: z.int().min(1).max(28), ...slot(MOST_HOURS.monthly) }).optional(),
  })
  .refine((value) => Object.values(value).some(Boolean), 'it needs at least one of immediate, daily, weekly, monthly');
