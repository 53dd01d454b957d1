/** A newsroom key, and whose it is where it says so. */
export interface NamedKey {
  readonly key: string;
  readonly name?: string;
}

/** A key may end in `=` (base64): what stands before a name's `=` is short, and what stands behind it a whole key. */
const NAMED = /^(\p{L}[\p{L}\p{N}_.-]{0,39})=([^\s,]{8,512})$/u;
const PLAIN = /^\S{8,512}$/;

/**
 * What `NEWSROOM_KEY` says: one key, or `Ana=…,Ben=…`, so that two people can be told apart. `undefined`: neither.
 */
export const keysIn = (text: string): readonly [NamedKey, ...NamedKey[]] | undefined => {
  const [first, ...more] = text.split(',').map(named);
  if (first && more.every((one) => one !== undefined)) return [first, ...more];
  return PLAIN.test(text) ? [{ key: text }] : undefined;
};

const named = (part: string): NamedKey | undefined => {
  const [, name, key] = NAMED.exec(part) ?? [];
  return name !== undefined && key !== undefined ? { name, key } : undefined;
};

/** The key with which a command of this machine calls: the first. */
export const firstKeyIn = (text: string): string => keysIn(text)?.[0].key ?? text;
