import { topicsNow } from '../shared/config/topics.ts';
import type { Newsroom } from '../shared/config.ts';
import type { Articles, CurrentArticle, Wire } from './ports.ts';

/**
 * Articles with their topics as these are called now. The wire keeps the ids that were said when an article came in, and
 * a topic that was renamed since is the same topic.
 */
export const withTopicsNow = (articles: Articles, newsroom: Pick<Newsroom, 'topics'>): Articles => {
  const now = (current: CurrentArticle): CurrentArticle => ({
    ...current,
    article: { ...current.article, topics: topicsNow(newsroom, current.article.topics) },
  });
  return {
    async byId(id) {
      const found = await articles.byId(id);
      return found && now(found);
    },
    byIds: async (ids) => (await articles.byIds(ids)).map(now),
    async bySlug(language, slug) {
      const found = await articles.bySlug(language, slug);
      return found && now(found);
    },
  };
};

/** A wire whose entries name topics as these are called now. */
export const wireWithTopicsNow = (wire: Wire, newsroom: Pick<Newsroom, 'topics'>): Wire => ({
  head: () => wire.head(),
  async after(seq, limit) {
    const entries = await wire.after(seq, limit);
    return entries.map((entry) => ({
      ...entry,
      article: { ...entry.article, topics: topicsNow(newsroom, entry.article.topics) },
    }));
  },
});
