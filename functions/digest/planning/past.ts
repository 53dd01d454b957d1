import type { Article } from '../../wire/article.ts';
import type { Entry } from '../../wire/entry.ts';
import type { Wire } from '../../wire/ports.ts';
import type { Choosable, Past } from '../composing/choice.ts';
import type { Track } from '../ledger/track.ts';
import { type Known, learnBetween, type News, newsAfter } from './news.ts';

/** What a reader is told who got an article that was wrong. */
export interface Correction {
  /** Of the entry that puts it right. */
  readonly seq: number;
  readonly article: Omit<Article, 'html'>;
  readonly announcedSeq: number;
  /** For readers; `null` for a retraction that gave no reason. */
  readonly note: string | null;
  readonly retracted: boolean;
}

/** What came before an edition, as far as its mails must know. */
export interface Before extends Past {
  /** Articles that are live, for links to a story's other languages. */
  readonly live: readonly News[];
  readonly corrections: readonly Correction[];
}

/** Entries read back: translations follow within days, and a correction is news for a week or two. */
export const PAST_ENTRIES = 1000;

/** Gathers corrections from entries as they are read. */
export const correctionOf = ({ kind, seq, announcedSeq, article, reason, correction }: Entry): Correction[] => {
  const retracted = kind === 'retracted';
  if (announcedSeq === null || announcedSeq >= seq || !(retracted || (kind === 'revised' && correction))) return [];
  const { html: _, ...rest } = article;
  return [{ seq, article: rest, announcedSeq, note: (retracted ? reason : correction) ?? null, retracted }];
};

/** Whether anything that came after `after` puts right what was announced before it, in one of these languages. */
export const hasCorrections = async (wire: Wire, after: number, languages: readonly string[]): Promise<boolean> => {
  let found = false;
  await learnBetween(wire, new Map(), after, await wire.head(), (entry) => {
    found ||= correctionOf(entry).some(
      ({ announcedSeq, article }) => announcedSeq <= after && languages.includes(article.language),
    );
  });
  return found;
};

interface Reading {
  readonly known: Known;
  readonly corrections: readonly { readonly correction: Correction; readonly at: string }[];
  readonly track: Track | undefined;
  /** The edition's lowest bound, and where reading began. */
  readonly from: number;
  readonly readFrom: number;
  readonly languages: readonly string[];
}

/** What of the past matters to an edition with these articles: their stories, and all of it if something is to be put right. */
export const pastOf = (news: readonly News[], reading: Reading): Before => {
  const { known, track, from, readFrom, languages } = reading;
  const live = newsAfter(known, 0).filter(
    ({ announcedSeq, language }) => announcedSeq <= from && languages.includes(language),
  );
  const corrections = reading.corrections
    .filter(({ correction, at }) => languages.includes(correction.article.language) && wentOut(correction, at, track))
    .map(({ correction }) => correction)
    .sort((a, b) => a.seq - b.seq);
  const stories = new Set(news.flatMap(({ story }) => story ?? []));
  const mates = live.filter(({ story }) => story !== null && stories.has(story));
  const told = corrections.length > 0 ? withCorrected(live, corrections, from) : mates;
  const windows = (track?.begun ?? []).map(({ upTo }) => upTo).filter((upTo) => upTo >= readFrom);
  return { told: told.map(choosable), windows, live: mates, corrections };
};

/** An article that was corrected before its edition began went to nobody as it was. */
const wentOut = ({ announcedSeq }: Correction, at: string, track: Track | undefined): boolean => {
  const covering = track?.begun.find(({ upTo }) => announcedSeq <= upTo);
  return covering !== undefined && covering.startedAt <= at;
};

/** What was retracted is no news any more, but whoever got it got it. */
const withCorrected = (live: readonly News[], corrections: readonly Correction[], from: number): Choosable[] => {
  const there = new Set(live.map(({ id }) => id));
  const gone = new Map(
    corrections
      .filter(({ article, announcedSeq }) => announcedSeq <= from && !there.has(article.id))
      .map(({ article, announcedSeq }) => [article.id, { ...article, announcedSeq }]),
  );
  return [...live, ...gone.values()];
};

const choosable = ({ id, language, topics, story, announcedSeq }: Choosable): Choosable => ({
  ...{ id, language, topics, story, announcedSeq },
});
