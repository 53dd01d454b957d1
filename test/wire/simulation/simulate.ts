import type { Table } from '../../../functions/shared/storage/table.ts';
import { instant, msOf } from '../../../functions/shared/time.ts';
import { dynamoLog } from '../../../functions/wire/append/log.dynamo.ts';
import type { Log } from '../../../functions/wire/append/log.ts';
import { dynamoCursors } from '../../../functions/wire/cursors.dynamo.ts';
import { dynamoDrafts } from '../../../functions/wire/drafts/drafts.dynamo.ts';
import type { Drafts } from '../../../functions/wire/drafts/drafts.ts';
import { follow } from '../../../functions/wire/follow.ts';
import type { Bodies, Publisher } from '../../../functions/wire/ports.ts';
import { openPublisher } from '../../../functions/wire/publisher.ts';
import { dynamoWire } from '../../../functions/wire/wire.dynamo.ts';
import { type Action, type Answered, chooseAction, type Habits, perform, START } from './actions.ts';
import { chanceOf, type Machine, openMachine, openStore, type Process, Unclear, type Weather } from './machine.ts';
import { aftermathOf, brokenPromises } from './promises.ts';

/** A mistake that somebody might make: what the wire is built on, changed for the worse. */
export interface Flaw {
  readonly table?: (table: Table) => Table;
  readonly log?: (log: Log) => Log;
  readonly drafts?: (drafts: Drafts) => Drafts;
}

export interface Setting {
  readonly weather: Weather;
  readonly habits: Habits;
  readonly flaw?: Flaw;
}

const WRITERS = 4;
const ACTIONS = 4;
const READERS = 2;

/** The texts of this play are short. */
const noBodies: Bodies = {
  keep: () => Promise.reject(new Error('No text is long here.')),
  read: async () => undefined,
  forget: async () => {},
};

/** One whole play: writers and readers on one table, the weather upon them, and at the end what is broken. */
export const simulate = async (seed: number, { weather, habits, flaw = {} }: Setting) => {
  const chance = chanceOf(seed);
  const machine = openMachine(chance, weather);
  const store = openStore(machine, chance);
  let ids = 0;
  const known: string[] = [];
  const answered: Answered[] = [];
  const read = new Map<string, number[]>();
  const unwanted = new Set<string>();

  const openOn = (table: Table, now: () => string, pause: () => Promise<void>): Publisher => {
    const flawed = flaw.table?.(table) ?? table;
    const log = dynamoLog(flawed, noBodies);
    const drafts = dynamoDrafts(flawed, noBodies);
    return openPublisher({
      log: flaw.log?.(log) ?? log,
      drafts: flaw.drafts?.(drafts) ?? drafts,
      whole: async (entry) => entry,
      feedsBell: { ring: async () => {} },
      now,
      newId: () => `id${++ids}`,
      random: chance,
      pause,
    });
  };

  const writer = async (name: string): Promise<void> => {
    const skewMs = Math.floor(chance() * 5000) - 2500;
    const host = hostOf(machine, name, (process) =>
      openOn(
        store.seenBy(process),
        () => instant(msOf(START) + machine.counted.steps * 1000 + skewMs),
        () => machine.take(process, false, async () => {}),
      ),
    );
    for (let i = 0; i < ACTIONS; i++) {
      const action = chooseAction(chance, habits, known, machine.counted.steps);
      if (action.is === 'retract') unwanted.add(action.id);
      const answer = await persist(host, action, chance);
      if (!answer) continue;
      answered.push(answer);
      known.push(...idsOf(answer));
    }
  };

  const reader = async (name: string, isOver: () => boolean): Promise<void> => {
    const seen: number[] = [];
    read.set(name, seen);
    for (let life = 1; !isOver(); life++) {
      const process = machine.process(`${name}.${life}`);
      await Promise.race([process.ended, survived(() => readOn(name, store.seenBy(process), seen, isOver))]);
    }
  };

  let isOver = false;
  const writers = Promise.all(Array.from({ length: WRITERS }, (_, i) => writer(`writer ${i}`))).then(() => {
    isOver = true;
  });
  const readers = Array.from({ length: READERS }, (_, i) => reader(`reader ${i}`, () => isOver));
  await machine.run(Promise.all([writers, ...readers]));

  // The dust settles: somebody who is not in the weather rings until nothing is due, long after all that was planned.
  const last = openOn(
    store.table,
    () => '2036-01-01T00:00:00.000Z',
    async () => {},
  );
  for (let rings = 0; rings < 3; rings++) await last.ringClock();
  for (const [name, seen] of read) await readOn(name, store.table, seen, () => false);
  const aftermath = aftermathOf(store.table.items(), { answered, unwanted, read });
  return { broken: brokenPromises(aftermath), counted: machine.counted, entries: aftermath.log.length, aftermath };
};

/** Reads until the end, or until told that it is over. */
const readOn = async (name: string, table: Table, seen: number[], isOver: () => boolean): Promise<void> => {
  const following = {
    wire: dynamoWire(table, noBodies),
    cursors: dynamoCursors(table),
    cursor: name,
    limit: 3,
    handle: async (entries: readonly { seq: number }[]) => void seen.push(...entries.map(({ seq }) => seq)),
  };
  for (let atEnd = 0; atEnd < 2 && !isOver(); ) atEnd = (await follow(following)).more ? 0 : atEnd + 1;
};

const survived = async (work: () => Promise<void>): Promise<void> => {
  try {
    await work();
  } catch (error) {
    // A reader that got no answer begins again; anything else is a fault of the code.
    if (!(error instanceof Unclear)) throw error;
  }
};

const hostOf = (machine: Machine, name: string, open: (process: Process) => Publisher) => {
  let life = 0;
  const start = () => {
    const process = machine.process(`${name}.${++life}`);
    return { process, publisher: open(process) };
  };
  let running = start();
  return {
    now: () => running,
    restart: () => {
      running = start();
    },
  };
};

/** A client asks again after an unclear answer; after the death of its server, more often than not. */
const persist = async (
  host: ReturnType<typeof hostOf>,
  action: Action,
  chance: () => number,
): Promise<Answered | undefined> => {
  for (;;) {
    const { process, publisher } = host.now();
    const answer = await Promise.race([process.ended, answerTo(publisher, action)]);
    if (answer && answer !== 'unclear') return answer;
    if (!answer) host.restart();
    if (!answer && chance() < 0.3) return undefined;
  }
};

const answerTo = async (publisher: Publisher, action: Action): Promise<Answered | 'unclear'> => {
  try {
    return await perform(publisher, action);
  } catch (error) {
    // The clock says at its end that something failed; for a client that is an unclear answer too.
    if (error instanceof Unclear || (action.is === 'ring' && error instanceof Error)) return 'unclear';
    throw error;
  }
};

const idsOf = ({ outcome }: Answered): string[] => {
  if ('current' in outcome) return [outcome.current.article.id];
  return 'draft' in outcome ? [outcome.draft.id] : [];
};
