import type { Cadence } from '../../shared/config.ts';
import type { Item, Key, Table } from '../../shared/storage/table.ts';

/** Whom to list; each list is in 16 shards by the first digit of the id. */
export type Listed =
  /** Everybody who ever confirmed something, or is suppressed. */
  | { readonly is: 'staying' }
  /** Those who were asked and never confirmed anything. */
  | { readonly is: 'pending' }
  /** Those who may belong to this audience. */
  | { readonly is: 'audience'; readonly newsletter: string; readonly cadence: Cadence };

/** Lists of ids, a page at a time. A list is a hint: whoever is to be shown is read again. */
export interface Directory {
  /**
   * Up to `limit` ids from where `from` stands; `next` where there may be more. Reads at most `limit` rows, beside one
   * look into each shard that is empty.
   */
  page(listed: Listed, how: { from?: string | undefined; limit: number }): Promise<{ ids: string[]; next?: string }>;
}

const SHARDS = [...'0123456789abcdef'];

export const listKey = (id: string): Key => ({ pk: `LIST#${id.charAt(0)}`, sk: id });
export const pendingPk = (shard: string): string => `PENDING#${shard}`;

interface Partition {
  readonly pk: string;
  readonly index: boolean;
}

const partitionsOf = (listed: Listed): Partition[] => {
  const each = (name: string, index: boolean): Partition[] =>
    SHARDS.map((shard) => ({ pk: `${name}#${shard}`, index }));
  switch (listed.is) {
    case 'staying':
      return each('LIST', false);
    case 'pending':
      // While the question is still to be mailed, and after it was.
      return [...each('DUE', true), ...each('PENDING', true)];
    case 'audience':
      return each(`AUDIENCE#${listed.newsletter}#${listed.cadence}`, false);
  }
};

export const dynamoDirectory = (table: Table): Directory => ({
  async page(listed, { from, limit }) {
    const start = placeOf(from);
    const partitions = partitionsOf(listed).slice(start.partition);
    const ids: string[] = [];
    for (const [i, partition] of partitions.entries()) {
      const after = i === 0 && start.after !== undefined ? { after: start.after } : {};
      const wanted = limit - ids.length;
      const found = await table.query({ ...partition, ...after, limit: wanted });
      ids.push(...found.map((row) => idOf(partition, row)));
      const last = found.at(-1);
      if (last && found.length === wanted)
        return { ids, next: `${start.partition + i}_${String(partition.index ? last['isk'] : last.sk)}` };
    }
    return { ids };
  },
});

/** In the index stands the subscriber himself. */
const idOf = ({ index }: Partition, row: Item): string => (index ? row.pk.slice('SUBSCRIBER#'.length) : row.sk);

/** `{partition}_{key}`; what has another form begins at the beginning of a list, as nobody else's place. */
const placeOf = (from: string | undefined): { partition: number; after: string | undefined } => {
  const match = /^(\d{1,2})_(.+)$/.exec(from ?? '');
  return match ? { partition: Number(match[1]), after: match[2] } : { partition: 0, after: undefined };
};
