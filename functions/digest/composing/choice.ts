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
}

/**
 * The articles for a reader, in the order given. Translations of one story count once, in the language he likes best.
 */
export const choose = <Article extends Choosable>(articles: readonly Article[], wants: Wants): Article[] => {
  const best = new Map<string, { readonly article: Article; readonly rank: number }>();
  for (const article of articles) {
    const rank = wants.languages.indexOf(article.language);
    if (rank < 0 || article.announcedSeq <= wants.after || !concerns(article, wants.topics)) continue;
    const story = article.story === null ? `article ${article.id}` : `story ${article.story}`;
    const other = best.get(story);
    if (!other || rank < other.rank) best.set(story, { article, rank });
  }
  const chosen = new Set([...best.values()].map(({ article }) => article));
  return articles.filter((article) => chosen.has(article));
};

const concerns = (article: Choosable, topics: readonly string[]): boolean =>
  topics.length === 0 || article.topics.some((topic) => topics.includes(topic));

/** Readers who want the same get the same: what was worked out for one serves all. */
export const keyOf = ({ languages, topics, after }: Wants): string =>
  `${languages.join(' ')}|${[...topics].sort().join(' ')}|${after}`;
