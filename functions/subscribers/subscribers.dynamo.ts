import type { Item, Key } from '../shared/storage/table.ts';
import { epochSeconds } from '../shared/time.ts';
import { dueSince } from './confirming/mailState.ts';
import { type ConsentRecord, recordOf, type Sealing, sealed } from './consent/chain.ts';
import { linesOf, putLines } from './consent/record.dynamo.ts';
import { type Event, eventsOf } from './counting/event.ts';
import { markOf, putEvents } from './counting/events.dynamo.ts';
import { listKey, pendingPk } from './listing/directory.dynamo.ts';
import type { Subscribers } from './ports.ts';
import {
  addressKey,
  claimRow,
  idOf,
  isFormer,
  keepAddress,
  releaseRow,
  type Stores,
} from './store/addresses.dynamo.ts';
import { audienceChange, listAudience, SHARDS, shardOf } from './store/audiences.dynamo.ts';
import { newSubscriber, type Subscriber, subscriberSchema } from './subscriber.ts';

/**
 * Four kinds of items: the subscriber, whole; a row that gives an address to one id; a row in each audience the
 * subscriber belongs to; and the lines of the record of consent. `docs/data.md` has the keys, and why no row of an audience can be lost.
 */
export const dynamoSubscribers = (stores: Stores): Subscribers => ({
  byId: async (id) => read(await stores.table.get(subscriberKey(id))),

  byIds: async (ids) => (await stores.table.batchGet(ids.map(subscriberKey))).map(parse),

  async byAddress(address) {
    const row = await stores.table.get(await addressKey(stores, address));
    return row && read(await stores.table.get(subscriberKey(String(row['subscriber']))));
  },

  async open(address, now) {
    const id = await idOf(stores, address, now);
    return read(await stores.table.get(subscriberKey(id))) ?? newSubscriber(id, address, now);
  },

  async save(before, after, over) {
    const version = before.version + 1;
    const { added, ended } = audienceChange(before, after);
    const { earlier, fresh } = await sealing(stores, before, after);
    // Before they leave the subscriber's own item, lines are items of their own: no moment without one of the two.
    await putLines(stores.table, after.id, earlier);
    if (staysFrom(before, after)) {
      await keepAddress(stores, { id: after.id, address: after.address || before.address });
      await stores.table.put({ ...listKey(after.id) });
    }
    // Rows first: a row too many is harmless, one too few would be a reader who is never sent anything again.
    for (const key of added) await stores.table.put({ ...key, version }, { below: ['version', version] });
    const attempt = stores.newId();
    const events = eventsOf(before, { ...after, version }, over);
    const counted = await countable(stores, attempt, before, { after: { ...after, version }, events });
    const outcome = await putSubscriber(stores, attempt, before, {
      ...counted,
      ...(fresh.length > 0 && { consent: fresh }),
    });
    if (outcome === 'saved') {
      await putLines(stores.table, after.id, fresh);
      // Only rows from before this version: somebody faster may have come back and put his own.
      for (const key of ended) await stores.table.delete(key, { below: ['version', version] });
    }
    return outcome;
  },

  claimAddress: (id, address, now) =>
    claimRow(stores, { id, address, now }, async (other) => {
      const there = read(await stores.table.get(subscriberKey(other)));
      // Somebody who was only asked whether the address is his, and nothing else, gives way.
      return !there || (there.subscriptions.length === 0 && there.suppressed === null);
    }),

  async settleAddress(id, { keep, release }) {
    await keepAddress(stores, { id, address: keep });
    await releaseRow(stores, { id, address: release });
  },

  isFormerAddress: (address) => isFormer(stores, address),

  record: (subscriber) => wholeRecord(stores, subscriber),

  audience: (newsletter, cadence, how) => listAudience(stores.table, newsletter, cadence, how),

  async due(since, limit) {
    const lists = await Promise.all(
      SHARDS.map((shard) => stores.table.query({ pk: `DUE#${shard}`, to: `${since}#~`, limit, index: true })),
    );
    return lists
      .flat()
      .sort((a, b) => (String(a['isk']) < String(b['isk']) ? -1 : 1))
      .slice(0, limit)
      .map((item) => item.pk.slice('SUBSCRIBER#'.length));
  },
});

