import type { Instant } from '../../shared/time.ts';
import { type Change, type Decision, decide, entryAt } from './decide.ts';
import type { Log } from './log.ts';
import type { LoggedEntry } from './logged.ts';
import { type Facts, touches, type Wish } from './wish.ts';

export interface AppendPorts {
  readonly log: Log;
  readonly now: () => Instant;
  readonly newId: () => string;
  /** From 0 up to 1. */
  readonly random: () => number;
  readonly pause: (ms: number) => Promise<void>;
}

export interface Appended {
  readonly decision: Decision;
  readonly facts: Facts;
  /** What was written; `undefined` where there was nothing to write. */
  readonly entry: LoggedEntry | undefined;
}

export interface Appender {
  append(wish: Wish): Promise<Appended>;
  /** Projects what others have left unprojected. */
  catchUp(): Promise<void>;
}

/** So many times others may be quicker with the same article before the caller is told to come again. */
const MOST_ROUNDS = 60;

/**
 * The way onto the wire, for one process: find the tail, bring what is known of articles up to it, decide on that, and
 * put one entry behind the tail if nobody else has. Whoever loses the place reads what took it: if that touches the
 * same article or names, everything begins again; if not, the decision stands and only the number changes.
 *
 * One append at a time: two of one process would only take places from each other.
 */
export const openAppender = (ports: AppendPorts): Appender => {
  const { log, now, newId, random, pause } = ports;
  /** Every entry up to here is projected, as far as this process knows. Must not outlive a restore of the table. */
  let projected: number | undefined;

  const readTail = async (fresh: boolean): Promise<number> => {
    const from = projected ?? (await log.headMark());
    let page = await log.after(from, { fresh });
    // What this process remembers may lie behind what others have projected meanwhile.
    const mark = page.length > 0 && projected !== undefined ? await log.headMark() : from;
    let tail = from;
    for (; page.length > 0; page = await log.after(tail, { fresh })) {
      for (const entry of page) {
        if (entry.seq > mark) await log.project(entry);
        tail = entry.seq;
      }
    }
    if (tail > mark) await log.mark(tail, 'all-before');
    projected = tail;
    return tail;
  };

  const readFacts = async (wish: Wish, fresh: boolean): Promise<{ tail: number; facts: Facts }> => {
    if (projected !== undefined && !fresh) {
      // All up to `projected` was projected before the facts are read; if the wire ends there, they are good.
      const [grown, facts] = await Promise.all([log.after(projected, { fresh: false }), log.facts(wish)]);
      if (grown.length === 0) return { tail: projected, facts };
    }
    const tail = await readTail(fresh);
    return { tail, facts: await log.facts(wish) };
  };

  /** Puts the entry behind the tail; `undefined` if the decision has to be made again. */
  const place = async (change: Change, tail: number, touched: (entry: LoggedEntry) => boolean) => {
    const attempt = newId();
    for (let before = tail; ; ) {
      const tried = await tryPut(log, entryAt(change, before + 1, attempt));
      if (tried.entry) return { entry: tried.entry, knowing: before === tail ? 'all-before' : 'follows' } as const;
      const last = tried.between.at(-1);
      if (!last || tried.between.some(touched)) return undefined;
      before = last.seq;
    }
  };

  const finish = async (entry: LoggedEntry, knowing: 'all-before' | 'follows'): Promise<void> => {
    await log.project(entry);
    const marked = await log.mark(entry.seq, knowing);
    if (knowing === 'all-before' || marked === 'written') projected = entry.seq;
  };

  const appendOnce = async (wish: Wish, isFirst: boolean): Promise<Appended | undefined> => {
    // The end of the wire may be read a moment late, since the put finds out; whoever lost a place wants it exactly.
    const { tail, facts } = await readFacts(wish, !isFirst);
    const decision = decide(wish, facts, now());
    const change = changeOf(decision);
    if (!change) return { decision, facts, entry: undefined };
    const shelved = await log.shelve(change);
    const placed = await place(shelved, tail, (entry) => touches(entry, wish, facts));
    if (!placed) return undefined;
    await finish(placed.entry, placed.knowing);
    return { decision, facts, entry: placed.entry };
  };

  const append = async (wish: Wish): Promise<Appended> => {
    for (let round = 0; round < MOST_ROUNDS; round++) {
      const done = await appendOnce(wish, round === 0);
      if (done) return done;
      await pause(random() * Math.min(200, 5 * 2 ** round));
    }
    throw new Error(`Others wrote about the same article ${MOST_ROUNDS} times in a row.`);
  };

  const inTurn = queue();
  return {
    append: (wish) => inTurn(() => append(wish)),
    catchUp: () => inTurn(async () => void (await readTail(true))),
  };
};

const changeOf = (decision: Decision): Change | undefined => {
  if ('change' in decision) return decision.change;
  return 'alias' in decision ? decision.alias : undefined;
};

/**
 * Puts the entry, or says what stands in its place and behind. `refused` may come from our own first try, and an
 * unclear answer says nothing: only the attempt in the entry that is there tells whose it is.
 */
const tryPut = async (
  log: Log,
  entry: LoggedEntry,
): Promise<{ entry: LoggedEntry } | { entry?: undefined; between: LoggedEntry[] }> => {
  let unclear: { error: unknown } | undefined;
  try {
    if ((await log.put(entry)) === 'written') return { entry };
  } catch (error) {
    // Recovered by reading the wire; thrown on below if our entry is not there.
    unclear = { error };
  }
  const between = await log.after(entry.seq - 1, { fresh: true });
  if (between[0]?.attempt === entry.attempt) return { entry: between[0] };
  if (unclear) throw unclear.error;
  return { between };
};

/** Runs one piece of work after the other. */
const queue = () => {
  let last: Promise<unknown> = Promise.resolve();
  return <T>(work: () => Promise<T>): Promise<T> => {
    const mine = last.then(work);
    // Only the order is kept here; the failure goes to whoever asked for the work.
    last = mine.catch(() => undefined);
    return mine;
  };
};
