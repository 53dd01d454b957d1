import type { Scene } from './scene.ts';

export interface Patience {
  /** Nobody asks for anything for so long: then minutes pass. */
  readonly patienceMs?: number;
  readonly mostMs?: number;
}

interface Watched extends Patience {
  readonly scene: Scene;
  /** What must be true at every look; throws where it is not. */
  readonly check: () => Promise<void>;
  /** What a person would do, now that nothing goes on by itself. */
  readonly nudge?: () => Promise<void>;
  /** How far it is, for whoever reads the failure. */
  readonly shown: () => Promise<unknown>;
}

const LOOK_MS = 40;
const JUMP_MINUTES = 3;
/** Somebody is frozen at least so many jumps of the clock, longer than any lease. */
const JUMPS_ASLEEP = 3;

/** Looks again and again until it is `done`. Where everything stands still, time passes and the sweeps look around. */
export const watching = ({ scene, check, nudge, shown, patienceMs = 400, mostMs = 90_000 }: Watched) => {
  let jumpsAsleep = 0;
  const letTimePass = async (): Promise<void> => {
    scene.later(JUMP_MINUTES);
    if (scene.crew.frozen() === 0) jumpsAsleep = 0;
    else if (++jumpsAsleep > JUMPS_ASLEEP) scene.crew.wakeAll();
    await nudge?.();
  };
  return async (what: string, done: () => Promise<boolean>): Promise<void> => {
    const end = performance.now() + mostMs;
    for (;;) {
      const from = performance.now();
      await check();
      if (await done()) return;
      if (from > end) throw new Error(`Not within ${mostMs} ms: ${what}. ${JSON.stringify(await shown())}`);
      if (scene.crew.ready() && scene.faults.quietMs() > patienceMs) await letTimePass();
      // Looking must not be most of what is done.
      await new Promise((resolve) => setTimeout(resolve, Math.max(LOOK_MS, 5 * (performance.now() - from))));
    }
  };
};
