import type { Key, Table } from '../../../functions/shared/storage/table.ts';
import type { Facts, Wish } from '../../../functions/wire/append/wish.ts';
import type { Flaw } from './simulate.ts';

const isEntry = ({ pk }: Key): boolean => pk.startsWith('WIRE#');

const putting = (change: (table: Table) => Table['put']) => (table: Table) => ({ ...table, put: change(table) });

/** Mistakes that are easily made. The promises are worth something only if each of these breaks one. */
export const FLAWS: Readonly<Record<string, Flaw>> = {
  'after a lost place only the put is tried again': {
    log: (log) => {
      let isLost = false;
      return {
        ...log,
        put: async (entry) => {
          const written = await log.put(entry);
          isLost = written === 'refused';
          return written;
        },
        after: async (seq, how) => {
          const entries = await log.after(seq, how);
          if (!isLost) return entries;
          isLost = false;
          // What took the place is never seen to touch the same article.
          return entries.map((entry) => ({ ...entry, identities: [], article: { ...entry.article, id: '' } }));
        },
      };
    },
  },
  'facts are read once and kept': {
    log: (log) => {
      const first = new Map<Wish, Promise<Facts>>();
      const facts = (wish: Wish): Promise<Facts> => {
        const kept = first.get(wish) ?? log.facts(wish);
        first.set(wish, kept);
        return kept;
      };
      return { ...log, facts };
    },
  },
  'facts may be a moment old': {
    table: (table) => ({
      ...table,
      get: (key) => table.get(key, { consistent: false }),
      batchGet: async (keys) => {
        const found = await Promise.all(keys.map((key) => table.get(key, { consistent: false })));
        return found.flatMap((item) => item ?? []);
      },
    }),
  },
  'nobody projects what others left': {
    log: (log) => {
      const mine = new Set<string>();
      return {
        ...log,
        put: (entry) => {
          mine.add(entry.attempt);
          return log.put(entry);
        },
        project: async (entry) => (mine.has(entry.attempt) ? log.project(entry) : undefined),
      };
    },
  },
  'an entry takes the place of another': {
    table: putting((table) => (item, condition) => table.put(item, isEntry(item) ? undefined : condition)),
  },
  'an older entry overwrites what is known': {
    table: putting(
      (table) => (item, condition) =>
        table.put(item, typeof condition === 'object' && 'below' in condition ? undefined : condition),
    ),
  },
  'the head mark jumps over what nobody projected': {
    log: (log) => ({
      ...log,
      mark: async (seq) => {
        await log.mark(seq, 'all-before');
        return 'written';
      },
    }),
  },
  'names that come later are forgotten': {
    log: (log) => ({
      ...log,
      facts: async (wish) => {
        const facts = await log.facts(wish);
        const { current } = facts;
        if (!current || wish.is !== 'publish') return facts;
        const owners = new Map([...facts.owners].map(([name, owner]) => [name, owner ?? current.article.id]));
        return { ...facts, owners };
      },
    }),
  },
  'the text of what was retracted stays': {
    table: putting((table) => async (item, condition) => {
      const isErasure = isEntry(item) && condition !== 'absent';
      return isErasure ? 'written' : table.put(item, condition);
    }),
  },
  'a draft is not claimed before it comes out': {
    drafts: (drafts) => ({
      ...drafts,
      save: async (draft, before) => (draft.claimed && before ? 'written' : drafts.save(draft, before)),
      remove: (draft, how) => drafts.remove({ ...draft, claimed: false }, how),
    }),
  },
  'nobody notes when a draft is due': {
    table: putting((table) => async (item, condition) => (item.pk === 'DUE' ? 'written' : table.put(item, condition))),
  },
};
