import type { Newsroom } from '../shared/config.ts';

const folded = (name: string): string => name.normalize('NFKC').trim().replace(/\s+/g, ' ').toLowerCase();

/** Finds a topic's id by its id, one it had before, a label in any language or a synonym, in any case. */
export const topicFinder = ({ topics }: Newsroom): ((name: string) => string | undefined) => {
  const ids = new Map<string, string>();
  // Ids last: where one topic's label is another's id, the id means what it says.
  for (const { id, label, synonyms } of topics) {
    for (const name of [...Object.values(label), ...synonyms]) ids.set(folded(name), id);
  }
  for (const { id, formerly } of topics) for (const old of formerly) ids.set(folded(old), id);
  for (const { id } of topics) ids.set(folded(id), id);
  return (name) => ids.get(folded(name));
};
