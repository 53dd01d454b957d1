import type { Mailer } from '../../mail/mailer.ts';
import { type Pace, slowed, startPace, steadied, takeTurn } from '../../mail/pace.ts';

/** How many send at the same time: what `infra/topology.ts` says of the function. Each takes its share of the rate. */
export const SENDERS = 2;

/** How fast this process may go. Lives as long as the function is warm. */
export interface Speed {
  /**
   * A sender comes in: gives the mails a second that are his share; 0 where SES takes none. As many shares belong to
   * the process as senders are at work in it: one on Lambda, all of them on one machine. Asks SES once a minute.
   */
  enter(): Promise<number>;
  leave(): void;
  /** Waits for this mail's turn. */
  turn(): Promise<void>;
  slower(): void;
  steadier(): void;
  /** Milliseconds of a clock that nobody turns. */
  clockMs(): number;
}

interface Outside {
  readonly mailer: Pick<Mailer, 'quota'>;
  readonly clockMs: () => number;
  readonly sleep: (ms: number) => Promise<void>;
}

const QUOTA_HOLDS_MS = 60_000;

export const paceOf = ({ mailer, clockMs, sleep }: Outside): Speed => {
  let pace: Pace | undefined;
  let senders = 0;
  let askedAtMs = Number.NEGATIVE_INFINITY;
  let shareGranted = 0;
  const ask = async (): Promise<void> => {
    const { perSecond } = await mailer.quota();
    askedAtMs = clockMs();
    shareGranted = perSecond / SENDERS;
  };
  /** What was learned of being too fast stays. */
  const adjust = (): void => {
    const granted = shareGranted * Math.min(Math.max(1, senders), SENDERS);
    if (granted <= 0) pace = undefined;
    else if (!pace) pace = startPace(granted, clockMs());
    else if (pace.granted !== granted)
      pace = { ...pace, granted, perSecond: (pace.perSecond * granted) / pace.granted };
  };
  let last = Promise.resolve();
  const waitForTurn = async (): Promise<void> => {
    while (pace) {
      const taken = takeTurn(pace, clockMs());
      pace = taken.pace;
      if (taken.waitMs === 0) return;
      await sleep(taken.waitMs);
    }
  };
  return {
    clockMs,

    async enter() {
      if (clockMs() - askedAtMs > QUOTA_HOLDS_MS) await ask();
      senders++;
      adjust();
      return pace ? pace.perSecond / Math.min(senders, SENDERS) : 0;
    },

    leave() {
      senders--;
      adjust();
    },

    turn() {
      // One waits at a time, the others behind him: nobody wakes for another's turn.
      last = last.then(waitForTurn);
      return last;
    },

    slower() {
      if (pace) pace = slowed(pace, clockMs());
    },

    steadier() {
      if (pace) pace = steadied(pace);
    },
  };
};
