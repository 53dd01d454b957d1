/**
 * Which articles there are, in an order: the lists that the feeds' reader of the wire keeps. They name articles and
 * nothing more; what an article says now is asked of `Articles`, which may be a moment ahead of its lists.
 * `topic` is an id, `authors/` and an author's slug, or `all`.
 */
export interface Lists {
  /** Announced articles, the newest on the wire first. `before`: the `announcedSeq` of the last one already seen. */
  news(
    language: string,
    topic: string,
    how: { readonly limit: number; readonly before?: number },
  ): Promise<{ id: string; announcedSeq: number }[]>;
  /**
   * Every live article, those that were never announced too, by publication date and newest first. `before`: the `key`
   * of the last one already seen.
   */
  byDate(
    language: string,
    topic: string,
    how: { readonly limit: number; readonly before?: string },
  ): Promise<{ id: string; key: string }[]>;
  /** The live articles of a story, at most one for each language, in the order of the languages' ids. */
  translations(story: string): Promise<{ language: string; id: string }[]>;
  /** Authors with articles in this language, whoever was announced last first; named as that article names them. */
  authors(language: string, limit: number): Promise<{ slug: string; name: string }[]>;
}
