import * as z from 'zod';
import type { Key, Table } from '../../shared/storage/table.ts';
import { type Identity, slugIdentity } from './identity.ts';
import { articleKey, draftNameKey, ownerKey } from './keys.dynamo.ts';
import type { LoggedEntry } from './logged.ts';
import { parseEntry } from './read.dynamo.ts';
import { keepsSlug, slugCandidates, slugOf } from './slug.ts';
import { type Facts, namesOf, type Publish, type Revise, type Wish } from './wish.ts';

/** Slugs looked up at a time once the first is taken. */
const SLUGS_AT_A_TIME = 10;

const named = z.object({ id: z.string() });

/** Everything the wire knows that bears on a wish, read consistently. Two reads as a rule: names, then the article. */
export const readFacts = async (table: Table, wish: Wish): Promise<Facts> => {
  if (wish.is === 'retract' || wish.is === 'expire') {
    return { current: await readArticle(table, wish.id), owners: new Map(), draftId: undefined };
  }
  const names = namesOf(wish);
  const asked = [...new Set([...names, slugIdentity(wish.content.language, slugOf(wish.content.title))])];
  const draftKeys = wish.is === 'publish' && !wish.fromDraft ? names.map(draftNameKey) : [];
  const found = await readNames(table, [...asked.map(ownerKey), ...draftKeys]);
  const owners = new Map(asked.map((name) => [name, found(ownerKey(name))]));

  const id = wish.is === 'revise' ? wish.id : names.map((name) => owners.get(name)).find(isThere);
  const current = id === undefined ? undefined : await readArticle(table, id);
  await readFurtherSlugs(table, wish, current, owners);
  return { current, owners, draftId: draftKeys.map(found).find(isThere) };
};

const isThere = (id: string | undefined): boolean => id !== undefined;

const readArticle = async (table: Table, id: string): Promise<LoggedEntry | undefined> => {
  const item = await table.get(articleKey(id));
  return item && parseEntry(item);
};

/** Reads on until a slug is found that is free or this article's: which one it is, is decided later. */
const readFurtherSlugs = async (
  table: Table,
  wish: Publish | Revise,
  current: LoggedEntry | undefined,
  owners: Map<Identity, string | undefined>,
): Promise<void> => {
  if (current && keepsSlug(current.article, wish.content)) return;
  const mine = current?.article.id ?? (wish.is === 'publish' ? wish.newId : wish.id);
  const [first, ...further] = slugCandidates(wish.content.title, mine).map((slug) =>
    slugIdentity(wish.content.language, slug),
  );
  const isTaken = (name: Identity | undefined): boolean =>
    name !== undefined && ![undefined, mine].includes(owners.get(name));
  let asked = [first];
  while (asked.length > 0 && asked.every(isTaken)) {
    const next = further.splice(0, SLUGS_AT_A_TIME);
    const found = await readNames(table, next.map(ownerKey));
    for (const name of next) owners.set(name, found(ownerKey(name)));
    asked = next;
  }
};

const readNames = async (table: Table, keys: readonly Key[]): Promise<(key: Key) => string | undefined> => {
  const items = keys.length === 0 ? [] : await table.batchGet(keys);
  const byKey = new Map(items.map((item) => [`${item.pk} ${item.sk}`, named.parse(item).id]));
  return ({ pk, sk }) => byKey.get(`${pk} ${sk}`);
};
