import type { Newsroom } from '../shared/config.ts';
import type { Item, Table } from '../shared/storage/table.ts';
import { type FeedName, topicList } from './addresses.ts';
import { slugIn } from './authors.ts';
import {
  bylineItem,
  bylineList,
  dateItem,
  dateList,
  newsItem,
  newsList,
  newsSortKey,
  storyItem,
  storyPartition,
} from './items.dynamo.ts';
import type { Lists } from './lists.ts';

/** The last bylines among which authors are looked for. */
const BYLINES = 400;

/** `topics`: the newsroom's, so that one that was renamed is asked for by the id it has now. */
export const dynamoLists = (table: Table, topics: Newsroom['topics'] = []): Lists => ({
  async news(language, topic, { limit, before }) {
    const pk = newsList({ language, topic: listOf(topic, topics) } satisfies FeedName);
    const start = before === undefined ? undefined : newsSortKey(before);
    const rows = await liveRows(table, { pk, limit, before: start }, newsItem.parse);
    return rows.map(({ id, announcedSeq }) => ({ id, announcedSeq }));
  },

  async byDate(language, topic, { limit, before }) {
    const pk = dateList({ language, topic: listOf(topic, topics) } satisfies FeedName);
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

  async authors(language, limit) {
    const rows = await table.query({ pk: bylineList(language), reverse: true, limit: BYLINES });
    const names = new Map<string, string>();
    for (const { topic, name } of rows.map((item) => bylineItem.parse(item)))
      if (name !== null && !names.has(topic)) names.set(topic, name);
    const found: { slug: string; name: string }[] = [];
    for (let at = 0; at < names.size && found.length < limit; at += limit) {
      const some = [...names].slice(at, at + limit);
      const live = await Promise.all(some.map(([topic]) => hasNews(table, { language, topic })));
      found.push(...some.filter((_, i) => live[i]).map(([topic, name]) => ({ slug: slugIn({ topic }) ?? '', name })));
    }
    return found.slice(0, limit);
  },
});

const listOf = (topic: string, topics: Newsroom['topics']): string => {
  const found = topics.find(({ id }) => id === topic);
  return found ? topicList(found) : topic;
};

/** Whether anything is in this list. */
const hasNews = async (table: Table, list: FeedName): Promise<boolean> =>
  (await liveRows(table, { pk: newsList(list), limit: 1, before: undefined }, newsItem.parse)).length > 0;

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
