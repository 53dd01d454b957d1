import { siteRoute } from '../ports.ts';
import { feedLabel, namedFeedsOf } from './feed.ts';
import { inEveryLanguage, languageIn, pageAnswer } from './page.ts';

/** Those who wrote last; every article's byline leads to its author's feed. */
const MOST_AUTHORS = 24;

export const feedsPageRoute = siteRoute({
  method: 'GET',
  path: '/{lang}/feeds',
  access: 'public',
  summary: 'All feeds, for people',
  answers: { 200: 'The addresses of all feeds.', 404: 'The newsroom has no such language.' },
  work: async (site, { params }) => {
    const language = languageIn(site, params);
    const { newsroom } = site.house;
    const pathOf = (one: string): string => `/${one}/feeds`;
    // The reader's own language first; the others stand below, each under its own name.
    const groups = [...newsroom.languages]
      .sort((a, b) => Number(b.id === language) - Number(a.id === language))
      .map(({ id, label }) => ({
        id,
        label,
        own: id === language,
        feeds: namedFeedsOf(site.house)
          .filter((feed) => feed.language === id)
          .map((feed) => ({ topic: feed.topic, paths: feed.paths, label: feedLabel(site.house, feed) })),
      }));
    return pageAnswer(site, 'feeds', {
      language,
      path: pathOf(language),
      alternates: inEveryLanguage(site, pathOf),
      groups,
      authors: await site.lists.authors(language, MOST_AUTHORS),
    });
  },
});
