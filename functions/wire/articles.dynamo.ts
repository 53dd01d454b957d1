import type { Table } from '../shared/storage/table.ts';
import { slugIdentity } from './append/identity.ts';
import { articleKey, ownerKey } from './append/keys.dynamo.ts';
import type { LoggedEntry } from './append/logged.ts';
import { parseEntry } from './append/read.dynamo.ts';
import { currentOf, withBody } from './append/withBody.ts';
import type { Articles, Bodies, CurrentArticle } from './ports.ts';

export const dynamoArticles = (table: Table, bodies: Bodies): Articles => {
  const read = async (id: string): Promise<LoggedEntry | undefined> => {
    const item = await table.get(articleKey(id));
    return item && parseEntry(item);
  };

  const whole = async (latest: LoggedEntry): Promise<CurrentArticle> =>
    currentOf(await withBody(bodies, latest, () => read(latest.article.id)));

  const byId = async (id: string): Promise<CurrentArticle | undefined> => {
    const latest = await read(id);
    return latest && whole(latest);
  };

  return {
    byId,

    async byIds(ids) {
      const items = await table.batchGet([...new Set(ids)].map(articleKey));
      const found = new Map((await Promise.all(items.map(parseEntry).map(whole))).map((one) => [one.article.id, one]));
      return ids.flatMap((id) => found.get(id) ?? []);
    },

    async bySlug(language, slug) {
      const owner = await table.get(ownerKey(slugIdentity(language, slug)));
      return owner && byId(String(owner['id']));
    },
  };
};
