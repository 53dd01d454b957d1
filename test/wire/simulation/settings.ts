import type { Habits } from './actions.ts';
import type { Weather } from './machine.ts';

export const WEATHERS = {
  calm: { killed: 0, stalled: 0.01, doubled: 0, unclear: 0 },
  rough: { killed: 0.01, stalled: 0.01, doubled: 0.02, unclear: 0.01 },
  storm: { killed: 0.05, stalled: 0.02, doubled: 0.05, unclear: 0.03 },
} as const satisfies Record<string, Weather>;

const plain: Habits = { subjects: 1, scheduled: 0, expiring: 0, retracting: 0.05, revising: 0.1, ringing: 0 };

export const HABITS = {
  'one subject': plain,
  'many subjects': { ...plain, subjects: 12 },
  'drafts and dates': { subjects: 2, scheduled: 0.6, expiring: 0.3, retracting: 0.15, revising: 0.1, ringing: 0.3 },
  everything: { subjects: 3, scheduled: 0.2, expiring: 0.15, retracting: 0.08, revising: 0.1, ringing: 0.12 },
} as const satisfies Record<string, Habits>;
