import type { Item, Table } from '../shared/storage/table.ts';
import type { FeedName } from './addresses.ts';
import { dateItem, dateList, newsItem, newsList, newsSortKey, storyItem, storyPartition } from './items.dynamo.ts';
import type { Lists } from './lists.ts';

export const dynamoLists = (table: Table): Lists => ({
  async news(language, topic, { limit, before }) {
    const pk = newsList({ language, topic } satisfies FeedName);
    const start = before === undefined ? undefined : newsSortKey(before);
    const rows = await liveRows(table, { pk, limit, before: start }, newsItem.parse);
    return rows.map(({ id, announcedSeq }) => ({ id, announcedSeq }));
  },

  async byDate(language, topic, { limit, before }) {
    const pk = dateList({ language, topic } satisfies FeedName);
    const rows = await liveRows(table, { pk, limit, before }, dateItem.parse);
    return rows.map(({ id, sk }) => ({ id, key: sk }));
  },

  async translations(story) {
    const rows = (await table.query({ pk: storyPartition(story) })).map((item) => storyItem.parse(item));
    return rows.flatMap(({ language, members }) => {
      const newest = members.at(-1);
      return newest ? [{ language, id: newest.id }] : [];
    });
  },
});

/** Reads on past the tombstones until there are enough live rows or none is left. */
const liveRows = async <Row extends { readonly gone: unknown }>(
  table: Table,
  { pk, limit, before }: { readonly pk: string; readonly limit: number; readonly before: string | undefined },
  parse: (item: Item) => Row,
): Promise<Row[]> => {
  const live: Row[] = [];
  let after = before;
  while (live.length < limit) {
    const page = await table.query({ pk, reverse: true, limit, ...(after !== undefined && { after }) });
    live.push(...page.map((item) => parse(item)).filter(({ gone }) => !gone));
    after = page.at(-1)?.sk;
    if (page.length < limit || after === undefined) break;
  }
  return live.slice(0, limit);
};
