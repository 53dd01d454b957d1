import { randomBytes } from 'node:crypto';
import type { Table } from './storage/table.ts';

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
