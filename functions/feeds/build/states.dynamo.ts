import type * as z from 'zod';
import type { Table } from '../../shared/storage/table.ts';
import {
  archivedItem,
  archivedKey,
  authorsItem,
  builtItem,
  filledItem,
  filledKey,
  isArchivedPlain,
  itemOfArchived,
  itemOfAuthors,
  itemOfBuilt,
  SETTINGS_SORT_KEY,
  STATES,
  settingsItem,
  shownItem,
  shownKey,
  touchedItem,
} from '../items.dynamo.ts';
import type { Shelving } from '../read/listRows.ts';
import type { AuthorsBuilt, FeedStates, StateKeeper } from './states.ts';

export const dynamoStates = (table: Table): StateKeeper => ({
  async read() {
    const items = (await table.query({ pk: STATES })).filter((item) => !isArchivedPlain(item));
    return statesFrom(items.map((item) => stateItem.parse(item)));
  },

  settle: ({ hash, generation }, former) =>
    table.put(
      { pk: STATES, sk: SETTINGS_SORT_KEY, hash, generation },
      former ? { is: { generation: former.generation } } : 'absent',
    ),

  async keepBuilt(feed, version) {
    await table.put(itemOfBuilt(feed, version));
  },

  async keepArchived(feed, seq) {
    // Of two builders the one that is further says so.
    await table.put(itemOfArchived(feed, seq), { below: ['archivedSeq', seq] });
  },

  async archivedOf(feed) {
    const item = await table.get(archivedKey(feed));
    return item ? archivedItem.parse(item).archivedSeq : 0;
  },

  async keepAuthors(language, built) {
    // Of two builders the slower one may say less than is true: then some feeds are looked at once more.
    await table.put(itemOfAuthors(language, built));
  },

  async shownOf(feed) {
    const item = await table.get(shownKey(feed));
    return item && shownItem.parse(item);
  },

  async keepShown(feed, shown) {
    await table.put({ ...shownKey(feed), ...shown });
  },

  async keepFilled(filling) {
    await table.put({ ...filledKey(filling), filling });
  },
});

/** Each kind is known by a field that no other has. */
const statesFrom = (items: readonly z.output<typeof stateItem>[]): FeedStates => {
  const touched = new Map<string, { seq: number; shelving: Shelving }>();
  const archived = new Map<string, number>();
  const built = new Map<string, { seq: number; generation: number }>();
  const authors = new Map<string, AuthorsBuilt>();
  const filled = new Set<string>();
  let settings: FeedStates['settings'] = null;
  for (const item of items) {
    if ('hash' in item) settings = { hash: item.hash, generation: item.generation };
    else if ('filling' in item) filled.add(item.filling);
    else if ('through' in item) authors.set(item.language, { through: item.through, generation: item.generation });
    else if ('generation' in item) built.set(item.feed, { seq: item.seq, generation: item.generation });
    else if ('archivedSeq' in item) archived.set(item.feed, item.archivedSeq);
    else touched.set(item.feed, { seq: item.seq, shelving: item.shelving });
  }
  return { settings, touched, built, archived, authors, filled };
};

const stateItem = settingsItem.or(filledItem).or(authorsItem).or(builtItem).or(archivedItem).or(touchedItem);
