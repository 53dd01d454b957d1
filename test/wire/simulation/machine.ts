import type { Key, Table, Written } from '../../../functions/shared/storage/table.ts';
import { memoryTable } from '../../support/memoryTable.ts';

/** Reproducible chance (mulberry32). */
export const chanceOf = (seed: number): (() => number) => {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
};

/** What may befall any single step of any process. Probabilities from 0 to 1. */
export interface Weather {
  /** The process ends here, before or after the step took effect, and never learns which. */
  readonly killed: number;
  /** The step stands still while others go on, for up to 300 steps. */
  readonly stalled: number;
  /** The client sent a write twice and sees the second answer. */
  readonly doubled: number;
  /** An error instead of an answer; whether the step took effect is open. */
  readonly unclear: number;
}

export interface Process {
  readonly name: string;
  dead: boolean;
  /** Settles when the process is killed. */
  readonly ended: Promise<void>;
  readonly end: () => void;
}

interface Step {
  readonly process: Process;
  readonly isWrite: boolean;
  readonly run: () => Promise<unknown>;
  readonly answer: (value: unknown) => void;
  readonly fail: (error: Error) => void;
  wakesAt: number;
}

export class Unclear extends Error {}

/** Holds back every step of every process, and lets one after the other go in an order that the seed decides. */
export const openMachine = (chance: () => number, weather: Weather) => {
  const waiting: Step[] = [];
  const counted = { steps: 0, kills: 0, doubles: 0, unclear: 0, stalls: 0 };

  const take = <T>(process: Process, isWrite: boolean, run: () => Promise<T>): Promise<T> =>
    new Promise<T>((resolve, reject) => {
      if (process.dead) return;
      const answer = (value: unknown): void => resolve(value as T);
      waiting.push({ process, isWrite, run, answer, fail: reject, wakesAt: 0 });
    });

  const next = (): Step | undefined => {
    for (let i = waiting.length - 1; i >= 0; i--) if (waiting[i]?.process.dead) waiting.splice(i, 1);
    const awake = waiting.filter((step) => step.wakesAt <= counted.steps);
    const from = awake.length > 0 ? awake : waiting;
    const step = from[Math.floor(chance() * from.length)];
    if (!step) return undefined;
    if (step.wakesAt === 0 && waiting.length > 1 && chance() < weather.stalled) {
      counted.stalls += 1;
      step.wakesAt = counted.steps + 1 + Math.floor(chance() * 300);
      return next();
    }
    waiting.splice(waiting.indexOf(step), 1);
    return step;
  };

  const kill = (process: Process): void => {
    counted.kills += 1;
    process.dead = true;
    process.end();
  };

  const perform = async (step: Step): Promise<void> => {
    const dies = chance() < weather.killed;
    const isUnclear = !dies && chance() < weather.unclear;
    const happens = !(dies || isUnclear) || chance() < 0.5;
    let value = happens ? await step.run() : undefined;
    if (happens && step.isWrite && chance() < weather.doubled) {
      counted.doubles += 1;
      value = await step.run();
    }
    if (dies) return kill(step.process);
    if (isUnclear) counted.unclear += 1;
    if (isUnclear) return step.fail(new Unclear('no answer'));
    step.answer(value);
  };

  return {
    counted,
    take,

    process(name: string): Process {
      const { promise: ended, resolve: end } = Promise.withResolvers<void>();
      return { name, dead: false, ended, end };
    },

    /** Runs until everything given has settled. */
    async run(all: Promise<unknown>): Promise<void> {
      let isDone = false;
      const done = (): void => {
        isDone = true;
      };
      all.then(done, done);
      for (;;) {
        // Lets every process come to its next step.
        await new Promise(setImmediate);
        const step = isDone ? undefined : next();
        if (isDone) return void (await all);
        if (!step) throw new Error('Everybody waits, and nobody can go on.');
        counted.steps += 1;
        await perform(step);
      }
    },
  };
};

export type Machine = ReturnType<typeof openMachine>;

/**
 * A table whose every operation is a step of the machine. Reads that do not ask for consistency come from a copy to
 * which each write finds its way after a while, one key before the other.
 */
export const openStore = (machine: Machine, chance: () => number) => {
  const table = memoryTable();
  const copy = memoryTable();
  const late: (() => Promise<void>)[] = [];

  const carryOver = async (item: Key, how: 'put' | 'delete'): Promise<void> => {
    const key = { pk: item.pk, sk: item.sk };
    // In order for each key: what is carried over is what the table holds at that moment.
    late.push(async () => {
      const now = how === 'put' ? await table.get(key) : undefined;
      await (now ? copy.put(now) : copy.delete(key));
    });
    while (late.length > 0 && (late.length > 8 || chance() < 0.5)) {
      await late.splice(Math.floor(chance() * late.length), 1)[0]?.();
    }
  };

  const write = async (item: Key, how: 'put' | 'delete', effect: () => Promise<Written>): Promise<Written> => {
    const written = await effect();
    if (written === 'written') await carryOver(item, how);
    return written;
  };

  const seenBy = (process: Process): Table => ({
    get: (key, how) => machine.take(process, false, () => (how?.consistent === false ? copy : table).get(key, how)),
    query: (range) => machine.take(process, false, () => (range.consistent === false ? copy : table).query(range)),
    batchGet: (keys) => machine.take(process, false, () => table.batchGet(keys)),
    put: (item, condition) => machine.take(process, true, () => write(item, 'put', () => table.put(item, condition))),
    delete: (key, condition) =>
      machine.take(process, true, () => write(key, 'delete', () => table.delete(key, condition))),
    batchPut: (items) => machine.take(process, true, () => table.batchPut(items)),
  });

  return { table, seenBy };
};
