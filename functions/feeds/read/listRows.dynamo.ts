import type { Item, Table } from '../../shared/storage/table.ts';
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

/** Puts under way at the same time. */
const AT_ONCE = 24;

export const dynamoListRows = (table: Table): ListRows => ({
  async news(list, limit) {
    const found = await table.query({ pk: newsList(list), reverse: true, limit });
    return found.map((item) => ({ list, ...newsItem.parse(item) }));
  },

  async stories(of) {
    const keys = new Map(
      of.map(({ story, language }) => [`${language} ${story}`, { pk: storyPartition(story), sk: language }]),
    );
    return (await table.batchGet([...keys.values()])).map((item) => storyItem.parse(item));
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

/** A put that is refused finds a row that says more already. */
const putAll = async (table: Table, items: readonly Item[]): Promise<void> => {
  const waiting = [...items];
  const worker = async (): Promise<void> => {
    for (let item = waiting.pop(); item; item = waiting.pop()) {
      await table.put(item, { below: ['seq', Number(item['seq'])] });
    }
  };
  await Promise.all(Array.from({ length: Math.min(AT_ONCE, items.length) }, worker));
};
