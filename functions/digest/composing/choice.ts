/** What an article must tell to be chosen by. */
export interface Choosable {
  readonly id: string;
  readonly language: string;
  readonly topics: readonly string[];
  readonly story: string | null;
  readonly announcedSeq: number;
}

/** What a reader wants of an edition. */
export interface Wants {
  /** Best first. */
  readonly languages: readonly string[];
  /** `[]`: all of them. */
  readonly topics: readonly string[];
  /** Only what was announced after this `seq`. */
  readonly after: number;
  /** What was announced up to here had its edition before the reader came. Without it, he has been there all along. */
  readonly since?: number;
}

/** What earlier editions of a cadence told, as far back as it matters for this one. */
export interface Past {
  readonly told: readonly Choosable[];
  /** Up to where each of these editions went, the oldest first. */
  readonly windows: readonly number[];
}

export const NO_PAST: Past = { told: [], windows: [] };

/** Something to be put right with an article that an earlier edition told. */
export interface Correctable {
  /** Of the article. */
  readonly id: string;
  /** Of the entry that corrects it. */
  readonly seq: number;
}

/**
 * The articles for a reader, in the order given. Of the translations of one story he gets one: the first that comes
 * to him, and of those that come together the one in the language he likes best. What he has been told already is
 * worked out from his choices and from what earlier editions covered since he came.
 */
export const choose = <Article extends Choosable>(
  articles: readonly Article[],
  wants: Wants,
  past: Past = NO_PAST,
): Article[] => {
  const received = receivedOf([...past.told, ...articles], wants, past.windows);
  return articles.filter((article) => article.announcedSeq > wants.after && received.has(article));
};

/**
 * The corrections for a reader: of articles he was told, each once, in the first mail that he gets after it. He has had
 * his mail if, since the edition that was to bring the correction, there was anything for him; where corrections go
 * out `alone`, he always has.
 */
export const correctionsFor = <Correction extends Correctable>(
  corrections: readonly Correction[],
  articles: readonly Choosable[],
  wants: Wants,
  { told, windows, alone }: Past & { readonly alone: boolean },
): Correction[] => {
  if (corrections.length === 0) return [];
  const earlier = [...receivedOf([...told, ...articles], wants, windows)].filter(
    ({ announcedSeq }) => announcedSeq <= wants.after,
  );
  const known = new Set(earlier.map(({ id }) => id));
  const lastMail = Math.max(-1, ...earlier.map(({ announcedSeq }) => windowOf(announcedSeq, windows)));
  const waits = ({ id, seq }: Correctable): boolean =>
    known.has(id) && (seq > wants.after || (!alone && windowOf(seq, windows) > lastMail));
  return [...new Map(corrections.filter(waits).map((one) => [one.id, one])).values()];
};

interface Received<Article> {
  readonly article: Article;
  readonly window: number;
  readonly rank: number;
}

/** What reached the reader, now and before. */
const receivedOf = <Article extends Choosable>(
  articles: readonly Article[],
  wants: Wants,
  windows: readonly number[],
): Set<Article> => {
  const wanted = articles.flatMap((article): Received<Article>[] => {
    const rank = wants.languages.indexOf(article.language);
    if (rank < 0 || article.announcedSeq <= (wants.since ?? 0) || !concerns(article, wants.topics)) return [];
    const isNow = article.announcedSeq > wants.after;
    return [{ article, rank, window: isNow ? windows.length + 1 : windowOf(article.announcedSeq, windows) }];
  });
  const byStory = new Map<string, Received<Article>[]>();
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
const windowOf = (seq: number, windows: readonly number[]): number => {
  const index = windows.findIndex((upTo) => seq <= upTo);
  return index < 0 ? windows.length : index;
};

const concerns = (article: Choosable, topics: readonly string[]): boolean =>
  topics.length === 0 || article.topics.some((topic) => topics.includes(topic));

/** Readers who want the same get the same: what was worked out for one serves all. */
export const keyOf = ({ languages, topics, after, since = 0 }: Wants): string =>
  `${languages.join(' ')}|${[...topics].sort().join(' ')}|${after}|${since}`;

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
