import type { Condition, Item, Key, Range, Table } from '../../functions/shared/storage/table.ts';

/**
 * The `Table` port in memory, with DynamoDB's rules: whole items, one condition, byte order of keys, and copies in and
 * out, so that nothing is shared with the caller. `before` is awaited before each operation takes effect: a test can
 * hold it, fail it, or let another go first.
 */
export const memoryTable = (before: (operation: Operation) => Promise<void> | void = () => {}): MemoryTable => {
  const items = new Map<string, Item>();
  const read = (key: Key): Item | undefined => copy(items.get(textOf(key)));
  return {
    items: () => [...items.values()].sort(byKey).map((item) => structuredClone(item)),

    async get(key) {
      await before({ is: 'get', key });
      return read(key);
    },

    async put(item, condition) {
      await before({ is: 'put', key: item });
      check(item);
      if (!holds(items.get(textOf(item)), condition)) return 'refused';
      items.set(textOf(item), plain(item));
      return 'written';
    },

    async delete(key, condition) {
      await before({ is: 'delete', key });
      if (!holds(items.get(textOf(key)), condition)) return 'refused';
      items.delete(textOf(key));
      return 'written';
    },

    async query(range) {
      await before({ is: 'query', key: { pk: range.pk, sk: range.after ?? range.from ?? range.prefix ?? '' } });
      return [...items.values()].filter(inRange(range)).sort(inOrder(range)).slice(0, range.limit).map(plain);
    },

    async batchGet(keys) {
      await before({ is: 'batchGet', key: keys[0] ?? { pk: '', sk: '' } });
      const once = new Map(keys.map((key) => [textOf(key), key]));
      return [...once.values()].flatMap((key) => read(key) ?? []);
    },

    async batchPut(all) {
      for (const item of all) {
        await before({ is: 'put', key: item });
        check(item);
        items.set(textOf(item), plain(item));
      }
    },
  };
};

export interface MemoryTable extends Table {
  items(): Item[];
}

export interface Operation {
  readonly is: 'get' | 'put' | 'delete' | 'query' | 'batchGet';
  readonly key: Key;
}

/** DynamoDB's limit for one item, near enough: the length of its JSON. */
const MOST_BYTES = 400 * 1024;

const textOf = ({ pk, sk }: Key): string => `${pk}\u0000${sk}`;

const copy = (item: Item | undefined): Item | undefined => item && structuredClone(item);

/** Without `undefined`, as the marshaller leaves it. */
const plain = (item: Item): Item => JSON.parse(JSON.stringify(item)) as Item;

const check = (item: Item): void => {
  if (item.pk === '' || item.sk === '') throw new Error('A key must not be empty.');
  if (JSON.stringify(item).length > MOST_BYTES) throw new Error('The item is over 400 KB.');
};

const holds = (item: Item | undefined, condition: Condition | undefined): boolean => {
  if (condition === undefined) return true;
  if (condition === 'absent') return item === undefined;
  if ('below' in condition) {
    const [attribute, bound] = condition.below;
    const value = item?.[attribute];
    return item === undefined || (typeof value === 'number' && value < bound);
  }
  return Object.entries(condition.is).every(([attribute, value]) => item?.[attribute] === value);
};

const bytes = (text: string): Buffer => Buffer.from(text, 'utf8');

const compare = (a: string, b: string): number => Buffer.compare(bytes(a), bytes(b));

const byKey = (a: Item, b: Item): number => compare(a.pk, b.pk) || compare(a.sk, b.sk);

const sortKey = (range: Range, item: Item): string => String(range.index ? item['isk'] : item.sk);

const inRange =
  (range: Range) =>
  (item: Item): boolean =>
    (range.index ? item['ipk'] : item.pk) === range.pk && inBounds(range, sortKey(range, item));

const inBounds = ({ prefix, from, to, after, reverse }: Range, sk: string): boolean =>
  (prefix === undefined || sk.startsWith(prefix)) &&
  (from === undefined || compare(sk, from) >= 0) &&
  (to === undefined || compare(sk, to) <= 0) &&
  (after === undefined || (reverse ? compare(sk, after) < 0 : compare(sk, after) > 0));

const inOrder =
  (range: Range) =>
  (a: Item, b: Item): number =>
    (range.reverse ? -1 : 1) * (compare(sortKey(range, a), sortKey(range, b)) || byKey(a, b));
