/**
 * A table of items with two-part keys, seen through the only operations Courant builds on: single items, written
 * whole, conditionally. No transactions and no update expressions, so every step is there or it is not.
 */
export interface Key {
  readonly pk: string;
  readonly sk: string;
}

export type Item = Key & Readonly<Record<string, unknown>>;

export type Condition =
  /** No item has this key. */
  | 'absent'
  /** No item has this key, or its number attribute is lower. */
  | { readonly below: readonly [attribute: string, bound: number] }
  /** Every attribute has this value; `undefined` means the attribute (or the item) is missing. */
  | { readonly is: Readonly<Record<string, string | number | boolean | undefined>> };

/**
 * `refused`: the condition did not hold. After an unclear answer the client has asked again, so `refused` may also
 * mean that the first try was taken: who must know writes a mark of its own into the item and reads it back.
 */
export type Written = 'written' | 'refused';

export interface Range {
  readonly pk: string;
  /** Inclusive bounds of the sort key. `prefix` may not be combined with them. */
  readonly from?: string;
  readonly to?: string;
  readonly prefix?: string;
  /** Exclusive start, the last sort key already seen. */
  readonly after?: string;
  /** Newest (highest) first. */
  readonly reverse?: boolean;
  /** At most this many items; without it, all of them (read page by page). */
  readonly limit?: number;
  /** Reads the table's index (attributes `ipk`, `isk`) instead: what it says may be a moment old. */
  readonly index?: boolean;
  /** Consistent by default; an index never is. */
  readonly consistent?: boolean;
}

export interface Table {
  get(key: Key, how?: { consistent?: boolean }): Promise<Item | undefined>;
  put(item: Item, condition?: Condition): Promise<Written>;
  delete(key: Key, condition?: Condition): Promise<Written>;
  /** In sort-key order. `after` on an index compares `isk`. */
  query(range: Range): Promise<Item[]>;
  /** In the order of the keys; what is missing is left out. Consistent. Any number of keys; one named twice counts once. */
  batchGet(keys: readonly Key[]): Promise<Item[]>;
  /** Unconditional, in any order. */
  batchPut(items: readonly Item[]): Promise<void>;
}
