import { editionsFeedIn } from '../../digest/archive/feed.ts';
import { EDITIONS, type FeedInfo, type FeedName, FORMATS, feedsOf } from '../../feeds/addresses.ts';
import { authorFeed, authorList, spellingsOf } from '../../feeds/authors.ts';
import { labelIn } from '../../shared/config.ts';
import type { Answer } from '../../shared/http/answer.ts';
import type { House } from '../../shared/page/house.ts';
import type { Article } from '../../wire/article.ts';
import { type Site, siteRoute } from '../ports.ts';
import { editionTeasers } from './editions.ts';
import { movedTopicAnswer } from './movedTopic.ts';
import { inEveryLanguage, languageIn, nothingHere, pageAnswer } from './page.ts';
import { liveArticles, type Teaser, teaserOf } from './teaser.ts';

const LATEST = 10;
const FORMAT_NAMES = { rss: 'RSS', atom: 'Atom', json: 'JSON Feed' } as const;

/** What a person sees who follows a link to a feed: the edge's rules send browsers here. */
export const feedPageRoute = siteRoute({
  method: 'GET',
  path: '/{lang}/feeds/{topic}',
  access: 'public',
  summary: 'One feed, for people: its latest articles, its addresses, and readers that open it',
  answers: {
    200: 'The feed’s page.',
    301: 'The feed’s topic has another id by now.',
    404: 'There is no such language or feed.',
    410: 'The newsroom no longer has this topic.',
  },
  work: async (site, { params }) => {
    const language = languageIn(site, params);
    const moved = movedTopicAnswer(site, language, params['topic'] ?? '', (id) => `/${language}/feeds/${id}`);
    if (moved) return moved;
    const feed = namedFeedsOf(site.house).find((one) => one.language === language && one.topic === params['topic']);
    if (!feed) throw nothingHere();
    const label = feedLabel(site.house, feed);
    const shown = { label, articlesPath: feed.pagePath, languages: inEveryLanguage };
    return feed.topic === EDITIONS
      ? feedPage(site, feed, { ...shown, teasers: await editionTeasers(site, language, LATEST) })
      : feedPage(site, feed, shown);
  },
});

export const authorFeedPageRoute = siteRoute({
  method: 'GET',
  path: '/{lang}/feeds/authors/{slug}',
  access: 'public',
  summary: 'The feed of an author, for people',
  answers: { 200: 'The feed’s page.', 404: 'There is no such language, or nothing by such an author.' },
  work: async (site, { params }) => {
    const language = languageIn(site, params);
    const list = authorList(language, params['slug'] ?? '');
    const names = spellingsOf(list, await newsOf(site, list));
    if (names.length === 0) throw nothingHere();
    // An author's feeds in two languages have nothing in common, and there may be only the one.
    return feedPage(site, authorFeed(site.house.newsroom, list, names), { label: names.join(', ') });
  },
});

interface Shown {
  readonly label: string;
  readonly articlesPath?: string;
  readonly languages?: typeof inEveryLanguage;
  /** What stands in it, where that is no list of articles. */
  readonly teasers?: readonly Teaser[];
}

const feedPage = async (site: Site, feed: FeedInfo, shown: Shown): Promise<Answer> => {
  const { label, articlesPath, languages } = shown;
  const { newsroom, siteUrl } = site.house;
  const pathOf = (one: string): string => `/${one}/feeds/${feed.topic}`;
  return pageAnswer(site, 'feed', {
    language: feed.language,
    path: pathOf(feed.language),
    ...(languages && { alternates: languages(site, pathOf) }),
    topicId: feed.topic,
    label,
    addresses: FORMATS.map((format) => ({ format, name: FORMAT_NAMES[format], url: siteUrl + feed.paths[format] })),
    readers: readersOf(siteUrl + feed.paths.rss),
    articlesPath,
    teasers: shown.teasers ?? (await newsOf(site, feed)).map((article) => teaserOf(newsroom, article)),
  });
};

const newsOf = async (site: Site, { language, topic }: FeedName): Promise<Article[]> =>
  liveArticles(site.articles, await site.lists.news(language, topic, { limit: LATEST }));

type Named = Pick<House, 'newsroom' | 'templates'>;

/** Every feed that is always there, in the order of the languages: of articles, and of newsletters that went out. */
export const namedFeedsOf = ({ newsroom, templates }: Named): FeedInfo[] => {
  const feeds = feedsOf(newsroom);
  return newsroom.languages.flatMap(({ id }) => [
    ...feeds.filter(({ language }) => language === id),
    editionsFeedIn({ newsroom, templates }, id),
  ]);
};

/** “All topics”, or the topic's label, in the feed's own language. */
export const feedLabel = (
  { newsroom, templates }: Named,
  { topic, language }: Pick<FeedInfo, 'topic' | 'language'>,
): string => {
  if (topic === EDITIONS) return templates.say(language, 'archive.label');
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
