import { randomBytes } from 'node:crypto';
import type { Table } from './storage/table.ts';

/** Keys for links in mails: which one signs today, and every one that ever did, since a link never dies of a rotation. */
export interface TokenKeys {
  readonly current: { readonly id: string; readonly secret: Uint8Array };
  readonly byId: ReadonlyMap<string, Uint8Array>;
}

/**
 * Reads the keys, and makes the first one where there is none. Ids count up; the highest signs. `purpose` keeps apart
 * keys that must not serve each other: `links` is rotated, `addresses` never is.
 */
export const readTokenKeys = async (keys: Table, purpose: 'links' | 'addresses'): Promise<TokenKeys> => {
  const pk = `TOKENS#${purpose}`;
  let items = await keys.query({ pk });
  if (items.length === 0) {
    // Two functions may start at once: the first put wins, and both read what is there then.
    await keys.put({ pk, sk: '0001', secret: randomBytes(32).toString('base64') }, 'absent');
    items = await keys.query({ pk });
  }
  const all = items.map((item) => [item.sk, Buffer.from(String(item['secret']), 'base64')] as const);
  const last = all.at(-1);
  if (!last) throw new Error(`There is no key for ${purpose}.`);
  return { current: { id: last[0], secret: last[1] }, byId: new Map(all) };
};
