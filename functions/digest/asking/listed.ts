import type { Edition } from '../ledger/edition.ts';
import type { Ledger } from '../ledger/ports.ts';

interface Listed {
  readonly found: readonly Edition[];
  /** The `before` of the next page; `undefined` where nothing is left. */
  readonly next: string | undefined;
}

/** So many pages are read for one: a thousand articles that nobody wanted at once end no list. */
const MOST_READS = 20;

/**
 * A newsletter's editions, newest first. Where nobody wants each article at once, every article makes an edition
 * without a reader, which says only up to where all is told: no editor looks for it among those that went out.
 */
export const listEditions = async (
  ledger: Pick<Ledger, 'newest'>,
  newsletter: string,
  { before, limit }: { readonly before: string | undefined; readonly limit: number },
): Promise<Listed> => {
  const found: Edition[] = [];
  let last = before;
  for (let reads = 0; reads < MOST_READS && found.length < limit; reads++) {
    const read = await ledger.newest(newsletter, { limit, ...(last !== undefined && { before: last }) });
    for (const one of read) {
      if (found.length === limit) break;
      if (!isForNobody(one)) found.push(one);
      last = one.id;
    }
    const isEnd = read.length < limit && last === (read.at(-1)?.id ?? last);
    if (isEnd) return { found, next: undefined };
  }
  return { found, next: last };
};

const isForNobody = ({ cadence, state, audience }: Edition): boolean =>
  cadence === 'immediate' && state === 'complete' && audience === 0;
