import { randomBytes } from 'node:crypto';
import type { Table } from './storage/table.ts';
import { addMs, type Instant, SECOND_MS } from './time.ts';

/** Keys for links in mails: which one signs today, and every one that ever did, since a link never dies of a rotation. */
export interface TokenKeys {
  readonly current: { readonly id: string; readonly secret: Uint8Array };
  readonly byId: ReadonlyMap<string, Uint8Array>;
}

type Purpose = 'links' | 'addresses' | 'hooks';

/**
 * Reads the keys, and makes the first one where there is none. Ids count up; the highest signs. `purpose` keeps apart
 * keys that must not serve each other: `links` and `hooks` are rotated, `addresses` never is.
 */
export const readTokenKeys = async (keys: Table, purpose: Purpose): Promise<TokenKeys> => {
  const found = await knownTokenKeys(keys, purpose);
  if (found) return found;
  // Two functions may start at once: the first put wins, and both read what is there then.
  await keys.put({ pk: `TOKENS#${purpose}`, sk: '0001', secret: randomBytes(32).toString('base64') }, 'absent');
  const made = await knownTokenKeys(keys, purpose);
  if (!made) throw new Error(`There is no key for ${purpose}.`);
  return made;
};

/** The same for who only reads: `undefined` where no key was made yet, and so no link either. */
export const knownTokenKeys = async (keys: Pick<Table, 'query'>, purpose: Purpose): Promise<TokenKeys | undefined> => {
  const items = await keys.query({ pk: `TOKENS#${purpose}` });
  const all = items.map((item) => [item.sk, Buffer.from(String(item['secret']), 'base64')] as const);
  const last = all.at(-1);
  return last && { current: { id: last[0], secret: last[1] }, byId: new Map(all) };
};

/** The keys there are, among them the one with this id if it was ever made. */
export type KeysFor<Keys extends Pick<TokenKeys, 'byId'> = Pick<TokenKeys, 'byId'>> = (keyId?: string) => Promise<Keys>;

/** A token that names a key not seen yet makes a warm function look again, but not for every forgery. */
const BETWEEN_LOOKS_MS = 10 * SECOND_MS;

/** Loads the keys when they are first needed, and again where a token names one that is not known. */
export const keysAsNeeded = <Keys extends Pick<TokenKeys, 'byId'>>(
  load: () => Promise<Keys>,
  now: () => Instant,
): KeysFor<Keys> => {
  let known: { keys: Keys; nextLook: Instant } | undefined;
  const look = async (): Promise<Keys> => {
    known = { keys: await load(), nextLook: addMs(now(), BETWEEN_LOOKS_MS) };
    return known.keys;
  };
  return async (keyId) => {
    if (!known) return look();
    const unknown = keyId !== undefined && !known.keys.byId.has(keyId);
    return unknown && now() >= known.nextLook ? look() : known.keys;
  };
};
