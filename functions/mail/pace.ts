/**
 * How fast one sender may go. A send has its turn every so many milliseconds; a sender that comes late may catch up,
 * but only by `SLACK_MS`, and the turns are spaced so that, with all slack used, no second ever holds more sends than
 * granted. That costs two hundredths of the rate.
 */
export interface Pace {
  /** Sends a second that SES grants this sender. */
  readonly granted: number;
  /** What it allows itself: less than granted after SES has said “too fast”. */
  readonly perSecond: number;
  /** When the next send has its turn, in milliseconds of the caller's clock. */
  readonly turnAtMs: number;
}

const SLACK_MS = 20;
const LOWEST_SHARE = 0.1;

export const startPace = (granted: number, nowMs: number): Pace => {
  if (!(granted > 0)) throw new Error('A pace needs a rate above zero.');
  return { granted, perSecond: granted, turnAtMs: nowMs };
};

/**
 * Takes the next turn if it has come: `waitMs` is 0, and the mail goes now. Else nothing is taken: wait that long and
 * ask again, so that a timer that comes late is seen.
 */
export const takeTurn = (pace: Pace, nowMs: number): { pace: Pace; waitMs: number } => {
  if (pace.turnAtMs > nowMs) return { pace, waitMs: pace.turnAtMs - nowMs };
  // One millisecond more than the slack, so that rounding cannot squeeze another send into a second.
  const spacingMs = (1000 + SLACK_MS + 1) / pace.perSecond;
  return { pace: { ...pace, turnAtMs: Math.max(pace.turnAtMs, nowMs - SLACK_MS) + spacingMs }, waitMs: 0 };
};

/** SES said “too fast”: somebody else sends from this account. Rest for a moment, then go on at seven tenths. */
export const slowed = (pace: Pace, nowMs: number): Pace => {
  const perSecond = Math.max(pace.granted * LOWEST_SHARE, pace.perSecond * 0.7);
  return { ...pace, perSecond, turnAtMs: Math.max(pace.turnAtMs, nowMs + 1000 / perSecond) };
};

/** A mail went through: come back towards what is granted, by a fiftieth of the missing part. */
export const steadied = (pace: Pace): Pace =>
  pace.perSecond >= pace.granted * 0.995
    ? { ...pace, perSecond: pace.granted }
    : { ...pace, perSecond: pace.perSecond + (pace.granted - pace.perSecond) / 50 };
