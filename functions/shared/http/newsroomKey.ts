import { InvalidInput } from '../errors.ts';
import { sha256 } from '../hash.ts';
import type { Table } from '../storage/table.ts';
import type { Access } from './route.ts';

/** The item under which a key is known: by its hash, so that reading the table reveals no key. */
export const newsroomKeyItem = (key: string, createdAt: string) => ({
  pk: `NEWSROOM#${sha256(key)}`,
  sk: 'KEY',
  createdAt,
});

/**
 * Lets in whoever holds a newsroom key: 32 random bytes or more, kept only as a hash. The look-up is by that hash, so
 * there is no comparison whose time could tell anything.
 */
export const newsroomGatekeeper = async (
  { keys }: { readonly keys: Table },
  _access: Access,
  headers: Readonly<Record<string, string>>,
): Promise<void> => {
  const key = /^Bearer +(\S{1,512})$/i.exec(headers['authorization'] ?? '')?.[1];
  if (key === undefined) throw refused('This address needs the newsroom key, as “Authorization: Bearer …”.');
  const { pk, sk } = newsroomKeyItem(key, '');
  if (!(await keys.get({ pk, sk }))) throw refused('The newsroom key is not known here.');
};

const refused = (sentence: string): InvalidInput => new InvalidInput(sentence, { field: 'Authorization', status: 401 });
