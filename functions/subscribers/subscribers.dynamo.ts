import type { Cadence } from '../shared/config.ts';
import { hmacSha256 } from '../shared/hash.ts';
import type { Item, Key, Table } from '../shared/storage/table.ts';
import { addMs, DAY_MS, epochSeconds, type Instant } from '../shared/time.ts';
import type { TokenKeys } from '../shared/tokenKeys.ts';
import { dueSince } from './confirming/mailState.ts';
import { type ConsentRecord, recordOf, type Sealing, sealed } from './consent/chain.ts';
import { linesOf, putLines } from './consent/record.dynamo.ts';
import type { Subscribers } from './ports.ts';
import { audiencesOf, newSubscriber, type Subscriber, subscriberSchema } from './subscriber.ts';

interface Stores {
  readonly table: Table;
  /** The key under which addresses are hashed; never rotated. Asked for only where an address is looked up. */
  readonly addressKeys: () => Promise<TokenKeys>;
  /** 32 random hexadecimal digits, for subscribers and for attempts to save. */
  readonly newId: () => string;
}

/**
 * Three kinds of items: the subscriber, whole; a row that gives an address to one id; and a row in each audience the
 * subscriber belongs to. `docs/data.md` has the keys, and why no row of an audience can be lost.
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

  async save(before, after) {
    const version = before.version + 1;
    const { added, ended } = audienceChange(before, after);
    const { earlier, fresh } = await sealing(stores, before, after);
    // Before they leave the subscriber's own item, lines are items of their own: no moment without one of the two.
    await putLines(stores.table, after.id, earlier);
    if (after.expiresAt === null && (before.version === 0 || before.expiresAt !== null))
      await keepAddress(stores, after);
    // Rows first: a row too many is harmless, one too few would be a reader who is never sent anything again.
    for (const key of added) await stores.table.put({ ...key, version }, { below: ['version', version] });
    const outcome = await putSubscriber(stores, before, {
      ...after,
      ...(fresh.length > 0 && { consent: fresh }),
      version,
    });
    if (outcome === 'saved') {
      await putLines(stores.table, after.id, fresh);
      // Only rows from before this version: somebody faster may have come back and put his own.
      for (const key of ended) await stores.table.delete(key, { below: ['version', version] });
    }
    return outcome;
  },

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

/** Ids begin with a random hexadecimal digit: it spreads a list over 16 partitions that, in order, are in id order. */
const SHARDS = [...'0123456789abcdef'] as const;
const shardOf = (id: string): string => id.charAt(0);

const subscriberKey = (id: string): Key => ({ pk: `SUBSCRIBER#${id}`, sk: 'SUBSCRIBER' });

/** Two spellings of one mailbox in capitals and small letters are one reader; the mail goes to the first spelling. */
const addressKey = async (stores: Stores, address: string): Promise<Key> => {
  const { current } = await stores.addressKeys();
  return { pk: `ADDRESS#${hmacSha256(current.secret, address.toLowerCase()).toString('hex')}`, sk: 'ADDRESS' };
};

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

const audiencePk = (newsletter: string, cadence: Cadence, shard: string): string =>
  `AUDIENCE#${newsletter}#${cadence}#${shard}`;

const parse = (item: Item): Subscriber => subscriberSchema.parse(item);

const read = (item: Item | undefined): Subscriber | undefined => item && parse(item);

/** A row outlives the subscriber of whom nothing else is known, so that no address has two subscribers. */
const ADDRESS_KEPT_MS = 31 * DAY_MS;
const MOST_TRIES = 10;

/**
 * The id this address belongs to. The row is the claim: whoever dies before the subscriber itself is saved leaves a
 * row whose id the next one takes over.
 */
const idOf = async (stores: Stores, address: string, now: Instant): Promise<string> => {
  const key = await addressKey(stores, address);
  const expiresAtSeconds = epochSeconds(addMs(now, ADDRESS_KEPT_MS));
  for (let tries = 0; tries < MOST_TRIES; tries++) {
    const row = await stores.table.get(key);
    const subscriber = row ? String(row['subscriber']) : stores.newId();
    const before = typeof row?.['expiresAtSeconds'] === 'number' ? row['expiresAtSeconds'] : undefined;
    // Without an end, the row belongs to somebody who confirmed; it is written all the same, as it is.
    const next = { ...key, subscriber, ...((!row || before !== undefined) && { expiresAtSeconds }) };
    const condition = row ? { is: { subscriber, expiresAtSeconds: before } } : ('absent' as const);
    if ((await stores.table.put(next, condition)) === 'written') return subscriber;
  }
  throw new Error('The row of an address was changed by others ten times in a row.');
};

/** Makes the row of an address stay for as long as its subscriber does; before the subscriber is saved to stay. */
const keepAddress = async (stores: Stores, { id, address }: Subscriber): Promise<void> => {
  const row = { ...(await addressKey(stores, address)), subscriber: id };
  const ours = { is: { subscriber: id } } as const;
  // Ours once more at the end: what refuses `absent` may be our own first try, whose answer was lost.
  for (const condition of [ours, 'absent', ours] as const)
    if ((await stores.table.put(row, condition)) === 'written') return;
  throw new Error('The address belongs to another subscriber.');
};

const putSubscriber = async (
  { table, newId }: Stores,
  before: Subscriber,
  after: Subscriber,
): Promise<'saved' | 'conflict'> => {
  const attempt = newId();
  const key = subscriberKey(after.id);
  const since = dueSince(after);
  const item = {
    ...after,
    ...key,
    attempt,
    ...(after.expiresAt !== null && { expiresAtSeconds: epochSeconds(after.expiresAt) }),
    ...(since !== undefined && { ipk: `DUE#${shardOf(after.id)}`, isk: `${since}#${after.id}` }),
  };
  const condition = before.version === 0 ? ('absent' as const) : { is: { version: before.version } };
  if ((await table.put(item, condition)) === 'written') return 'saved';
  // The client repeats a put whose answer was lost: then it was our own first try that stands in the way.
  return (await table.get(key))?.['attempt'] === attempt ? 'saved' : 'conflict';
};

const audienceChange = (before: Subscriber, after: Subscriber): { added: Key[]; ended: Key[] } => {
  const keys = (subscriber: Subscriber): Key[] =>
    audiencesOf(subscriber).map(({ newsletter, cadence }) => ({
      pk: audiencePk(newsletter, cadence, shardOf(subscriber.id)),
      sk: subscriber.id,
    }));
  const without = (some: Key[], others: Key[]): Key[] => some.filter(({ pk }) => !others.some((one) => one.pk === pk));
  const [was, is] = [before.version === 0 ? [] : keys(before), keys(after)];
  return { added: without(is, was), ended: without(was, is) };
};

const listAudience = async (
  table: Table,
  newsletter: string,
  cadence: Cadence,
  { after, limit }: { after?: string; limit: number },
): Promise<{ id: string }[]> => {
  const found: { id: string }[] = [];
  for (const shard of SHARDS.filter((one) => after === undefined || one >= shardOf(after))) {
    const range = { pk: audiencePk(newsletter, cadence, shard), limit: limit - found.length };
    const rows = await table.query({ ...range, ...(after !== undefined && shardOf(after) === shard && { after }) });
    for (const row of rows) found.push({ id: row.sk });
    if (found.length >= limit) break;
  }
  return found;
};
