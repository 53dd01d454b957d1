import { readFileSync } from 'node:fs';
import { rename, writeFile } from 'node:fs/promises';
import { cutOffsBetween, slotsBetween } from '../../../functions/digest/schedule.ts';
import type { Newsroom } from '../../../functions/shared/config.ts';
import { addMs, type Instant, MINUTE_MS, msOf, now, turnClock } from '../../../functions/shared/time.ts';
import type { Triggers } from '../triggers/triggers.ts';

/** The time of a run on this machine: the real one, moved forward by whoever asks. */
export interface Clock {
  /** Goes to a later moment. What falls due on the way happens on the way, each slot in its own time. */
  turnTo(moment: Instant): Promise<void>;
}

/** The most cut-offs and slots that are lived through on one jump; older ones are over anyway. */
const MOST_SLOTS = 60;
const SETTLE_MS = 30_000;

/** A turned clock stays turned: `file` keeps by how much. */
export const restoreClock = (file: string): void => {
  try {
    turnClock(Number(JSON.parse(readFileSync(file, 'utf8')).offsetMs));
  } catch {
    // Nobody has turned it yet.
  }
};

export const openClock = (file: string, newsroom: Newsroom, triggers: Triggers): Clock => {
  const turn = async (moment: Instant): Promise<void> => {
    const offsetMs = msOf(moment) - Date.now();
    await writeFile(`${file}.new`, JSON.stringify({ offsetMs }));
    await rename(`${file}.new`, file);
    turnClock(offsetMs);
    await triggers.tick();
    await triggers.settle(SETTLE_MS);
  };
  return {
    async turnTo(moment) {
      const moments = newsroom.newsletters.flatMap((newsletter) => [
        ...cutOffsBetween(newsletter, now(), moment),
        ...slotsBetween(newsletter, now(), moment).flatMap(({ at }) => [
          at,
          addMs(at, (newsletter.undoMinutes + 1) * MINUTE_MS),
        ]),
      ]);
      // One second after each cut-off and slot it is due, whatever rounding does; a little later it may no longer be stopped.
      const stops = [...new Set(moments.map((at) => addMs(at, 1000)))].filter((at) => at < moment).sort();
      for (const stop of stops.slice(-MOST_SLOTS)) await turn(stop);
      await turn(moment);
    },
  };
};
