import type { Article } from '../../../functions/wire/article.ts';
import type { Entry } from '../../../functions/wire/entry.ts';
import type { Articles, CurrentArticle, Wire } from '../../../functions/wire/ports.ts';
import { anArticle, anEntry } from '../../support/anArticle.ts';

/** A wire in memory that a test writes by hand. */
export interface TestWire extends Wire, Pick<Articles, 'byId' | 'byIds'> {
  publish(article?: Partial<Article>, over?: Partial<Entry>): Entry;
  revise(of: Entry, article: Partial<Article>, over?: Partial<Entry>): Entry;
  retract(of: Entry, over?: Partial<Entry>): Entry;
}

export const aWire = (before: () => Promise<void> = async () => {}): TestWire => {
  const entries: Entry[] = [];
  const append = (over: Partial<Entry>): Entry => {
    const entry = anEntry({ seq: entries.length + 1, ...over });
    entries.push(entry);
    return entry;
  };
  const current = (id: string): CurrentArticle[] => {
    const latest = entries.findLast(({ article }) => article.id === id);
    if (!latest) return [];
    const { seq, kind, announcedSeq, article, reason } = latest;
    return [{ seq, state: kind === 'retracted' || kind === 'expired' ? kind : 'live', announcedSeq, article, reason }];
  };
  return {
    byId: async (id) => current(id)[0],
    byIds: async (ids) => ids.flatMap(current),

    async head() {
      await before();
      return entries.length;
    },
    async after(seq, limit) {
      await before();
      return entries.slice(seq, seq + limit);
    },
    publish(article = {}, over = {}) {
      const seq = entries.length + 1;
      const id = `01JZZZZZZZZZZZZZZZZZZ${String(seq).padStart(5, '0')}`;
      const title = `Article ${seq}`;
      return append({ article: anArticle({ id, title, slug: `article-${seq}`, ...article }), ...over });
    },
    revise(of, article, over = {}) {
      return append({
        kind: 'revised',
        announce: false,
        announcedSeq: of.announcedSeq,
        article: { ...of.article, revision: of.article.revision + 1, ...article },
        ...over,
      });
    },
    retract(of, over = {}) {
      const { announcedSeq, article } = of;
      return append({ kind: 'retracted', announce: false, announcedSeq, article, ...over });
    },
  };
};