/** Whether this save is the first to stay for ever; that of an erasure is, in case its address was just claimed. */
const staysFrom = (before: Subscriber, after: Subscriber): boolean =>
  after.expiresAt === null &&
  (before.version === 0 || before.expiresAt !== null || (before.address !== '' && after.address === ''));

const subscriberKey = (id: string): Key => ({ pk: `SUBSCRIBER#${id}`, sk: 'SUBSCRIBER' });

/** Whose lines these are: the keyed hash of the address, or after an erasure the one that was. */
const personOf = async (stores: Stores, before: Subscriber, after: Subscriber): Promise<string> => {
  const address = after.address || before.address;
  if (address === '') return before.consent.at(-1)?.seal?.person ?? '';
  return (await addressKey(stores, address)).pk.slice('ADDRESS#'.length);
};

/**
 * The lines of the record that are new with this save, chained, and those that make room for them. The subscriber's own
 * item always holds the newest, put in one with the change they tell of.
 */
const sealing = async (stores: Stores, before: Subscriber, after: Subscriber): Promise<Sealing> => {
  if (after.consent.every(({ seal }) => seal !== undefined)) return { earlier: [], fresh: [] };
  // Lines of a release that did not chain: they go on behind what there is, as a rule nothing.
  const unchained = before.consent.some(({ seal }) => seal === undefined);
  const there = unchained ? await linesOf(stores.table, after.id) : [];
  return sealed(after, await personOf(stores, before, after), there.at(-1)?.seal);
};

const wholeRecord = async (stores: Stores, subscriber: Subscriber): Promise<ConsentRecord[]> => {
  const there = await linesOf(stores.table, subscriber.id);
  const { earlier, fresh } = sealed(subscriber, await personOf(stores, subscriber, subscriber), there.at(-1)?.seal);
  const last = there.at(-1)?.seal.number ?? 0;
  const own = [...earlier, ...fresh].filter(({ seal }) => seal.number > last);
  return [...there, ...own].map((line) => recordOf(subscriber.id, line));
};

const parse = (item: Item): Subscriber => subscriberSchema.parse(item);

const read = (item: Item | undefined): Subscriber | undefined => item && parse(item);

/** Whoever counts is a minute behind, or a day when something is broken; nobody joins and leaves more often in a day. */
const MOST_SAVES = 12;

/** What a save changes in the growth is written before it; whoever counts asks the subscriber which saves came to be. */
const countable = async (
  { table }: Stores,
  attempt: string,
  before: Subscriber,
  { after, events }: { readonly after: Subscriber; readonly events: readonly Event[] },
): Promise<Subscriber> => {
  if (events.length === 0) return after;
  await putEvents(table, { subscriber: after.id, version: after.version, attempt, events });
  return { ...after, saves: [...(before.saves ?? []), markOf(attempt)].slice(-MOST_SAVES) };
};

const putSubscriber = async (
  { table }: Stores,
  attempt: string,
  before: Subscriber,
  after: Subscriber,
): Promise<'saved' | 'conflict'> => {
  const key = subscriberKey(after.id);
  const since = dueSince(after);
  const item = {
    ...after,
    ...key,
    attempt,
    ...(after.expiresAt !== null && { expiresAtSeconds: epochSeconds(after.expiresAt) }),
    // Found by the sweep while a mail is due, else by the newsroom while nothing is confirmed.
    ...(after.expiresAt !== null && { ipk: pendingPk(shardOf(after.id)), isk: after.id }),
    ...(since !== undefined && { ipk: `DUE#${shardOf(after.id)}`, isk: `${since}#${after.id}` }),
  };
  const condition = before.version === 0 ? ('absent' as const) : { is: { version: before.version } };
  if ((await table.put(item, condition)) === 'written') return 'saved';
  // The client repeats a put whose answer was lost: then it was our own first try that stands in the way.
  return (await table.get(key))?.['attempt'] === attempt ? 'saved' : 'conflict';
};
