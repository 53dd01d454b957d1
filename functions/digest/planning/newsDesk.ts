import type { Entry } from '../../wire/entry.ts';
import { choose, correctionsFor, keyOf, plainly, type Wants } from '../composing/choice.ts';
import { boundsOf, type Edition } from '../ledger/edition.ts';
import { type Later, learnLater } from './later.ts';
import { countOf, enoughOf, type Known, learnBack, type News, newsAfter, worthShowing } from './news.ts';
import { type Before, type Correction, correctionOf, PAST_ENTRIES, PAST_NEWS, pastOf } from './past.ts';
import { newsletterOf, type Planning } from './ports.ts';
import { tracksOf } from './tracks.ts';

/** What an edition has to tell, as far back as any of its readers needs it. */
export interface NewsDesk {
  /** Whether there is anything for whoever wants this. */
  has(wants: Wants): boolean;
  /** As far as there is room for what was announced since. `restart`: somebody else has changed the edition meanwhile. */
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
  const corrections: Correction[] = [];
  const note = (entry: Entry): void => void corrections.push(...correctionOf(entry));
  let edition = opened;
  const { from, upTo } = boundsOf(edition);
  const { cadence } = edition;
  const tracks = await tracksOf(planning, edition.newsletter);
  await learnBack(wire, known, { upTo, after: from, note });
  let readFrom = await learnBack(wire, known, {
    ...{ upTo: from, after: Math.max(0, from - PAST_ENTRIES), note },
    isEnough: enoughOf(known, languages, countOf(known, languages, from) + PAST_NEWS),
  });
  const later = await learnLater(wire, known, { from, upTo });
  const look = () => {
    const lowest = boundsOf(edition).from;
    // What no mail will show is not looked through for each of the readers.
    const news = worthShowing(newsAfter(known, lowest).filter(({ language }) => languages.includes(language)));
    const before = pastOf(news, { known, corrections, tracks, cadence, from: lowest, languages });
    return { news, before, has: chooserOf(news, before, newsletter?.correctionsAlone ?? false) };
  };
  let seen = look();
  let isFull = enoughOf(known, languages)(from);
  return {
    has: (wants) => seen.has(wants),
    all: () => seen.news,
    before: () => seen.before,
    later: () => later,
    hasPast: () => seen.before.told.length > 0,
    edition: () => edition,

    async reachBackTo(after) {
      if (isFull || after >= boundsOf(edition).from) return 'reached';
      const isEnough = enoughOf(known, languages);
      if (after < readFrom) readFrom = await learnBack(wire, known, { upTo: readFrom, after, isEnough });
      const reached = Math.max(after, readFrom);
      isFull = isEnough(reached);
      // The edition says so before any page does: whoever ends this planning renders as far back as the pages need.
      const saved = await ledger.save({ ...edition, from: reached, touchedAt: planning.now() });
      if (!saved) return 'restart';
      edition = saved;
      seen = look();
      return 'reached';
    },
  };
};

/** Worked out once for all who want the same. */
const chooserOf = (news: readonly News[], before: Before, alone: boolean): ((wants: Wants) => boolean) => {
  const known = new Map<string, boolean>();
  const corrections = before.corrections.map(({ seq, at, article }) => ({ seq, at, id: article.id }));
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
