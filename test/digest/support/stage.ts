import type { Table } from '../../../functions/shared/storage/table.ts';

/** What befalls an operation. */
export type Fate =
  | 'well'
  /** The process dies before it takes effect, or right after. */
  | 'die-before'
  | 'die-after'
  /** It fails before it takes effect, or its answer is lost for good. */
  | 'fail-before'
  | 'fail-after'
  /** The client got no answer and asked again: what it hears is the answer to the second try. */
  | 'repeat';

/**
 * Where processes wait before every operation, so that a test decides who goes next and what befalls him. A process
 * that dies never goes on; the same happens to whoever stalls for good.
 */
export interface Stage {
  /** A new process. `died` settles when it is killed. */
  enter(): Process;
  /** Those who wait for their turn. */
  waiting(): number;
  /** Lets one of them go on: which, is up to `choose`, given their number. */
  next(choose: (among: number) => number): void;
}

export interface Process {
  readonly died: Promise<'died'>;
  /** Ends it here and now. */
  die(): Promise<never>;
  /** Does `operation` when it is this process's turn. */
  act<T>(name: string, operation: () => Promise<T>): Promise<T>;
}

export const aStage = (fateOf: (name: string) => Fate): Stage => {
  const turns: (() => void)[] = [];
  const turn = (): Promise<void> => new Promise((resolve) => turns.push(resolve));
  return {
    waiting: () => turns.length,
    next: (choose) => turns.splice(choose(turns.length), 1)[0]?.(),
    enter: () => aProcess(turn, fateOf),
  };
};

const never = new Promise<never>(() => {});

const aProcess = (turn: () => Promise<void>, fateOf: (name: string) => Fate): Process => {
  let dead = false;
  const died = Promise.withResolvers<'died'>();
  const die = (): Promise<never> => {
    dead = true;
    died.resolve('died');
    return never;
  };
  /** Others may have died of the same process meanwhile. */
  const alive = <T>(value: T): T | Promise<never> => (dead ? never : value);
  return {
    died: died.promise,
    die,
    async act(name, operation) {
      await alive(undefined);
      await turn();
      await alive(undefined);
      const fate = fateOf(name);
      await before(fate, name, die);
      const answer = await alive(await operation());
      await after(fate, name, die);
      return fate === 'repeat' ? operation() : answer;
    },
  };
};

const before = async (fate: Fate, name: string, die: () => Promise<never>): Promise<void> => {
  if (fate === 'die-before') await die();
  if (fate === 'fail-before') throw new Error(`${name} failed`);
};

const after = async (fate: Fate, name: string, die: () => Promise<never>): Promise<void> => {
  if (fate === 'die-after') await die();
  if (fate === 'fail-after') throw new Error(`${name} lost its answer`);
};

/** A table as a process on the stage sees it. */
export const staged = (process: Process, name: string, table: Table): Table => ({
  get: (key, how) => process.act(`${name}.get`, () => table.get(key, how)),
  put: (item, condition) => process.act(`${name}.put`, () => table.put(item, condition)),
  delete: (key, condition) => process.act(`${name}.delete`, () => table.delete(key, condition)),
  query: (range) => process.act(`${name}.query`, () => table.query(range)),
  batchGet: (keys) => process.act(`${name}.batchGet`, () => table.batchGet(keys)),
  batchPut: (items) => process.act(`${name}.batchPut`, () => table.batchPut(items)),
});
