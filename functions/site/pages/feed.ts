import { type FeedInfo, FORMATS, feedsOf } from '../../feeds/addresses.ts';
import { labelIn, type Newsroom } from '../../shared/config.ts';
import type { House } from '../../shared/page/house.ts';
import { siteRoute } from '../ports.ts';
import { inEveryLanguage, languageIn, nothingHere, pageAnswer } from './page.ts';
import { liveArticles, teaserOf } from './teaser.ts';

const LATEST = 10;
const FORMAT_NAMES = { rss: 'RSS', atom: 'Atom', json: 'JSON Feed' } as const;

/** What a person sees who follows a link to a feed: the edge's rules send browsers here. */
export const feedPageRoute = siteRoute({
  method: 'GET',
  path: '/{lang}/feeds/{topic}',
  access: 'public',
  summary: 'One feed, for people: its latest articles, its addresses, and readers that open it',
  answers: { 200: 'The feed’s page.', 404: 'There is no such language or feed.' },
  work: async (site, { params }) => {
    const language = languageIn(site, params);
    const { newsroom, siteUrl } = site.house;
    const feed = feedsOf(newsroom).find((one) => one.language === language && one.topic === params['topic']);
    if (!feed) throw nothingHere();
    const rows = await site.lists.news(language, feed.topic, { limit: LATEST });
    const pathOf = (one: string): string => `/${one}/feeds/${feed.topic}`;
    return pageAnswer(site, 'feed', {
      language,
      path: pathOf(language),
      alternates: inEveryLanguage(site, pathOf),
      topicId: feed.topic,
      label: feedLabel(site.house, feed),
      addresses: FORMATS.map((format) => ({ format, name: FORMAT_NAMES[format], url: siteUrl + feed.paths[format] })),
      readers: readersOf(siteUrl + feed.paths.rss),
      articlesPath: feed.pagePath,
      teasers: (await liveArticles(site.articles, rows)).map((article) => teaserOf(newsroom, article)),
    });
  },
});

/** “All topics”, or the topic's label, in the feed's own language. */
export const feedLabel = (
  { newsroom, templates }: { readonly newsroom: Newsroom; readonly templates: House['templates'] },
  { topic, language }: Pick<FeedInfo, 'topic' | 'language'>,
): string => {
  const label = newsroom.topics.find(({ id }) => id === topic)?.label;
  return label ? labelIn(label, language, newsroom) : templates.say(language, 'site.feedsPage.all');
};

/** Addresses by which well-known readers take a feed. `feed:` opens the reader on a person's own machine. */
const readersOf = (url: string) => [
  { name: 'Feedly', url: `https://feedly.com/i/subscription/feed%2F${encodeURIComponent(url)}` },
  { name: 'Inoreader', url: `https://www.inoreader.com/?add_feed=${encodeURIComponent(url)}` },
  { name: 'NewsBlur', url: `https://www.newsblur.com/?url=${encodeURIComponent(url)}` },
  { name: null, url: `feed:${url}` },
];
