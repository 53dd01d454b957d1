import type { Item, Key, Table } from '../../shared/storage/table.ts';
import { atOnce } from '../atOnce.ts';
import {
  itemOfDate,
  itemOfNews,
  itemOfPlace,
  itemOfStory,
  itemOfTouch,
  newsItem,
  newsList,
  placeItem,
  placeKey,
  storyItem,
  storyPartition,
} from '../items.dynamo.ts';
import type { ListRows } from './listRows.ts';

const PUTS_AT_ONCE = 24;

export const dynamoListRows = (table: Table): ListRows => ({
  async news(list, limit) {
    const found = await table.query({ pk: newsList(list), reverse: true, limit });
    return found.map((item) => ({ list, ...newsItem.parse(item) }));
  },

  async stories(of) {
    const keys = new Map(
      of.map(({ story, language }) => [`${language} ${story}`, { pk: storyPartition(story), sk: language }]),
    );
    return (await readAll(table, [...keys.values()])).map((item) => storyItem.parse(item));
  },

  async places(ids) {
    return (await table.batchGet([...new Set(ids)].map(placeKey))).map((item) => placeItem.parse(item));
  },

  async keep({ news, dates, stories, touches, places }) {
    await putAll(table, [...news.map(itemOfNews), ...dates.map(itemOfDate), ...stories.map(itemOfStory)]);
    await putAll(table, touches.map(itemOfTouch));
    await putAll(table, places.map(itemOfPlace));
  },
});

/** Keys of one BatchGetItem; several go at the same time. */
const KEYS_TOGETHER = 100;

const readAll = async (table: Table, keys: readonly Key[]): Promise<Item[]> => {
  const parts = Array.from({ length: Math.ceil(keys.length / KEYS_TOGETHER) }, (_, i) =>
    keys.slice(i * KEYS_TOGETHER, (i + 1) * KEYS_TOGETHER),
  );
  return (await Promise.all(parts.map((part) => table.batchGet(part)))).flat();
};

/** A put that is refused finds a row that says more already. */
const putAll = (table: Table, items: readonly Item[]): Promise<void> =>
  atOnce(PUTS_AT_ONCE, items, async (item) => {
    await table.put(item, { below: ['seq', Number(item['seq'])] });
  });
