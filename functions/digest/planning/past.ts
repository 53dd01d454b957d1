import type { Cadence } from '../../shared/config.ts';
import type { Instant } from '../../shared/time.ts';
import type { Article } from '../../wire/article.ts';
import type { Entry } from '../../wire/entry.ts';
import type { Wire } from '../../wire/ports.ts';
import type { Choosable, Past, Window } from '../composing/choice.ts';
import type { Track } from '../ledger/track.ts';
import type { Earlier } from './bounds.ts';
import { type Known, learnBetween, type News, newsAfter } from './news.ts';

/** What a reader is told who got an article that was wrong. */
export interface Correction {
  /** Of the entry that puts it right. */
  readonly seq: number;
  /** When that came onto the wire. */
  readonly at: Instant;
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
  /** All editions of the newsletter that told any of it, in the order they were planned in. */
  readonly editions: readonly Earlier[];
}

/** So many articles are read back: translations follow within days, and a correction is news for a week or two. */
export const PAST_NEWS = 1000;
/** An archive that was imported meanwhile hides none of them; only a larger one does. */
export const PAST_ENTRIES = 5000;

/** Gathers corrections from entries as they are read. */
export const correctionOf = ({ kind, seq, at, announcedSeq, article, reason, correction }: Entry): Correction[] => {
  const retracted = kind === 'retracted';
  if (announcedSeq === null || announcedSeq >= seq || !(retracted || (kind === 'revised' && correction))) return [];
  const { html: _, ...rest } = article;
  return [{ seq, at, article: rest, announcedSeq, note: (retracted ? reason : correction) ?? null, retracted }];
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
  readonly corrections: readonly Correction[];
  /** Of the newsletter, whatever their cadence. */
  readonly tracks: readonly Track[];
  /** The edition's own. */
  readonly cadence: Cadence;
  /** The edition's lowest bound. */
  readonly from: number;
  readonly languages: readonly string[];
}

/**
 * What of the past matters to an edition with these articles: their stories, and where something is to be put right, all
 * since what is. Whoever changed his cadence got it with another one's editions, so these count as well.
 */
export const pastOf = (news: readonly News[], reading: Reading): Before => {
  const { known, tracks, cadence, from, languages } = reading;
  const live = newsAfter(known, 0).filter(
    ({ announcedSeq, language }) => announcedSeq <= from && languages.includes(language),
  );
  const corrections = reading.corrections
    .filter((one) => languages.includes(one.article.language) && tracks.some((track) => wentOut(one, track)))
    .sort((a, b) => a.seq - b.seq);
  const stories = new Set(news.flatMap(({ story }) => story ?? []));
  const mates = live.filter(({ story }) => story !== null && stories.has(story));
  const wrongSince = Math.min(...corrections.map(({ announcedSeq }) => announcedSeq));
  const matters = (one: News): boolean => mates.includes(one) || one.announcedSeq >= wrongSince;
  const told = withCorrected(live.filter(matters), corrections).map(choosable);
  // The first of them told what lies before it, too.
  const editions = editionsSince(Math.min(from, ...told.map(({ announcedSeq }) => announcedSeq)), tracks);
  return {
    told,
    windows: editions.filter((one) => one.cadence === cadence).map(windowOf),
    editions,
    live: mates,
    corrections,
  };
};

/** An article that was corrected before an edition with it began went to nobody by that one as it was. */
const wentOut = ({ announcedSeq, at }: Correction, { begun }: Track): boolean => {
  const covering = begun.find(({ upTo }) => announcedSeq <= upTo);
  return covering !== undefined && covering.startedAt <= at;
};

const editionsSince = (seq: number, tracks: readonly Track[]): Earlier[] =>
  tracks
    .flatMap(({ cadence, begun }) =>
      begun.map(({ plannedAt, startedAt, upTo }) => ({ cadence, plannedAt, startedAt, upTo })),
    )
    .filter(({ upTo }) => upTo >= seq)
    .sort((a, b) => (a.plannedAt < b.plannedAt ? -1 : 1));

const windowOf = ({ upTo, startedAt }: Window): Window => ({ upTo, startedAt });

/** What was retracted is no news any more, but whoever got it got it, if only with another cadence. */
const withCorrected = (live: readonly News[], corrections: readonly Correction[]): Choosable[] => {
  const there = new Set(live.map(({ id }) => id));
  const gone = new Map(
    corrections
      .filter(({ article }) => !there.has(article.id))
      .map(({ article, announcedSeq }) => [article.id, { ...article, announcedSeq }]),
  );
  return [...live, ...gone.values()];
};

const choosable = ({ id, language, topics, story, announcedSeq }: Choosable): Choosable => ({
  ...{ id, language, topics, story, announcedSeq },
});
