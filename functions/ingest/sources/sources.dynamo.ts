import { randomUUID } from 'node:crypto';
import * as z from 'zod';
import type { Item, Table } from '../../shared/storage/table.ts';
import type { Claim, Sources } from './ports.ts';
import { hostOf, type Source, type SourceState, source, sourceState, stateNow } from './source.ts';

const SOURCES = 'SOURCES';
const STATES = 'STATES';
const DUE = 'DUE';

const dueRow = z.object({ sk: z.string(), host: z.string() });
const lease = z.object({ claim: z.string(), until: z.string() });
const configured = z.object({ hash: z.string(), ids: z.array(z.string()) });
const seenItem = z.object({ items: z.array(z.tuple([z.string(), z.string()])) });

/** Two points in time must not make two partitions: what is due stands in one. */
const dueSortKey = (at: string, id: string): string => `${at}#${id}`;

/** Sources in the table `sources`. */
export const dynamoSources = (table: Table, newClaim: () => string = randomUUID): Sources => ({
  async list() {
    const [sources, states] = await Promise.all([table.query({ pk: SOURCES }), table.query({ pk: STATES })]);
    return joined(sources, states);
  },

  async find(id) {
    const [found] = await findAll(table, [id]);
    return found;
  },

  findAll: (ids) => findAll(table, ids),

  async keep(one, inPlaceOf) {
    const key = { pk: SOURCES, sk: one.id };
    const attempt = newClaim();
    const condition = inPlaceOf ? { is: { revision: inPlaceOf.revision } } : ('absent' as const);
    const written = await table.put({ ...key, ...one, attempt }, condition);
    // The client repeats a put whose answer was lost: then it was our own first try that stands in the way.
    return written === 'refused' && (await table.get(key))?.['attempt'] === attempt ? 'written' : written;
  },

  async remove({ id, revision }) {
    const key = { pk: SOURCES, sk: id };
    const removed = await table.delete(key, { is: { revision } });
    // One that is gone was removed by our own first try, or by a colleague who wanted the same.
    if (removed === 'refused' && (await table.get(key)) !== undefined) return 'refused';
    for (const pk of [DUE, STATES, `SEEN#${id}`]) await table.delete({ pk, sk: pk === `SEEN#${id}` ? 'SEEN' : id });
    return 'written';
  },

  note: (state) => table.put({ pk: STATES, sk: state.id, ...state }, { below: ['looks', state.looks] }),

  async seen(id) {
    const item = await table.get({ pk: `SEEN#${id}`, sk: 'SEEN' });
    return new Map(item ? seenItem.parse(item).items : []);
  },

  async remember(id, seen) {
    await table.put({ pk: `SEEN#${id}`, sk: 'SEEN', items: [...seen] });
  },

  async schedule(one, at) {
    await table.put({ pk: DUE, sk: one.id, host: hostOf(one), ipk: DUE, isk: dueSortKey(at, one.id) });
  },

  async unschedule(id) {
    await table.delete({ pk: DUE, sk: id });
  },

  async due(now, limit) {
    const rows = await table.query({ pk: DUE, index: true, to: dueSortKey(now, '\uffff'), limit });
    return rows.map((row) => dueRow.parse(row)).map(({ sk, host }) => ({ id: sk, host }));
  },

  async dueAmong(ids, now) {
    const rows = await table.batchGet([...new Set(ids)].map((sk) => ({ pk: DUE, sk })));
    return rows.filter(({ isk }) => String(isk) <= dueSortKey(now, '\uffff')).map(({ sk }) => sk);
  },

  claimHost: (host, until, now) => claimHost(table, { host, until, now, claim: newClaim() }),

  async configured() {
    const item = await table.get({ pk: 'CONFIG', sk: 'CONFIG' });
    return item ? configured.parse(item) : { hash: '', ids: [] };
  },

  async noteConfigured({ hash, ids }) {
    await table.put({ pk: 'CONFIG', sk: 'CONFIG', hash, ids });
  },
});

const findAll = async (table: Table, ids: readonly string[]) => {
  const keys = [...new Set(ids)].flatMap((sk) => [
    { pk: SOURCES, sk },
    { pk: STATES, sk },
  ]);
  const items = await table.batchGet(keys);
  return joined(
    items.filter(({ pk }) => pk === SOURCES),
    items.filter(({ pk }) => pk === STATES),
  );
};

const joined = (sources: readonly Item[], states: readonly Item[]): { source: Source; state: SourceState }[] => {
  const kept = new Map(states.map((item) => [item.sk, sourceState.parse(item)]));
  return sources.map((item) => {
    const one = source.parse(item);
    return { source: one, state: stateNow(one, kept.get(item.sk)) };
  });
};

interface Claiming {
  readonly host: string;
  readonly until: string;
  readonly now: string;
  readonly claim: string;
}

const claimHost = async (table: Table, { host, until, now, claim }: Claiming): Promise<Claim | undefined> => {
  const key = { pk: `HOST#${host}`, sk: 'LEASE' };
  const item = await table.get(key);
  const there = item && lease.parse(item);
  if (there && there.until > now) return undefined;
  const written = await table.put({ ...key, claim, until }, there ? { is: { claim: there.claim } } : 'absent');
  // A first try whose answer was lost is ours all the same.
  if (written === 'refused' && (await table.get(key))?.['claim'] !== claim) return undefined;
  return { release: async () => void (await table.delete(key, { is: { claim } })) };
};
