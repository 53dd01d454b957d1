import type { Doorbell } from '../../shared/storage/doorbell.ts';
import { feedsOf } from '../addresses.ts';
import { fillingsOf } from '../read/fillLists.ts';
import type { ListRows } from '../read/listRows.ts';
import { FEEDS_CURSOR } from '../read/readWire.ts';
import type { FeedBuilder } from './builder.ts';
import { settingsHash } from './settings.ts';
import { bylinesBuilt, type FeedStates, waitingFeeds } from './states.ts';

export interface FeedSweep extends Pick<FeedBuilder, 'wire' | 'cursors' | 'states' | 'settings'> {
  readonly rows: Pick<ListRows, 'bylines'>;
  readonly bell: Doorbell<Record<never, never>>;
}

/** Heals lost doorbells: rings where entries were not read, or a feed is not what it should be. */
export const sweepFeeds = async (sweep: FeedSweep): Promise<void> => {
  const { wire, cursors, states, settings, bell } = sweep;
  const [head, { seq }, state] = await Promise.all([wire.head(), cursors.read(FEEDS_CURSOR), states.read()]);
  if (head > seq || isBehind(state, settings) || (await authorsWait(sweep, state, seq))) await bell.ring({});
};

const isBehind = (state: FeedStates, settings: FeedBuilder['settings']): boolean => {
  if (state.settings?.hash !== settingsHash(settings)) return true;
  if (fillingsOf(settings.newsroom.topics).some(({ name }) => !state.filled.has(name))) return true;
  return waitingFeeds(feedsOf(settings.newsroom), state, state.settings.generation).length > 0;
};

const authorsWait = async ({ rows, settings }: FeedSweep, state: FeedStates, through: number): Promise<boolean> => {
  const generation = state.settings?.generation ?? 0;
  const found = await Promise.all(
    settings.newsroom.languages.map(({ id }) =>
      rows.bylines(id, { after: bylinesBuilt(state.authors.get(id), generation), through, limit: 1 }),
    ),
  );
  return found.flat().length > 0;
};
