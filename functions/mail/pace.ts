/**
 * How fast one sender may go. A send has its turn every so many milliseconds; a sender that comes late may catch up,
 * by what a tenth of a second holds. What was sent is remembered for a second, so that however late timers come and
 * however much is caught up, no second ever holds more sends than granted.
 */
export interface Pace {
  /** Sends a second that SES grants this sender. */
  readonly granted: number;
  /** What it allows itself: less than granted after SES has said “too fast”. */
  readonly perSecond: number;
  /** When the next send has its turn, in milliseconds of the caller's clock. */
  readonly turnAtMs: number;
  /** When the last ones were, those of a second and no more than it may hold; oldest first. */
  readonly sentAtMs: readonly number[];
}

const CATCH_UP_MS = 100;
/** The network bunches what was sent in time: SES's seconds are not quite ours. It costs two hundredths of the rate. */
const SECOND_MS = 1020;
const LOWEST_SHARE = 0.1;

export const startPace = (granted: number, nowMs: number): Pace => {
  if (!(granted > 0)) throw new Error('A pace needs a rate above zero.');
  return { granted, perSecond: granted, turnAtMs: nowMs, sentAtMs: [] };
};

/**
 * Takes the next turn if it has come: `waitMs` is 0, and the mail goes now. Else nothing is taken: wait that long and
 * ask again, so that a timer that comes late is seen.
 */
export const takeTurn = (pace: Pace, nowMs: number): { pace: Pace; waitMs: number } => {
  const most = Math.max(1, Math.floor(pace.granted));
  const second = pace.sentAtMs.at(-most);
  const dueAtMs = Math.max(pace.turnAtMs, second === undefined ? pace.turnAtMs : second + SECOND_MS);
  if (dueAtMs > nowMs) return { pace, waitMs: dueAtMs - nowMs };
  const turnAtMs = Math.max(pace.turnAtMs, nowMs - CATCH_UP_MS) + 1000 / pace.perSecond;
  const recent = pace.sentAtMs.findIndex((at) => at + SECOND_MS > nowMs);
  const sentAtMs = [...(recent < 0 ? [] : pace.sentAtMs.slice(recent)), nowMs].slice(-most);
  return { pace: { ...pace, turnAtMs, sentAtMs }, waitMs: 0 };
};

/** SES said “too fast”: somebody else sends from this account. Rest for a moment, then go on at seven tenths. */
export const slowed = (pace: Pace, nowMs: number): Pace => {
  const perSecond = Math.max(pace.granted * LOWEST_SHARE, pace.perSecond * 0.7);
  return { ...pace, perSecond, turnAtMs: Math.max(pace.turnAtMs, nowMs + 1000 / perSecond) };
};

/** So many seconds of sending bring back most of what was lost: every “too fast” costs about half a second of the rate. */
const RECOVERS_IN_SECONDS = 2;

/** A mail went through: come back towards what is granted. */
export const steadied = (pace: Pace): Pace =>
  pace.perSecond >= pace.granted * 0.995
    ? { ...pace, perSecond: pace.granted }
    : {
        ...pace,
        perSecond: pace.perSecond + (pace.granted - pace.perSecond) / Math.max(2, pace.granted * RECOVERS_IN_SECONDS),
      };
