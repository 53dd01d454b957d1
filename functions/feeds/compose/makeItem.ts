import type { CurrentArticle } from '../../wire/ports.ts';
import type { FeedItem } from '../render/document.ts';
import { type Around, itemOf } from '../render/item.ts';

/** Makes the item of an article, or `undefined` where it cannot be in a feed. */
export type MakeItem = (current: CurrentArticle, translations: FeedItem['translations']) => FeedItem | undefined;

/** Makes each item once for as long as somebody holds on to the article, unless its translations change. */
export const itemMaker = (around: Around): MakeItem => {
  const made = new WeakMap<CurrentArticle, { readonly key: string; readonly item: FeedItem | undefined }>();
  return (current, translations) => {
    const key = JSON.stringify(translations);
    const there = made.get(current);
    if (there?.key === key) return there.item;
    const item = itemOrNothing(current, translations, around);
    made.set(current, { key, item });
    return item;
  };
};

const itemOrNothing = (
  { article }: CurrentArticle,
  translations: FeedItem['translations'],
  around: Around,
): FeedItem | undefined => {
  try {
    return itemOf(article, translations, around);
  } catch {
    // Whoever asked names it; one bad article costs itself and not the feed.
    return undefined;
  }
};
