import { ALL_TOPICS, type FeedName, feedKey } from '../addresses.ts';
import { authorList, isAuthorList } from '../authors.ts';
import type {
  Bound,
  Byline,
  Changes,
  DateRow,
  NewsRow,
  Place,
  Rewrite,
  Shelving,
  StoryRow,
  Touch,
} from './listRows.ts';

/** What the lists say already of the articles and stories that some entries are about. */
export interface Known {
  readonly places: readonly Place[];
  readonly stories: readonly StoryRow[];
  readonly touches: readonly Touch[];
}

/** The rows so far, by their keys: a later entry replaces what an earlier one made of the same row. */
export interface Draft {
  readonly places: Map<string, Place>;
  readonly stories: Map<string, StoryRow>;
  readonly news: Map<string, NewsRow>;
  readonly dates: Map<string, DateRow>;
  readonly touches: Map<string, Touch>;
  readonly bounds: Bound[];
  readonly rewrites: Rewrite[];
  readonly bylines: Map<string, Byline>;
  /** The places, stories and touches that are no longer what was known. */
  readonly changed: Set<Place | StoryRow | Touch>;
}

export const draftFrom = ({ places, stories, touches }: Known): Draft => ({
  places: new Map(places.map((place) => [place.id, place])),
  stories: new Map(stories.map((row) => [storyKey(row), row])),
  news: new Map(),
  dates: new Map(),
  touches: new Map(touches.map((touch) => [feedKey(touch.feed), touch])),
  bounds: [],
  rewrites: [],
  bylines: new Map(),
  changed: new Set(),
});

export const changesOf = (draft: Draft): Changes => ({
  news: [...draft.news.values()],
  dates: [...draft.dates.values()],
  stories: [...draft.stories.values()].filter((row) => draft.changed.has(row)),
  bounds: draft.bounds,
  rewrites: draft.rewrites,
  bylines: [...draft.bylines.values()],
  touches: [...draft.touches.values()].filter((touch) => draft.changed.has(touch)),
  places: [...draft.places.values()].filter((place) => draft.changed.has(place)),
});

export const touch = (draft: Draft, feed: FeedName, seq: number): void => {
  const there = feedStanding(draft, feed);
  if (there.seq < seq) touchWith(draft, { ...there, seq });
};

export const touchWith = (draft: Draft, touch: Touch): void => {
  draft.touches.set(feedKey(touch.feed), touch);
  draft.changed.add(touch);
  if (isAuthorList(touch.feed)) sign(draft, { list: touch.feed, seq: touch.seq, name: null });
};

/** Notes that an entry touched an author's feed. A name that was noted stays. */
export const sign = (draft: Draft, byline: Byline): void => {
  const key = `${feedKey(byline.list)}/${byline.seq}`;
  draft.bylines.set(key, { ...byline, name: byline.name ?? draft.bylines.get(key)?.name ?? null });
};

export const NOTHING_ARCHIVED: Shelving = { closed: 0, through: 0, newest: 0, count: 0, changedSeq: 0 };

/** The feed's last touch so far. */
export const feedStanding = (draft: Draft, feed: FeedName): Touch =>
  draft.touches.get(feedKey(feed)) ?? { feed, seq: 0, shelving: NOTHING_ARCHIVED };

/** Where an article is listed by date: with all others of its language, and by its topics. */
export const topicListsOf = ({ language, topics }: Pick<Place, 'language' | 'topics'>): FeedName[] =>
  [...new Set([ALL_TOPICS, ...topics])].map((topic) => ({ language, topic }));

/** Where an article is news: there, and by its authors. */
export const listsOf = (place: Pick<Place, 'language' | 'topics' | 'authors'>): FeedName[] => [
  ...topicListsOf(place),
  ...place.authors.map((slug) => authorList(place.language, slug)),
];

export const storyKey = ({ story, language }: Pick<StoryRow, 'story' | 'language'>): string => `${language}/${story}`;
