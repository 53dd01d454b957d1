import { type Cadence, cadencesOf, type Newsletter } from '../shared/config.ts';
import { DAY_MS, HOUR_MS, type Instant, instant, msOf } from '../shared/time.ts';
import { type Day, daysBetween, momentOf } from './planning/wallClock.ts';

/** The moment for which a newsletter's cadence has an edition. */
export interface Slot {
  readonly cadence: Cadence;
  readonly at: Instant;
}

/** A newsletter's slots after `from` up to and with `to`, in the order of time, by the clocks of its time zone. */
export const slotsBetween = (newsletter: Newsletter, from: Instant, to: Instant): Slot[] => {
  if (to <= from) return [];
  const days = daysBetween(newsletter.timeZone, from, to);
  return cadencesOf(newsletter)
    .flatMap((cadence) => days.flatMap((day) => slotOn(newsletter, cadence, day)))
    .filter(({ at }) => at > from && at <= to)
    .sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));
};

const WEEKDAYS = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'];

const slotOn = ({ cadences, timeZone }: Newsletter, cadence: Cadence, day: Day): Slot[] => {
  const { daily, weekly, monthly } = cadences;
  const at =
    (cadence === 'daily' && daily?.at) ||
    (cadence === 'weekly' && weekly && WEEKDAYS[day.weekday] === weekly.on && weekly.at) ||
    (cadence === 'monthly' && monthly && day.day === monthly.day && monthly.at);
  return at ? [{ cadence, at: momentOf(timeZone, day, at) }] : [];
};

/** How far back a sweep looks for slots that nobody noticed: longer than anything is down without a person at work. */
const LOOK_BACK_MS = 7 * DAY_MS;

/**
 * For each cadence the last slot that has come and is worth an edition. Slots before it are not: what they would have
 * covered is in this one. `since`: when each cadence was first seen; there is nothing to miss before.
 */
export const dueSlots = (
  newsletter: Newsletter,
  since: Readonly<Partial<Record<Cadence, Instant>>>,
  now: Instant,
): Slot[] => {
  const slots = slotsBetween(newsletter, instant(msOf(now) - LOOK_BACK_MS), now);
  return cadencesOf(newsletter).flatMap((cadence) => {
    const seen = since[cadence];
    const last = slots.findLast((slot) => slot.cadence === cadence);
    return last && seen !== undefined && last.at > seen ? [last] : [];
  });
};

/** From when on yesterday's news is no longer sent by itself: a person decides. */
const STALE_AFTER_MS = 6 * HOUR_MS;

export const isStale = (slot: Instant | null, now: Instant): boolean =>
  slot !== null && msOf(now) - msOf(slot) > STALE_AFTER_MS;
