import type { Instant } from '../../shared/time.ts';

/** What an article must tell to be chosen by. */
export interface Choosable {
  readonly id: string;
  readonly language: string;
  readonly topics: readonly string[];
  readonly story: string | null;
  readonly announcedSeq: number;
}

interface Interests {
  /** Best first. */
  readonly languages: readonly string[];
  /** `[]`: all of them. */
  readonly topics: readonly string[];
}

/** An earlier edition, as far as what it told matters: up to where it went, and when it began. */
export interface Window {
  readonly upTo: number;
  readonly startedAt: Instant;
}

/** What is one reader's own in his past; nothing for whoever changed nothing in the time that matters. */
export interface OwnPast {
  /** The editions that were for him, the oldest first, where these are not simply those of the cadence he has. */
  readonly windows?: readonly Window[];
  /** What he chose before, and until when, the oldest first. */
  readonly earlier?: readonly (Interests & { readonly until: Instant })[];
}

/** What a reader wants of an edition. */
export interface Wants extends Interests, OwnPast {
  /** Only what was announced after this `seq`. */
  readonly after: number;
  /** What was announced up to here had its edition before the reader came. Without it, he has been there all along. */
  readonly since?: number;
}

/** What earlier editions told, as far back as it matters for this one. */
export interface Past {
  readonly told: readonly Choosable[];
  /** Those of this one's cadence, the oldest first. */
  readonly windows: readonly Window[];
}

export const NO_PAST: Past = { told: [], windows: [] };

/** Something to be put right with an article that an earlier edition told. */
export interface Correctable {
  /** Of the article. */
  readonly id: string;
  /** Of the entry that corrects it. */
  readonly seq: number;
  /** When that came onto the wire. */
  readonly at: Instant;
}

/**
 * The articles for a reader, in the order given. Of the translations of one story he gets one: the first that comes
 * to him, and of those that come together the one in the language he likes best. What he has been told already is
 * worked out from what he chose at the time and from what the editions for him covered since he came.
 */
export const choose = <Article extends Choosable>(
  articles: readonly Article[],
  wants: Wants,
  past: Past = NO_PAST,
): Article[] => {
  const received = receivedOf(articles, wants, past);
  return articles.filter((article) => article.announcedSeq > wants.after && received.has(article));
};

/**
 * The corrections for a reader: of articles he was told as they were, each once, in the first mail that he gets after
 * it. He has had his mail if, since the edition that was to bring the correction, there was anything for him; where
 * corrections go out `alone`, he always has.
 */
export const correctionsFor = <Correction extends Correctable>(
  corrections: readonly Correction[],
  articles: readonly Choosable[],
  wants: Wants,
  past: Past & { readonly alone: boolean },
): Correction[] => {
  if (corrections.length === 0) return [];
  const windows = wants.windows ?? past.windows;
  const earlier = [...receivedOf(articles, wants, past)].filter(({ announcedSeq }) => announcedSeq <= wants.after);
  const windowById = new Map(earlier.map(({ id, announcedSeq }) => [id, windows[windowOf(announcedSeq, windows)]]));
  const lastMail = Math.max(-1, ...earlier.map(({ announcedSeq }) => windowOf(announcedSeq, windows)));
  // What was put right before the edition with it began went to nobody as it was.
  const hadItWrong = ({ id, at }: Correctable): boolean => (windowById.get(id)?.startedAt ?? LATER) <= at;
  const waits = (one: Correctable): boolean =>
    hadItWrong(one) && (one.seq > wants.after || (!past.alone && windowOf(one.seq, windows) > lastMail));
  return [...new Map(corrections.filter(waits).map((one) => [one.id, one])).values()];
};

const LATER: Instant = '9999-12-31T23:59:59.999Z';

interface Received {
  readonly article: Choosable;
  readonly window: number;
  readonly rank: number;
}

/** What reached the reader, now and before. */
const receivedOf = (articles: readonly Choosable[], wants: Wants, past: Past): Set<Choosable> => {
  const windows = wants.windows ?? past.windows;
  // What another cadence told, and he was not sent, takes nobody's place.
  const told = past.told.filter(({ announcedSeq }) => announcedSeq <= wants.after);
  const wanted = [...told, ...articles].flatMap((article): Received[] => {
    if (article.announcedSeq <= (wants.since ?? 0)) return [];
    const isNow = article.announcedSeq > wants.after;
    const window = isNow ? windows.length + 1 : windowOf(article.announcedSeq, windows);
    const { languages, topics } = interestsAt(wants, windows[window]?.startedAt);
    const rank = languages.indexOf(article.language);
    return rank < 0 || !concerns(article, topics) ? [] : [{ article, rank, window }];
  });
  const byStory = new Map<string, Received[]>();
  for (const one of wanted.sort((a, b) => a.window - b.window || a.rank - b.rank)) {
    const { story, id } = one.article;
    const name = story === null ? `article ${id}` : `story ${story}`;
    const before = byStory.get(name) ?? [];
    // What comes together counts once; later, a story is news again only in a language in which it was told before.
    const isTold = before.some(
      ({ window, article }) => window === one.window || article.language !== one.article.language,
    );
    if (!isTold) byStory.set(name, [...before, one]);
  }
  return new Set([...byStory.values()].flat().map(({ article }) => article));
};

/** Which of the editions covered it. */
const windowOf = (seq: number, windows: readonly Window[]): number => {
  const index = windows.findIndex(({ upTo }) => seq <= upTo);
  return index < 0 ? windows.length : index;
};

/** What he had chosen when an edition began; `undefined`: what he chooses now. */
const interestsAt = (wants: Wants, moment: Instant | undefined): Interests =>
  (moment !== undefined && wants.earlier?.find(({ until }) => moment < until)) || wants;

const concerns = (article: Choosable, topics: readonly string[]): boolean =>
  topics.length === 0 || article.topics.some((topic) => topics.includes(topic));

/** Readers who want the same get the same: what was worked out for one serves all. */
export const keyOf = (wants: Wants): string => {
  const { after, since = 0, windows, earlier } = wants;
  const plain = `${spelled(wants)}|${after}|${since}`;
  if (!windows && !earlier) return plain;
  const mine = windows?.map(({ upTo }) => upTo).join(' ') ?? 'usual';
  const before = (earlier ?? []).map((one) => `${spelled(one)}|${one.until}`);
  return [plain, mine, ...before].join('|');
};

const spelled = ({ languages, topics }: Interests): string => `${languages.join(' ')}|${[...topics].sort().join(' ')}`;

/** The same wants, said so that readers who came at different times share a layout where that makes no difference. */
export const plainly = (wants: Wants, articles: readonly Choosable[], { told }: Past): Wants => {
  const { since = 0, ...rest } = wants;
  if (since === 0) return rest;
  const passed = lastPassed(since, articles, told);
  return passed === 0 ? rest : { ...rest, since: passed };
};

/** The last article that this `since` leaves behind; 0 for none. Asked for every mail, so it is worked out once. */
const lastPassed = (since: number, articles: readonly Choosable[], told: readonly Choosable[]): number => {
  const known = passedBy.get(articles) ?? new Map<number, number>();
  passedBy.set(articles, known);
  const there = known.get(since);
  if (there !== undefined) return there;
  const before = (sum: number, { announcedSeq }: Choosable): number =>
    announcedSeq <= since ? Math.max(sum, announcedSeq) : sum;
  const last = articles.reduce(before, told.reduce(before, 0));
  known.set(since, last);
  return last;
};

const passedBy = new WeakMap<readonly Choosable[], Map<number, number>>();
