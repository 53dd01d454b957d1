import { hmacSha256 } from '../../shared/hash.ts';
import type { Key, Table } from '../../shared/storage/table.ts';
import { addMs, DAY_MS, epochSeconds, type Instant } from '../../shared/time.ts';
import type { TokenKeys } from '../../shared/tokenKeys.ts';
import type { Subscriber } from '../subscriber.ts';

export interface Stores {
  readonly table: Table;
  /** The key under which addresses are hashed; never rotated. Asked for only where an address is looked up. */
  readonly addressKeys: () => Promise<TokenKeys>;
  /** 32 random hexadecimal digits, for subscribers and for attempts to save. */
  readonly newId: () => string;
}

/** Two spellings of one mailbox in capitals and small letters are one reader; the mail goes to the first spelling. */
export const addressKey = async (stores: Stores, address: string): Promise<Key> => {
  const { current } = await stores.addressKeys();
  return { pk: `ADDRESS#${hmacSha256(current.secret, address.toLowerCase()).toString('hex')}`, sk: 'ADDRESS' };
};

/** A row outlives the subscriber of whom nothing else is known, so that no address has two subscribers. */
const ADDRESS_KEPT_MS = 31 * DAY_MS;
const MOST_TRIES = 10;

/**
 * The id this address belongs to. The row is the claim: whoever dies before the subscriber itself is saved leaves a
 * row whose id the next one takes over.
 */
export const idOf = async (stores: Stores, address: string, now: Instant): Promise<string> => {
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
export const keepAddress = async (
  stores: Stores,
  { id, address }: Pick<Subscriber, 'id' | 'address'>,
): Promise<void> => {
  const row = { ...(await addressKey(stores, address)), subscriber: id };
  const ours = { is: { subscriber: id } } as const;
  // Ours once more at the end: what refuses `absent` may be our own first try, whose answer was lost.
  for (const condition of [ours, 'absent', ours] as const)
    if ((await stores.table.put(row, condition)) === 'written') return;
  throw new Error('The address belongs to another subscriber.');
};

interface Claiming {
  readonly id: string;
  readonly address: string;
  readonly now: Instant;
}

/** Long enough for whoever saves the new address to come to `settleAddress`; then an unused claim is nobody's. */
const CLAIM_MS = 2 * DAY_MS;

/** Takes the row of a further address, unless it is somebody's. `isFree` says so of the subscriber it names. */
export const claimRow = async (
  stores: Stores,
  { id, address, now }: Claiming,
  isFree: (subscriber: string) => Promise<boolean>,
): Promise<'claimed' | 'taken'> => {
  const key = await addressKey(stores, address);
  const expiresAtSeconds = epochSeconds(addMs(now, CLAIM_MS));
  for (let tries = 0; tries < MOST_TRIES; tries++) {
    const row = await stores.table.get(key);
    const subscriber = row && String(row['subscriber']);
    if (subscriber === id) return 'claimed';
    if (subscriber !== undefined && !(await isFree(subscriber))) return 'taken';
    const before = typeof row?.['expiresAtSeconds'] === 'number' ? row['expiresAtSeconds'] : undefined;
    const condition = row ? { is: { subscriber, expiresAtSeconds: before } } : ('absent' as const);
    if ((await stores.table.put({ ...key, subscriber: id, expiresAtSeconds }, condition)) === 'written')
      return 'claimed';
  }
  throw new Error('The row of an address was changed by others ten times in a row.');
};

/** Frees the row of an address that a reader moved away from. What stays says no more than that somebody did. */
export const releaseRow = async (stores: Stores, { id, address }: Omit<Claiming, 'now'>): Promise<void> => {
  const key = await addressKey(stores, address);
  // Before it is free: no import may find it so and take the reader who went for a stranger.
  await stores.table.put({ ...key, sk: FORMER });
  await stores.table.delete(key, { is: { subscriber: id } });
};

const FORMER = 'FORMER';

export const isFormer = async (stores: Stores, address: string): Promise<boolean> =>
  (await stores.table.get({ ...(await addressKey(stores, address)), sk: FORMER })) !== undefined;
