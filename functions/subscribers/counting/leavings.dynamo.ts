import * as z from 'zod';
import type { Key, Table } from '../../shared/storage/table.ts';
import { addOnce, marking } from './addOnce.ts';
import type { Growth, Marked } from './growth.dynamo.ts';

const leavings = z.object({ languages: z.record(z.string(), z.int()), ...marking });

const NONE: z.infer<typeof leavings> = { languages: {}, batch: 0, counted: [], version: 0 };

/** `LEFT#{edition}` / `LEFT`: who left by the links of an edition's mails, by the language of the mail. */
export const leavingsIn = (table: Table): Pick<Growth, 'leavings' | 'addLeavings'> => ({
  async leavings(edition) {
    const item = await table.get(keyOf(edition));
    return item ? leavings.parse(item).languages : {};
  },

  addLeavings: (edition, batch, marked) =>
    addOnce(table, keyOf(edition), {
      read: (item) => (item ? leavings.parse(item) : NONE),
      add: ({ languages, ...rest }, { event }) => ({ ...rest, languages: withLeaving(languages, event) }),
      ...{ batch, marked },
    }),
});

const keyOf = (edition: string): Key => ({ pk: `LEFT#${edition}`, sk: 'LEFT' });

/** One more, or one less where it was taken back: by the same link, so there as a rule is one to take away. */
const withLeaving = (languages: Readonly<Record<string, number>>, { what, over }: Marked['event']) => {
  const { language = '' } = over ?? {};
  const by = what === 'left' ? 1 : -1;
  return { ...languages, [language]: Math.max(0, (languages[language] ?? 0) + by) };
};
