import type { Polling } from '../ports.ts';
import type { FoundItem } from '../reading/found.ts';
import type { Source } from '../source.ts';

/** An item with what its source leaves to be looked up. */
export const completed = async (
  _polling: Polling,
  _source: Source,
  item: FoundItem,
): Promise<FoundItem | { readonly because: string }> => item;
