import type { Article } from '../../functions/wire/article.ts';
import { type Entry, isLive } from '../../functions/wire/entry.ts';
import type { Articles, CurrentArticle, Wire } from '../../functions/wire/ports.ts';
import { anArticle, anEntry } from './anArticle.ts';

/**
 * A wire in memory, written by telling what happened. It knows nothing of identities or drafts; its current articles
 * are the fold of its entries.
 */
export interface MemoryWire extends Wire, Articles {
  readonly entries: readonly Entry[];
  /** Each answers the entry it appended. The moment is `stepMs` after the entry before, unless it is given. */
  publish(article?: Partial<Article>, how?: { announce?: boolean; at?: string }): Entry;
  revise(id: string, change: Partial<Article>, how?: { announce?: boolean; at?: string }): Entry;
  retract(id: string, reason?: string): Entry;
  expire(id: string): Entry;
}

const START_MS = Date.parse('2026-05-01T08:00:00.000Z');

/** `stepMs`: between two entries. 0 is a wire on which everything happens in one moment. */
export const memoryWire = ({ stepMs = 1000 }: { stepMs?: number } = {}): MemoryWire => {
  const entries: Entry[] = [];
  const current = new Map<string, CurrentArticle>();

  const append = (entry: Partial<Entry> & Pick<Entry, 'kind' | 'article'>, announce: boolean, at?: string): Entry => {
    const seq = entries.length + 1;
    const there = current.get(entry.article.id);
    const moment =
      at ?? new Date(Math.max(START_MS, Date.parse(entries.at(-1)?.at ?? '2026-05-01')) + stepMs).toISOString();
    const announcedSeq = there?.announcedSeq ?? (announce ? seq : null);
    const article = { ...entry.article, updatedAt: moment };
    const former = there && { language: there.article.language, topics: there.article.topics };
    const appended = anEntry({ ...entry, seq, at: moment, announce, announcedSeq, article, before: former ?? null });
    entries.push(appended);
    const state = isLive(appended.kind) ? 'live' : appended.kind === 'expired' ? 'expired' : 'retracted';
    current.set(article.id, { seq, state, announcedSeq, article, reason: appended.reason });
    return appended;
  };

  const need = (id: string): CurrentArticle => {
    const found = current.get(id);
    if (!found) throw new Error(`There is no article ${id}.`);
    return found;
  };

  return {
    entries,
    publish(article = {}, { announce = true, at } = {}) {
      const id = article.id ?? `01K${String(entries.length + 1).padStart(23, '0')}`;
      return append(
        { kind: 'published', article: anArticle({ id, slug: id.toLowerCase(), ...article }) },
        announce,
        at,
      );
    },
    revise(id, change, { announce, at } = {}) {
      const { article, announcedSeq } = need(id);
      const revised = { ...article, ...change, revision: article.revision + 1 };
      return append({ kind: 'revised', article: revised }, announce ?? announcedSeq !== null, at);
    },
    retract: (id, reason = 'It was wrong.') =>
      append({ kind: 'retracted', article: { ...need(id).article, html: '' }, reason }, false),
    expire: (id) => append({ kind: 'expired', article: need(id).article }, false),

    async head() {
      return entries.length;
    },
    async after(seq, limit) {
      return entries.slice(seq, seq + limit);
    },
    async byId(id) {
      return current.get(id);
    },
    async byIds(ids) {
      return ids.flatMap((id) => current.get(id) ?? []);
    },
    async bySlug(language, slug) {
      return [...current.values()].find(({ article }) => article.language === language && article.slug === slug);
    },
  };
};
