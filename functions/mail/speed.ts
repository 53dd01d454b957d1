import { errorFields, log } from '../shared/log.ts';
import type { Mailer, SendResult } from './mailer.ts';
import { type Pace, slowed, startPace, steadied, takeTurn } from './pace.ts';
import {
  entered,
  leftToday,
  mustAskQuota,
  READ_EVERY_MS,
  type Register,
  type RegisterShelf,
  type SenderKind,
  shareOf,
} from './register.ts';

/** How fast this process may send. Lives as long as the function is warm. */
export interface Speed {
  /**
   * Somebody begins to send and gets the mails a second that are his. 0: SES takes none. `reserved`: what is left of
   * the day is kept for others. `busy`: others had the rate for so long, come again.
   */
  enter(patienceMs?: number): Promise<number | 'reserved' | 'busy'>;
  leave(): void;
  /** Waits for this mail's turn. `too-late`: it does not come before this moment, and none was taken. */
  turn(untilMs: number): Promise<'now' | 'too-late'>;
  /** What SES said to a mail: “too fast” slows down at once, every other one that went through brings some speed back. */
  heard(result: SendResult): void;
  /** Milliseconds since 1970 of a clock that nobody turns. */
  clockMs(): number;
}

export interface Outside {
  readonly mailer: Pick<Mailer, 'quota'>;
  readonly register: RegisterShelf;
  /** What this process sends, under a name that no other has. */
  readonly kind: SenderKind;
  readonly id: string;
  /** Of so many mails a day, those that this process leaves to others. */
  readonly keepsFree: (perDay: number) => number;
  readonly clockMs: () => number;
  readonly sleep: (ms: number) => Promise<void>;
}

/** One who sends in bursts of three seconds keeps a share busy up to this size; above it several take turns. */
const MAILS_AT_ONCE = 25;
const BURST_SECONDS = 3;
/** While some of them read, compose and settle, others' mails go out: 500 a second with an SES that is 60 ms away. */
export const MOST_AT_ONCE = 6;
/** So long somebody waits to get in; then others who wait behind him have a chance. */
const PATIENCE_MS = 20_000;
const NAP_MS = 100;

export const openSpeed = (outside: Outside): Speed => {
  const { clockMs, sleep } = outside;
  const membership = openMembership(outside);
  let pace: Pace | undefined;
  let inside = 0;
  let lastTurnMs = Number.NEGATIVE_INFINITY;
  /** Takes over a new share; what was learned of being too fast stays. */
  const adjust = (): void => {
    const { share, startsAt } = membership.now();
    lastTurnMs = pace?.sentAtMs.at(-1) ?? lastTurnMs;
    if (share <= 0) pace = undefined;
    else if (!pace) pace = startPace(share, Math.max(clockMs(), startsAt, lastTurnMs + 1000));
    else if (pace.granted !== share)
      pace = { ...pace, granted: share, perSecond: (pace.perSecond * share) / pace.granted };
  };
  const places = (): number =>
    pace ? Math.min(MOST_AT_ONCE, Math.max(1, Math.ceil((pace.perSecond * BURST_SECONDS) / MAILS_AT_ONCE))) : 1;
  const look = async (): Promise<void> => {
    await membership.look();
    adjust();
  };
  const waitForTurn = async (untilMs: number): Promise<'now' | 'too-late'> => {
    for (;;) {
      await look();
      const taken = pace && takeTurn(pace, clockMs());
      if (taken?.waitMs === 0) {
        pace = taken.pace;
        membership.count();
        return 'now';
      }
      const waitMs = Math.max(taken?.waitMs ?? NAP_MS, 1);
      if (clockMs() + waitMs > untilMs) return 'too-late';
      await sleep(Math.min(waitMs, READ_EVERY_MS / 2));
    }
  };
  let last: Promise<unknown> = Promise.resolve();
  return {
    clockMs,

    async enter(patienceMs = PATIENCE_MS) {
      const until = clockMs() + patienceMs;
      for (;;) {
        await look();
        const { perSecond, isReserved, startsAt } = membership.now();
        if (perSecond <= 0) return 0;
        if (isReserved) return 'reserved';
        if (pace && inside < places() && startsAt <= clockMs()) {
          inside++;
          return pace.perSecond / places();
        }
        if (clockMs() > until) return 'busy';
        await sleep(NAP_MS);
      }
    },

    leave() {
      inside--;
    },

    turn(untilMs) {
      // One waits at a time, the others behind him: nobody wakes for another's turn.
      const mine = last.then(() => waitForTurn(untilMs));
      last = mine.catch(() => {});
      return mine;
    },

    heard({ is }) {
      if (pace && is === 'throttled') pace = slowed(pace, clockMs());
      if (pace && is === 'sent') pace = steadied(pace);
    },
  };
};

