import { DAY_MS, type Instant, MINUTE_MS, msOf } from '../../../functions/shared/time.ts';
import { SesError } from './protocol.ts';

export interface Quota {
  /** Mails a second; SES's “maximum send rate”. */
  readonly perSecond: number;
  /** Mails in any 24 hours. */
  readonly perDay: number;
}

/** What the account may send: SES's rate, its daily quota, and the switch that stops everything. */
export interface Account {
  readonly quota: Quota;
  sendingEnabled: boolean;
  /** Counts a mail, or throws what SES answers when it is one too many. `atMs` is a clock that only runs, `now` the time of day. */
  take(recipients: number, atMs: number, now: Instant): void;
  /** A mail of an earlier run. */
  remember(recipients: number, at: Instant): void;
  sentLastDay(now: Instant): number;
}

/** The network bunches what was sent in time; SES forgives as much. */
const GRACE_MS = 50;

export const openAccount = (quota: Quota): Account => {
  const tooFast = rateLimit(quota.perSecond);
  const sentByMinute = new Map<number, number>();
  const minuteOf = (at: Instant): number => Math.floor(msOf(at) / MINUTE_MS);
  const remember = (recipients: number, at: Instant): void => {
    sentByMinute.set(minuteOf(at), (sentByMinute.get(minuteOf(at)) ?? 0) + recipients);
  };
  const sentLastDay = (now: Instant): number => {
    let sent = 0;
    for (const [minute, count] of sentByMinute) {
      if (minute <= minuteOf(now) - DAY_MS / MINUTE_MS) sentByMinute.delete(minute);
      else sent += count;
    }
    return sent;
  };
  return {
    quota,
    sendingEnabled: true,
    remember,
    sentLastDay,
    take(recipients, atMs, now) {
      if (!this.sendingEnabled) {
        throw new SesError('AccountSendingPausedException', 'Email sending is disabled for this account.');
      }
      if (sentLastDay(now) + recipients > quota.perDay) {
        throw new SesError('Throttling', 'Daily message quota exceeded.');
      }
      if (tooFast(atMs)) throw new SesError('Throttling', 'Maximum sending rate exceeded.');
      remember(recipients, now);
    },
  };
};

/** True when the last `perSecond` mails all came within a second. */
const rateLimit = (perSecond: number): ((atMs: number) => boolean) => {
  const size = Math.max(1, Math.floor(perSecond));
  const taken = new Float64Array(size).fill(Number.NEGATIVE_INFINITY);
  let next = 0;
  return (atMs) => {
    if (atMs - (taken[next] ?? 0) < 1000 - GRACE_MS) return true;
    taken[next] = atMs;
    next = (next + 1) % size;
    return false;
  };
};
