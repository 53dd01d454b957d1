import { choose, correctionsFor, keyOf, plainly, type Wants } from '../composing/choice.ts';
import { boundsOf, type Edition } from '../ledger/edition.ts';
import { type Later, learnLater } from './later.ts';
import { type Known, learnBetween, type News, newsAfter } from './news.ts';
import { type Before, type Correction, correctionOf, PAST_ENTRIES, pastOf } from './past.ts';
import { newsletterOf, type Planning } from './ports.ts';

/** What an edition has to tell, as far back as any of its readers needs it. */
export interface NewsDesk {
  /** Whether there is anything for whoever wants this. */
  has(wants: Wants): boolean;
  /** `restart`: somebody else has changed the edition meanwhile. */
  reachBackTo(after: number): Promise<'reached' | 'restart'>;
  /** Newest first. */
  all(): News[];
  /** What earlier editions told, as far as this one must know. */
  before(): Before;
  /** What became of its articles since it was planned. */
  later(): Later;
  /** Whether it makes a difference to this edition when a reader came. */
  hasPast(): boolean;
  /** As it was last read or saved. */
  edition(): Edition;
}

export const openNewsDesk = async (planning: Planning, opened: Edition): Promise<NewsDesk> => {
  const { ledger, wire } = planning;
  const newsletter = newsletterOf(planning, opened.newsletter);
  const languages = newsletter?.languages ?? [];
  const known: Known = new Map();
  const corrections: { correction: Correction; at: string }[] = [];
  let edition = opened;
  const { from, upTo } = boundsOf(edition);
  const track = await ledger.track(edition.newsletter, edition.cadence);
  let readFrom = Math.max(0, from - PAST_ENTRIES);
  await learnBetween(wire, known, readFrom, upTo, (entry) =>
    corrections.push(...correctionOf(entry).map((correction) => ({ correction, at: entry.at }))),
  );
  const later = await learnLater(wire, known, { from, upTo });
  const look = () => {
    const lowest = boundsOf(edition).from;
    const news = newsAfter(known, lowest).filter(({ language }) => languages.includes(language));
    const before = pastOf(news, { known, corrections, track, from: lowest, readFrom, languages });
    return { news, before, has: chooserOf(news, before, newsletter?.correctionsAlone ?? false) };
  };
  let seen = look();
  return {
    has: (wants) => seen.has(wants),
    all: () => seen.news,
    before: () => seen.before,
    later: () => later,
    hasPast: () => seen.before.told.length > 0,
    edition: () => edition,

    async reachBackTo(after) {
      const before = boundsOf(edition).from;
      if (after >= before) return 'reached';
      // The edition says so before any page does: whoever ends this planning renders as far back as the pages need.
      const saved = await ledger.save({ ...edition, from: after, touchedAt: planning.now() });
      if (!saved) return 'restart';
      edition = saved;
      if (after < readFrom) {
        await learnBetween(wire, known, after, readFrom);
        readFrom = after;
      }
      seen = look();
      return 'reached';
    },
  };
};

/** Worked out once for all who want the same. */
const chooserOf = (news: readonly News[], before: Before, alone: boolean): ((wants: Wants) => boolean) => {
  const known = new Map<string, boolean>();
  const corrections = before.corrections.map(({ seq, article }) => ({ seq, id: article.id }));
  const isNews = (wants: Wants): boolean =>
    choose(news, wants, before).length > 0 ||
    (alone && correctionsFor(corrections, news, wants, { ...before, alone }).length > 0);
  return (asked) => {
    const wants = plainly(asked, news, before);
    const key = keyOf(wants);
    const answer = known.get(key) ?? isNews(wants);
    known.set(key, answer);
    return answer;
  };
};
