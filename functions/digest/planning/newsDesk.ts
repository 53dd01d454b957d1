import { choose, keyOf, type Wants } from '../composing/choice.ts';
import { boundsOf, type Edition } from '../ledger/edition.ts';
import { type Known, learnBetween, type News, newsAfter } from './news.ts';
import { newsletterOf, type Planning } from './ports.ts';

/** What an edition has to tell, as far back as any of its readers needs it. */
export interface NewsDesk {
  /** Whether there is anything for whoever wants this. */
  has(wants: Wants): boolean;
  /** `restart`: somebody else has changed the edition meanwhile. */
  reachBackTo(after: number): Promise<'reached' | 'restart'>;
  /** Newest first. */
  all(): News[];
  /** As it was last read or saved. */
  edition(): Edition;
}

export const openNewsDesk = async (planning: Planning, opened: Edition): Promise<NewsDesk> => {
  const { ledger, wire } = planning;
  const languages = newsletterOf(planning, opened.newsletter)?.languages ?? [];
  const known: Known = new Map();
  let edition = opened;
  const { from, upTo } = boundsOf(edition);
  await learnBetween(wire, known, from, upTo);
  const all = (): News[] =>
    newsAfter(known, boundsOf(edition).from).filter(({ language }) => languages.includes(language));
  let has = chooserOf(all());
  return {
    has: (wants) => has(wants),
    all,
    edition: () => edition,

    async reachBackTo(after) {
      const before = boundsOf(edition).from;
      if (after >= before) return 'reached';
      // The edition says so before any page does: whoever ends this planning renders as far back as the pages need.
      const saved = await ledger.save({ ...edition, from: after, touchedAt: planning.now() });
      if (!saved) return 'restart';
      edition = saved;
      await learnBetween(wire, known, after, before);
      has = chooserOf(all());
      return 'reached';
    },
  };
};

/** Worked out once for all who want the same. */
const chooserOf = (news: readonly News[]): ((wants: Wants) => boolean) => {
  const known = new Map<string, boolean>();
  return (wants) => {
    const key = keyOf(wants);
    const answer = known.get(key) ?? choose(news, wants).length > 0;
    known.set(key, answer);
    return answer;
  };
};
