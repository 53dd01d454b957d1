import { amongStories } from '../composing/extras.ts';
import { type Curation, NO_CURATION } from '../ledger/curation.ts';
import { boundsOf, type Edition } from '../ledger/edition.ts';
import type { Ledger } from '../ledger/ports.ts';
import type { Finding } from '../ledger/preflight.ts';
import { type Gone, learnLater } from './later.ts';
import type { News } from './news.ts';
import type { Planning } from './ports.ts';

/** What an editor wrote over an edition, where one of its articles has gone since. */

/** A subject is written for what is pinned: where that has gone, it speaks of nothing, and the lead's title stands instead. */
export const withoutDeadSubjects = (curation: Curation, news: readonly News[], gone: readonly Gone[]): Curation => {
  const wasPinned = amongStories(curation.pinned, [...news, ...gone]);
  const without = gone.filter(wasPinned).map(({ language }) => language);
  const subject = Object.entries(curation.subject).filter(([language]) => !without.includes(language));
  return { ...curation, subject: Object.fromEntries(subject) };
};

export const wordsOverGone = async (
  { ledger, wire }: Pick<Planning, 'ledger' | 'wire'>,
  edition: Edition,
): Promise<Finding[]> => {
  const { curation, at } = await curationAt(ledger, edition);
  if (Object.keys({ ...curation.subject, ...curation.intro }).length === 0) return [];
  const { gone } = await learnLater(wire, new Map(), boundsOf(edition));
  // Whoever has edited it since has seen it without them.
  const unseen = gone.filter(({ id, goneAt }) => goneAt > at && !curation.excluded.includes(id));
  return [...new Set(unseen.map(({ language }) => language))].flatMap((language) => {
    const words = (['subject', 'intro'] as const).filter((field) => curation[field][language] !== undefined);
    const titles = unseen.filter((one) => one.language === language).map(({ title }) => `“${title.slice(0, 100)}”`);
    if (words.length === 0) return [];
    const sentence = `${titles[0] ?? ''}${titles.length > 1 ? ` and ${titles.length - 1} more` : ''} went out of the edition after its ${words.join(' and ')} in “${language}” had been written: read that again.`;
    return [{ code: 'own-words', language, sentence }];
  });
};

const curationAt = async (ledger: Ledger, { id: edition, curation }: Edition) => {
  const kept = curation?.id ? await ledger.curation(edition, curation.id) : undefined;
  return { curation: kept?.curation ?? NO_CURATION, at: curation?.at ?? '' };
};
