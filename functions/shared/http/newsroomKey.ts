import { InvalidInput } from '../errors.ts';
import { sha256 } from '../hash.ts';
import type { Table } from '../storage/table.ts';
import type { Access } from './route.ts';

/** The item under which a key is known: by its hash, so that reading the table reveals no key. `name`: whose it is. */
export const newsroomKeyItem = (key: string, createdAt: string, name?: string) => ({
  pk: `NEWSROOM#${sha256(key)}`,
  sk: 'KEY',
  createdAt,
  ...(name !== undefined && { name }),
});

/**
 * Lets in whoever holds a newsroom key: 32 random bytes or more, kept only as a hash. The look-up is by that hash, so
 * there is no comparison whose time could tell anything. Gives the key's name, if it has one.
 */
export const newsroomGatekeeper = async (
  { keys }: { readonly keys: Table },
  _access: Access,
  headers: Readonly<Record<string, string>>,
): Promise<string | undefined> => {
  const key = /^Bearer +(\S{1,512})$/i.exec(headers['authorization'] ?? '')?.[1];
  if (key === undefined) throw refused('This address needs the newsroom key, as “Authorization: Bearer …”.');
  const { pk, sk } = newsroomKeyItem(key, '');
  const item = await keys.get({ pk, sk });
  if (!item) throw refused('The newsroom key is not known here.');
  const name = item['name'];
  return typeof name === 'string' ? name : undefined;
};

const refused = (sentence: string): InvalidInput => new InvalidInput(sentence, { field: 'Authorization', status: 401 });
