import type { Condition, Item, Key, Range, Table } from '../../functions/shared/storage/table.ts';

/** The `Table` port in memory for a hundred thousand rows in one list: keys lie sorted, as DynamoDB has them. */
export const sortedTable = (): Table => {
  const partitions = new Map<string, { keys: string[]; items: Map<string, Item> }>();
  const partition = (pk: string) => {
    const found = partitions.get(pk) ?? { keys: [], items: new Map<string, Item>() };
    partitions.set(pk, found);
    return found;
  };
  const at = ({ pk, sk }: Key): Item | undefined => partitions.get(pk)?.items.get(sk);
  const put = (item: Item): void => {
    const { keys, items } = partition(item.pk);
    if (!items.has(item.sk)) keys.splice(placeOf(keys, item.sk), 0, item.sk);
    items.set(item.sk, { ...item });
  };
  return {
    get: async (key) => at(key),
    async put(item, condition) {
      if (!holds(at(item), condition)) return 'refused';
      put(item);
      return 'written';
    },
    async delete({ pk, sk }, condition) {
      if (!holds(at({ pk, sk }), condition)) return 'refused';
      const { keys, items } = partition(pk);
      if (items.delete(sk)) keys.splice(placeOf(keys, sk), 1);
      return 'written';
    },
    async query(range) {
      const { keys, items } = partition(range.pk);
      return keysIn(keys, range).flatMap((key) => items.get(key) ?? []);
    },
    batchGet: async (keys) => keys.flatMap((key) => at(key) ?? []),
    async batchPut(items) {
      for (const item of items) put(item);
    },
  };
};

/** Where this key lies, or would lie. */
const placeOf = (keys: readonly string[], key: string): number => {
  let [low, high] = [0, keys.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((keys[middle] ?? '') < key) low = middle + 1;
    else high = middle;
  }
  return low;
};

/** Behind this key, before every longer one; behind every key that begins with this. */
const NEXT = '\0';
const LAST = '\uffff';

const keysIn = (keys: readonly string[], { from, to, prefix, after, reverse, limit }: Range): string[] => {
  const end = prefix === undefined ? to && to + NEXT : prefix + LAST;
  const lowest = placeOf(keys, prefix ?? from ?? '');
  const highest = end === undefined ? keys.length : placeOf(keys, end);
  const first = after === undefined || reverse ? lowest : Math.max(lowest, placeOf(keys, after + NEXT));
  const last = after === undefined || !reverse ? highest : Math.min(highest, placeOf(keys, after));
  const most = limit ?? keys.length;
  if (!reverse) return keys.slice(first, Math.min(last, first + most));
  return keys.slice(Math.max(first, last - most), last).reverse();
};

const holds = (item: Item | undefined, condition: Condition | undefined): boolean => {
  if (condition === undefined) return true;
  if (condition === 'absent') return item === undefined;
  if ('below' in condition) {
    const [attribute, bound] = condition.below;
    return item === undefined || Number(item[attribute]) < bound;
  }
  return Object.entries(condition.is).every(([attribute, value]) => item?.[attribute] === value);
};
