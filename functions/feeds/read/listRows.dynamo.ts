import type { Item, Key, Range, Table } from '../../shared/storage/table.ts';
import { feedKey } from '../addresses.ts';
import { atOnce } from '../atOnce.ts';
import {
  boundItem,
  boundList,
  boundSortKey,
  bylineItem,
  bylineList,
  bylinesThrough,
  itemOfBound,
  itemOfByline,
  itemOfDate,
  itemOfNews,
  itemOfPlace,
  itemOfRewrite,
  itemOfStory,
  itemOfTouch,
  newsItem,
  newsList,
  newsSortKey,
  placeItem,
  placeKey,
  rewriteItem,
  rewriteList,
  rewriteSortKey,
  storyItem,
  storyPartition,
  touchedItem,
  touchKey,
} from '../items.dynamo.ts';
import { AUTHORS_FILLING, type Bound, type Changes, type Filling, type ListRows, type Place } from './listRows.ts';

const PUTS_AT_ONCE = 24;

export const dynamoListRows = (table: Table, filling?: Filling): ListRows => ({
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
    const found = await placesIn(table, ids, filling?.name);
    // Of what the first release wrote, only the reader that filled the authors' lists knows the authors.
    const unsigned = found.filter(({ authors }) => authors === undefined).map(({ id }) => id);
    const signed = unsigned.length === 0 ? [] : await placesIn(table, unsigned, AUTHORS_FILLING);
    const authors = new Map(signed.map((place) => [place.id, place.authors]));
    return found.map((place): Place => ({ ...place, authors: place.authors ?? authors.get(place.id) ?? [] }));
  },

  async touches(of) {
    const feeds = new Map(of.map((feed) => [feedKey(feed), feed]));
    const items = await readAll(table, [...feeds.values()].map(touchKey));
    return items.flatMap((item) => {
      const { feed: key, seq, shelving } = touchedItem.parse(item);
      const feed = feeds.get(key);
      return feed ? [{ feed, seq, shelving }] : [];
    });
  },

  async newsWithin({ list, after, through }) {
    const range = { pk: newsList(list), from: newsSortKey(after + 1), to: newsSortKey(through) };
    return (await table.query({ ...range, reverse: true })).map((item) => ({ list, ...newsItem.parse(item) }));
  },

  async rewrites(list, { after, limit }) {
    const found = await table.query({ pk: rewriteList(list), after: rewriteSortKey(after), limit });
    return found.map((item) => ({ list, ...rewriteItem.parse(item) }));
  },

  async boundsAround(list, announcedSeq) {
    const pk = boundList(list);
    const bounds = async (range: Partial<Range>): Promise<Bound[]> =>
      (await table.query({ pk, ...range })).map((item) => ({ list, ...boundItem.parse(item) }));
    const [[here, next], [before]] = await Promise.all([
      bounds({ from: boundSortKey(announcedSeq), limit: 2 }),
      bounds({ after: boundSortKey(announcedSeq), reverse: true, limit: 1 }),
    ]);
    return { ...(before && { before }), ...(here && { here }), ...(next && { next }) };
  },

  async bylines(language, { after, through, limit }) {
    // Another builder has read further than this one; a range that ends before it begins is an error to the table.
    if (after >= bylinesThrough(through)) return [];
    const range = { pk: bylineList(language), after, to: bylinesThrough(through) };
    const found = (await table.query({ ...range, limit })).map((item) => bylineItem.parse(item));
    return found.map(({ sk, seq, topic }) => ({ key: sk, seq, list: { language, topic } }));
  },

  filling: (one) => dynamoListRows(table, one),

  async keep(changes) {
    const { news, dates, stories, bounds, rewrites, bylines, touches, places } = filling
      ? within(changes, filling)
      : changes;
    const archive = [...bounds.map(itemOfBound), ...rewrites.map(itemOfRewrite), ...bylines.map(itemOfByline)];
    await putAll(table, [...news.map(itemOfNews), ...dates.map(itemOfDate), ...stories.map(itemOfStory), ...archive]);
    await putAll(table, touches.map(itemOfTouch));
    await putAll(
      table,
      places.map((place) => itemOfPlace(place, filling?.name)),
    );
  },
});

const placesIn = async (table: Table, ids: readonly string[], filling?: string) =>
  (await table.batchGet([...new Set(ids)].map((id) => placeKey(id, filling)))).map((item) => placeItem.parse(item));

/** Only what is in these lists. Stories stand already. */
const within = (changes: Changes, { holds }: Filling): Changes => ({
  news: changes.news.filter(({ list }) => holds(list)),
  dates: changes.dates.filter(({ list }) => holds(list)),
  stories: [],
  bounds: changes.bounds.filter(({ list }) => holds(list)),
  rewrites: changes.rewrites.filter(({ list }) => holds(list)),
  bylines: changes.bylines.filter(({ list }) => holds(list)),
  touches: changes.touches.filter(({ feed }) => holds(feed)),
  places: changes.places,
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
