import { labelIn, type Newsroom } from '../shared/config.ts';

export const FORMATS = ['rss', 'atom', 'json'] as const;
export type Format = (typeof FORMATS)[number];

/** The topic id that stands for every topic; the config reserves it. */
export const ALL_TOPICS = 'all';

export const CONTENT_TYPES: Readonly<Record<Format, string>> = {
  rss: 'application/rss+xml; charset=utf-8',
  atom: 'application/atom+xml; charset=utf-8',
  json: 'application/feed+json; charset=utf-8',
};

/** One language, and one topic's id or `all`. */
export interface FeedName {
  readonly language: string;
  readonly topic: string;
}

export interface FeedInfo extends FeedName {
  /** Where its articles are listed: under the ids that its topic had before, too. */
  readonly list: FeedName;
  /** In the feed's language, different from every other feed's, and the same in all its formats. */
  readonly title: string;
  readonly description: string;
  /** The page for people that shows the same articles. */
  readonly pagePath: string;
  readonly paths: Readonly<Record<Format, string>>;
}

/** `/feeds/en/all.rss`; without its first slash, the key of the object in the public bucket. */
export const feedPath = (language: string, topic: string, format: Format): string =>
  `/feeds/${language}/${topic}.${format}`;

/** `/feeds/en/all/archive/1.atom`: the oldest fifty articles. */
export const archivePath = ({ language, topic }: FeedName, number: number): string =>
  `/feeds/${language}/${topic}/archive/${number}.atom`;

/** `en/all`: the feed's name in logs and maps. */
export const feedKey = ({ language, topic }: FeedName): string => `${language}/${topic}`;

/** Every feed of the newsroom: for each language the one of all topics, then one for each topic. */
export const feedsOf = (newsroom: Newsroom): FeedInfo[] =>
  newsroom.languages.flatMap(({ id: language, label: languageLabel }) => {
    const tagline = labelIn(newsroom.tagline, language, newsroom);
    const name = newsroom.languages.length > 1 ? `${newsroom.name} (${languageLabel})` : newsroom.name;
    return [
      infoOf({ language, topic: ALL_TOPICS }, name, tagline, `/${language}`),
      ...newsroom.topics.map((topic) => {
        const topicLabel = labelIn(topic.label, language, newsroom);
        const title = `${newsroom.name} – ${topicLabel}`;
        const name = { language, topic: topic.id };
        const info = infoOf(name, title, `${topicLabel} – ${tagline}`, `/${language}/topics/${topic.id}`);
        return { ...info, list: { language, topic: topicList(topic) } };
      }),
    ];
  });

/** The topic id under which the newsletters that went out are a feed; the config reserves it. */
export const EDITIONS = 'editions';

/** The feed of editions in a language, named by the label and description given. */
export const editionsFeed = (
  newsroom: Newsroom,
  language: string,
  { label, description }: { readonly label: string; readonly description: string },
): FeedInfo =>
  infoOf({ language, topic: EDITIONS }, `${newsroom.name} – ${label}`, description, `/${language}/editions`);

/**
 * The list of a topic. One that was renamed has a list of its own, made of all its ids: no id has this sign in it, and
 * the order of the ids says nothing.
 */
export const topicList = ({ id, formerly = [] }: { readonly id: string; readonly formerly?: readonly string[] }) =>
  [id, ...formerly].sort().join('+');

export const infoOf = (name: FeedName, title: string, description: string, pagePath: string): FeedInfo => ({
  ...name,
  list: name,
  title,
  description,
  pagePath,
  paths: {
    rss: feedPath(name.language, name.topic, 'rss'),
    atom: feedPath(name.language, name.topic, 'atom'),
    json: feedPath(name.language, name.topic, 'json'),
  },
});
