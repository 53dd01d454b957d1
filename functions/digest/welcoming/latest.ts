import { labelIn, type Newsletter } from '../../shared/config.ts';
import { addMs, DAY_MS, type Instant } from '../../shared/time.ts';
import type { Subscription } from '../../subscribers/subscriber.ts';
import type { Entry } from '../../wire/entry.ts';
import type { Wire } from '../../wire/ports.ts';
import { type Choice, layOut } from '../composing/layout.ts';
import type { Pieces } from '../composing/pieces.ts';
import type { Press } from '../composing/press.ts';
import { renderPieces } from '../composing/render.ts';
import { NO_CURATION } from '../ledger/curation.ts';
import type { Ledger } from '../ledger/ports.ts';
import type { Track } from '../ledger/track.ts';
import { type Known, learnBack, type News, newsAfter, worthShowing } from '../planning/news.ts';
import { newsletterOf } from '../planning/ports.ts';

interface Sources {
  readonly ledger: Pick<Ledger, 'track' | 'edition' | 'curation'>;
  readonly wire: Wire;
  readonly press: Press;
  readonly now: () => Instant;
}

/** What a reader sees at once. */
export interface Latest {
  readonly pieces: Pieces;
  readonly choice: Choice;
}

export type LatestFor = (subscription: Subscription) => Promise<Latest | undefined>;

/** A stretch of the wire. Whatever lies behind `upTo` is for the next edition, so that nothing of it is told twice. */
interface Stretch {
  /** The edition that covered it; without one, it is what was announced since a moment. */
  readonly edition: string | undefined;
  readonly since: Instant;
  readonly after: number;
  readonly upTo: number;
}

/**
 * What whoever is new would have had of the last edition of his cadence; where there was none, or nothing in it for
 * him, what was announced in the last week. `undefined`: nothing either.
 */
export const latestFrom = (sources: Sources): LatestFor => {
  const piecesOf = keptWhileTrue(sources);
  return async (subscription) => {
    const newsletter = newsletterOf(sources, subscription.newsletter);
    if (!newsletter) return undefined;
    const track = await sources.ledger.track(newsletter.id, subscription.cadence);
    const head = await sources.wire.head();
    const { languages, topics } = subscription;
    for (const stretch of stretchesOf(track, head, sources.now())) {
      const pieces = await piecesOf(newsletter, subscription, stretch, head);
      const choice = layOut(pieces, { languages, topics, after: 0 });
      if (choice) return { pieces, choice };
    }
    return undefined;
  };
};

const WEEK_MS = 7 * DAY_MS;
/** Ten times what a mail shows; whoever publishes more has the newest of it. */
const MOST_NEWS = 300;
/** Nobody who confirms waits for more to be read; what nobody announced seldom fills as much. */
const MOST_ENTRIES = 10_000;

const stretchesOf = (track: Track | undefined, head: number, now: Instant): Stretch[] => {
  const [before, last] = [track?.begun.at(-2), track?.begun.at(-1)];
  const upTo = last?.upTo ?? head;
  const recent = { edition: undefined, since: addMs(now, -WEEK_MS), after: 0, upTo };
  // One of each article at once has hardly more than one.
  if (!track || !last || track.cadence === 'immediate') return [recent];
  return [{ edition: last.edition, since: '', after: before?.upTo ?? track.first, upTo }, recent];
};

/** Rendered once for all who come within the hour, as long as nothing is new on the wire. */
const keptWhileTrue = (sources: Sources) => {
  const kept = new Map<string, Pieces>();
  return async (newsletter: Newsletter, one: Subscription, stretch: Stretch, head: number): Promise<Pieces> => {
    const hour = sources.now().slice(0, 13);
    const key = [newsletter.id, one.cadence, stretch.edition ?? hour, stretch.upTo, head].join(' ');
    const pieces = kept.get(key) ?? (await rendered(sources, newsletter, one, stretch));
    if (kept.size >= MOST_KEPT) kept.clear();
    kept.set(key, pieces);
    return pieces;
  };
};

const MOST_KEPT = 20;

const rendered = async (
  { ledger, wire, press, now }: Sources,
  newsletter: Newsletter,
  { cadence }: Subscription,
  stretch: Stretch,
): Promise<Pieces> => {
  const { languages, label } = newsletter;
  const news = await newsOf(wire, languages, stretch);
  const edition = stretch.edition === undefined ? undefined : await ledger.edition(stretch.edition);
  const version = edition?.curation?.id;
  const kept = edition && version ? await ledger.curation(edition.id, version) : undefined;
  const say = (language: string): string =>
    press.templates.say(language, 'reader.welcome.subject', { newsletter: labelIn(label, language, press.newsroom) });
  return renderPieces(press, {
    edition: stretch.edition ?? 'latest',
    newsletter,
    cadence,
    date: edition?.slot ?? edition?.plannedAt ?? now(),
    news: worthShowing(news),
    // What editors put first or left out holds here too; what they wrote was said to others.
    curation: {
      ...(kept?.curation ?? NO_CURATION),
      intro: {},
      subject: Object.fromEntries(languages.map((language) => [language, say(language)])),
    },
    welcome: { web: stretch.edition === undefined ? '' : `/editions/${stretch.edition}` },
  });
};

/** As it is true now: what was retracted or revised since is so here. */
const newsOf = async (wire: Wire, languages: readonly string[], { after, upTo, since }: Stretch): Promise<News[]> => {
  const head = await wire.head();
  const known: Known = new Map();
  const announcedAt = new Map<number, Instant>();
  let oldest: Instant | undefined;
  const note = ({ seq, announcedSeq, at }: Entry): void => {
    if (seq === announcedSeq) announcedAt.set(seq, at);
    if (oldest === undefined || at < oldest) oldest = at;
  };
  const shown = (): News[] =>
    newsAfter(known, after).filter(
      ({ announcedSeq, language }) =>
        announcedSeq <= upTo && languages.includes(language) && (announcedAt.get(announcedSeq) ?? '') >= since,
    );
  const isEnough = (): boolean => (oldest ?? since) < since || shown().length >= MOST_NEWS;
  await learnBack(wire, known, { upTo: head, after: Math.max(after, upTo - MOST_ENTRIES), isEnough, note });
  return shown();
};
