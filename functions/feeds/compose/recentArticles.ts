import type { Articles, CurrentArticle, Wire } from '../../wire/ports.ts';

/** Articles by id, each at least as new as the entry that was asked for. */
export interface RecentArticles {
  at(wanted: readonly WantedArticle[]): Promise<Map<string, CurrentArticle>>;
}

interface WantedArticle {
  readonly id: string;
  readonly seq: number;
}

/**
 * Remembers the articles of the last builds: a feed of fifty has forty-nine of them in common with the one before. An
 * article never changes without an entry, so the one remembered for `seq` is the one that is there.
 */
export const recentArticles = (articles: Articles, wire: Wire, most = 600): RecentArticles => {
  const remembered = new Map<string, CurrentArticle>();

  const read = async (wanted: readonly WantedArticle[]): Promise<CurrentArticle[]> => {
    const currents = await articles.byIds(wanted.map(({ id }) => id));
    const byId = new Map(currents.map((current) => [current.article.id, current]));
    const all = await Promise.all(
      wanted.map(({ id, seq }) => {
        const current = byId.get(id);
        return current && current.seq >= seq ? current : fromEntry(wire, id, seq);
      }),
    );
    return all.filter((current) => current !== undefined);
  };

  return {
    async at(wanted) {
      const isRemembered = ({ id, seq }: WantedArticle): boolean => (remembered.get(id)?.seq ?? -1) >= seq;
      const fresh = await read(wanted.filter((one) => !isRemembered(one)));
      for (const current of fresh) remembered.set(current.article.id, current);
      const found = new Map<string, CurrentArticle>();
      for (const { id, seq } of wanted) {
        const current = remembered.get(id);
        if (!current || current.seq < seq) continue;
        found.set(id, current);
        // Asked for last, forgotten last.
        remembered.delete(id);
        remembered.set(id, current);
      }
      for (const id of [...remembered.keys()].slice(0, Math.max(0, remembered.size - most))) remembered.delete(id);
      return found;
    },
  };
};

/**
 * The writer of the wire's last entry may have died before it told the current articles of it. The entry itself is
 * there, and says the same.
 */
const fromEntry = async (wire: Wire, id: string, seq: number): Promise<CurrentArticle | undefined> => {
  const [entry] = await wire.after(seq - 1, 1);
  if (entry?.article.id !== id) return undefined;
  const state = entry.kind === 'retracted' || entry.kind === 'expired' ? entry.kind : 'live';
  const { announcedSeq, article, reason, correction } = entry;
  return { seq, state, announcedSeq, article, reason, ...(correction !== undefined && { correction }) };
};
