/** A moment in the one spelling used everywhere, `2026-01-02T08:00:00.000Z`: keys compare as text. */
export type Instant = string;

let turnedMs = 0;

/** The present in milliseconds since 1970. Doors read it and pass it on; pure code takes it as an argument. */
export const nowMs = (): number => Date.now() + turnedMs;

export const now = (): Instant => instant(nowMs());

/** Moves the present for this process. Only whoever owns the process's time calls this; nothing in `functions/` does. */
export const turnClock = (offsetMs: number): void => {
  turnedMs = offsetMs;
};

export const instant = (ms: number): Instant => new Date(ms).toISOString();

export const msOf = (moment: Instant): number => Date.parse(moment);

/** Seconds since 1970, as DynamoDB's time to live wants them. */
export const epochSeconds = (moment: Instant): number => Math.floor(msOf(moment) / 1000);

export const addMs = (moment: Instant, ms: number): Instant => instant(msOf(moment) + ms);

export const SECOND_MS = 1000;
export const MINUTE_MS = 60 * SECOND_MS;
export const HOUR_MS = 60 * MINUTE_MS;
export const DAY_MS = 24 * HOUR_MS;

/** Milliseconds since 1970 that nobody turns: for what processes agree on between themselves, never for what day it is. */
export const wallMs = (): number => Date.now();

export const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Milliseconds of a clock that nobody turns: for measuring how long something takes, never for what day it is. */
export const steadyMs = (): number => performance.now();
