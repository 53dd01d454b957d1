import { ALL_TOPICS, type FeedName, feedKey } from '../addresses.ts';
import type { Changes, DateRow, NewsRow, Place, StoryRow, Touch } from './listRows.ts';

/** What the lists say already of the articles and stories that some entries are about. */
export interface Known {
  readonly places: readonly Place[];
  readonly stories: readonly StoryRow[];
}

/** The rows so far, by their keys: a later entry replaces what an earlier one made of the same row. */
export interface Draft {
  readonly places: Map<string, Place>;
  readonly stories: Map<string, StoryRow>;
  readonly news: Map<string, NewsRow>;
  readonly dates: Map<string, DateRow>;
  readonly touches: Map<string, Touch>;
  /** The places and stories that are no longer what was known. */
  readonly changed: Set<Place | StoryRow>;
}

export const draftFrom = ({ places, stories }: Known): Draft => ({
  places: new Map(places.map((place) => [place.id, place])),
  stories: new Map(stories.map((row) => [storyKey(row), row])),
  news: new Map(),
  dates: new Map(),
  touches: new Map(),
  changed: new Set(),
});

export const changesOf = (draft: Draft): Changes => ({
  news: [...draft.news.values()],
  dates: [...draft.dates.values()],
  stories: [...draft.stories.values()].filter((row) => draft.changed.has(row)),
  touches: [...draft.touches.values()],
  places: [...draft.places.values()].filter((place) => draft.changed.has(place)),
});

export const touch = (draft: Draft, feed: FeedName, seq: number): void => {
  draft.touches.set(feedKey(feed), { feed, seq });
};

/** The lists of an article: its language's, and those of its topics in it. */
export const listsOf = ({ language, topics }: Pick<Place, 'language' | 'topics'>): FeedName[] =>
  [...new Set([ALL_TOPICS, ...topics])].map((topic) => ({ language, topic }));

export const storyKey = ({ story, language }: Pick<StoryRow, 'story' | 'language'>): string => `${language}/${story}`;