interface Standing {
  /** What SES grants the account, and this process's part of it. */
  readonly perSecond: number;
  readonly share: number;
  readonly startsAt: number;
  /** What is left of the day is for others. */
  readonly isReserved: boolean;
}

interface Membership {
  /** Reads the register where what was read is old; waits for it only where it is too old to send by. */
  look(): Promise<void>;
  now(): Standing;
  /** A mail goes out. */
  count(): void;
}

const openMembership = ({ mailer, register, kind, id, keepsFree, clockMs }: Outside): Membership => {
  let seen: Register | undefined;
  let readAtMs = Number.NEGATIVE_INFINITY;
  let sent = 0;
  let reading: Promise<void> | undefined;
  const askQuota = async (before: Register | undefined): Promise<Quota | undefined> => {
    try {
      return await mailer.quota();
    } catch (error) {
      // SES answers this question once a second, and others ask too. What it said last still holds; it is asked again soon.
      if (!before) throw error;
      log.warn('mail.quota-not-asked', errorFields(error));
      return undefined;
    }
  };
  const write = async (): Promise<void> => {
    for (let tries = 0; tries < MOST_TRIES; tries++) {
      const nowMs = clockMs();
      const before = await register.read();
      const quota = mustAskQuota(before, nowMs) ? await askQuota(before) : undefined;
      const counted = sent;
      const after = entered(before, { id, kind, nowMs, sent: counted, quota });
      if (!(await register.save(after))) continue;
      seen = after;
      readAtMs = nowMs;
      sent -= counted;
      return;
    }
    throw new Error('The register of senders was changed by others again and again.');
  };
  const read = (): Promise<void> => {
    reading ??= write().finally(() => {
      reading = undefined;
    });
    return reading;
  };
  return {
    async look() {
      const age = clockMs() - readAtMs;
      if (age > READ_EVERY_MS || age < 0) return read();
      // In good time, so that as a rule nobody waits for it; if it fails, whoever comes when it is too old hears of it.
      if (age > READ_EVERY_MS / 2) read().catch(() => {});
    },
    now: () => ({
      perSecond: seen?.perSecond ?? 0,
      share: seen ? shareOf(seen, id) : 0,
      startsAt: seen?.senders.find((one) => one.id === id)?.startsAtMs ?? Number.POSITIVE_INFINITY,
      isReserved: seen?.perDay != null && leftToday(seen) - sent <= keepsFree(seen.perDay),
    }),
    count() {
      sent++;
    },
  };
};

type Quota = Awaited<ReturnType<Mailer['quota']>>;

const MOST_TRIES = 30;

/** So long a mail of its own waits for its turn: longer than a newcomer must. */
const WAITS_MS = 5000;

/** A mailer that keeps to the pace, for mails that go out one by one. Whatever fails before their turn, they are not out. */
export const paced = (mailer: Pick<Mailer, 'send'>, speed: Speed): Pick<Mailer, 'send'> => ({
  async send(mail) {
    const until = speed.clockMs() + WAITS_MS;
    const share = await speed.enter(WAITS_MS).catch(noTurn);
    if (share === 0) return { is: 'paused', code: 'NoSendRate' };
    if (share === 'no-turn') return NOT_REACHED;
    if (typeof share === 'string') return { is: 'throttled' };
    try {
      const turn = await speed.turn(until).catch(noTurn);
      if (turn === 'no-turn') return NOT_REACHED;
      if (turn === 'too-late') return { is: 'throttled' };
      const result = await mailer.send(mail);
      speed.heard(result);
      return result;
    } finally {
      speed.leave();
    }
  },
});

const NOT_REACHED: SendResult = { is: 'not-reached', code: 'NoTurn' };

/** The register could not be read, or SES not asked. Thrown on, it would leave a claimed mail for good that nobody sent. */
const noTurn = (error: unknown): 'no-turn' => {
  log.warn('mail.no-turn', errorFields(error));
  return 'no-turn';
};
