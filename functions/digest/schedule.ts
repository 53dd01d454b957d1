import { LONGEST_CUT_OFF_HOURS } from '../shared/config/cadences.ts';
import { type Cadence, cadencesOf, type Newsletter, timetableOf, zoneOf } from '../shared/config.ts';
import { addMs, DAY_MS, HOUR_MS, type Instant, msOf } from '../shared/time.ts';
import { type Day, daysBetween, momentOf } from './planning/wallClock.ts';

/** The moment for which a newsletter's cadence has an edition: then it goes out. */
export interface Slot {
  readonly cadence: Cadence;
  readonly at: Instant;
}

/** A newsletter's slots after `from` up to and with `to`, in the order of time, each by the clocks of its zone. */
export const slotsBetween = (newsletter: Newsletter, from: Instant, to: Instant): Slot[] => {
  if (to <= from) return [];
  return cadencesOf(newsletter)
    .flatMap((cadence) => {
      const timeZone = zoneOf(newsletter, cadence);
      return daysBetween(timeZone, from, to).flatMap((day) => slotOn(newsletter, cadence, { day, timeZone }));
    })
    .filter(({ at }) => at > from && at <= to)
    .sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));
};

const WEEKDAYS = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'];

interface Where {
  readonly day: Day;
  readonly timeZone: string;
}

const slotOn = ({ cadences }: Newsletter, cadence: Cadence, { day, timeZone }: Where): Slot[] => {
  const { daily, weekly, monthly } = cadences;
  const at =
    (cadence === 'daily' && daily?.at) ||
    (cadence === 'weekly' && weekly && WEEKDAYS[day.weekday] === weekly.on && weekly.at) ||
    (cadence === 'monthly' && monthly && day.day === monthly.day && monthly.at);
  return at ? [{ cadence, at: momentOf(timeZone, day, at) }] : [];
};

/** When the edition of this slot is made, and up to when it covers the wire: at its cut-off, without one at its slot. */
export const cutOffOf = (newsletter: Newsletter, { cadence, at }: Slot): Instant =>
  addMs(at, -(timetableOf(newsletter, cadence)?.cutOff?.hoursBefore ?? 0) * HOUR_MS);

const LONGEST_CUT_OFF_MS = LONGEST_CUT_OFF_HOURS * HOUR_MS;

/** The moments after `from` up to and with `to` at which editions of a newsletter are made. */
export const cutOffsBetween = (newsletter: Newsletter, from: Instant, to: Instant): Instant[] =>
  slotsBetween(newsletter, from, addMs(to, LONGEST_CUT_OFF_MS))
    .map((slot) => cutOffOf(newsletter, slot))
    .filter((at) => at > from && at <= to);

/** How far back a sweep looks for slots that nobody noticed: longer than anything is down without a person at work. */
const LOOK_BACK_MS = 7 * DAY_MS;

/**
 * For each cadence the last slot whose cut-off has come and that is worth an edition. Slots before it are not: what
 * they would have covered is in this one. `since`: from when on each cadence has had the slots it has; there is nothing
 * to miss before.
 */
export const dueSlots = (
  newsletter: Newsletter,
  since: Readonly<Partial<Record<Cadence, Instant>>>,
  now: Instant,
): Slot[] => {
  const slots = slotsBetween(newsletter, addMs(now, -LOOK_BACK_MS), addMs(now, LONGEST_CUT_OFF_MS));
  const due = slots.filter((slot) => cutOffOf(newsletter, slot) <= now);
  return cadencesOf(newsletter).flatMap((cadence) => {
    const seen = since[cadence];
    const last = due.findLast((slot) => slot.cadence === cadence);
    return last && seen !== undefined && last.at > seen ? [last] : [];
  });
};

/** What makes the slots of a cadence the ones they are, in words; a cut-off does not. */
export const slotsInWords = (newsletter: Newsletter, cadence: Cadence): string => {
  const timetable = timetableOf(newsletter, cadence);
  if (!timetable) return newsletter.cadences[cadence] ? 'at once' : 'none';
  const day = ('on' in timetable && timetable.on) || ('day' in timetable && `day ${timetable.day}`) || 'daily';
  return `${day} ${timetable.at} ${zoneOf(newsletter, cadence)}`;
};

/** Yesterday's news is no longer sent by itself. */
export const isStale = (slot: Instant | null, { staleAfterHours }: Newsletter, now: Instant): boolean =>
  slot !== null && msOf(now) - msOf(slot) > staleAfterHours * HOUR_MS;
