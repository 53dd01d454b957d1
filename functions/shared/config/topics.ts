import * as z from 'zod';

/** Topic ids that addresses use for something else. */
const RESERVED = new Set(['all', 'editions', 'authors']);

const perLanguage = z.record(z.string(), z.string().min(1));

export const topicId = z
  .string()
  .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'it may have small letters, digits and single hyphens only')
  .max(60)
  .refine((value) => !RESERVED.has(value), 'all, editions and authors are reserved');

export const topicSetting = z.strictObject({
  id: topicId,
  label: perLanguage,
  /** Other names under which articles may bring this topic, in any language. */
  synonyms: z.array(z.string().min(1)).default([]),
  /** Ids this topic had before: their addresses lead here, and whoever chose them has chosen this. */
  formerly: z.array(topicId).default([]),
});

interface Topics {
  readonly topics: readonly { readonly id: string; readonly formerly?: readonly string[] | undefined }[];
}

/** The id that a topic has now: its own, the one it was renamed to, or, where the config knows it no more, this one. */
const topicNow = ({ topics }: Topics, id: string): string =>
  topics.some((topic) => topic.id === id) ? id : (topics.find(({ formerly = [] }) => formerly.includes(id))?.id ?? id);

/**
 * What an article's topics, or those somebody chose, are called now; each once. An id that the config knows no more
 * stays: left out, a choice of nothing else would become a choice of everything.
 */
export const topicsNow = (newsroom: Topics, ids: readonly string[]): string[] => [
  ...new Set(ids.map((id) => topicNow(newsroom, id))),
];

interface MovedTopics {
  /** The old id → the one it has now. */
  readonly renamed: Readonly<Record<string, string>>;
  readonly removed: readonly string[];
}

/** The ids whose addresses are no longer where they were. */
export const movedTopics = ({
  topics,
  removedTopics,
}: Topics & { readonly removedTopics: readonly string[] }): MovedTopics => ({
  renamed: Object.fromEntries(topics.flatMap(({ id, formerly = [] }) => formerly.map((old) => [old, id]))),
  removed: removedTopics,
});

/** What is wrong with former and removed ids: each may say one thing only. */
export const topicTroubles = (
  config: Topics & { readonly removedTopics: readonly string[] },
): { path: PropertyKey[]; message: string }[] => {
  const taken = new Set(config.topics.map(({ id }) => id));
  const claim = (id: string, path: PropertyKey[]): { path: PropertyKey[]; message: string }[] => {
    if (taken.has(id))
      return [{ path, message: `“${id}” is the id of another topic, or was removed or renamed twice` }];
    taken.add(id);
    return [];
  };
  return [
    ...config.topics.flatMap(({ formerly = [] }, i) => formerly.flatMap((id) => claim(id, ['topics', i, 'formerly']))),
    ...config.removedTopics.flatMap((id) => claim(id, ['removedTopics'])),
  ];
};
