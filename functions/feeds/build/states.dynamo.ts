import type { Table } from '../../shared/storage/table.ts';
import {
  archivedItem,
  builtItem,
  isArchivedPlain,
  itemOfArchived,
  itemOfBuilt,
  SETTINGS_SORT_KEY,
  STATES,
  settingsItem,
  touchedItem,
} from '../items.dynamo.ts';
import type { Shelving } from '../read/listRows.ts';
import type { StateKeeper } from './states.ts';

export const dynamoStates = (table: Table): StateKeeper => ({
  async read() {
    const touched = new Map<string, { seq: number; shelving: Shelving }>();
    const archived = new Map<string, number>();
    const built = new Map<string, { seq: number; generation: number }>();
    let settings: { hash: string; generation: number } | null = null;
    for (const item of await table.query({ pk: STATES })) {
      if (isArchivedPlain(item)) continue;
      const state = stateItem.parse(item);
      if ('hash' in state) settings = { hash: state.hash, generation: state.generation };
      else if ('generation' in state) built.set(state.feed, { seq: state.seq, generation: state.generation });
      else if ('archivedSeq' in state) archived.set(state.feed, state.archivedSeq);
      else touched.set(state.feed, { seq: state.seq, shelving: state.shelving });
    }
    return { settings, touched, built, archived };
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
});

const stateItem = settingsItem.or(builtItem).or(archivedItem).or(touchedItem);
