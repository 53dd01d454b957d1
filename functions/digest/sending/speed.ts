import type { Mailer } from '../../mail/mailer.ts';
import { type Pace, slowed, startPace, steadied, takeTurn } from '../../mail/pace.ts';

/** How many send at the same time: what `infra/topology.ts` says of the function. Each takes its share of the rate. */
export const SENDERS = 2;

/** How fast this sender may go. Lives as long as the function is warm. */
export interface Speed {
  /** Mails a second that are this sender's share; 0 where SES takes none. Asks SES once a minute. */
  share(): Promise<number>;
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
  let askedAtMs = Number.NEGATIVE_INFINITY;
  const ask = async (): Promise<void> => {
    const { perSecond } = await mailer.quota();
    askedAtMs = clockMs();
    const granted = perSecond / SENDERS;
    if (granted <= 0) pace = undefined;
    // What was learned of being too fast stays, unless what is granted has changed.
    else if (pace?.granted !== granted) pace = startPace(granted, clockMs());
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

    async share() {
      if (clockMs() - askedAtMs > QUOTA_HOLDS_MS) await ask();
      return pace?.perSecond ?? 0;
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
