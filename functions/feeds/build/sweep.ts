import type { Doorbell } from '../../shared/storage/doorbell.ts';
import { feedsOf } from '../addresses.ts';
import { FEEDS_CURSOR } from '../read/readWire.ts';
import type { FeedBuilder } from './builder.ts';
import { settingsHash } from './settings.ts';
import { type FeedStates, waitingFeeds } from './states.ts';

export interface FeedSweep extends Pick<FeedBuilder, 'wire' | 'cursors' | 'states' | 'settings'> {
  readonly bell: Doorbell<Record<never, never>>;
}

/** Heals lost doorbells: rings where entries were not read, or a feed is not what it should be. */
export const sweepFeeds = async ({ wire, cursors, states, settings, bell }: FeedSweep): Promise<void> => {
  const [head, { seq }, state] = await Promise.all([wire.head(), cursors.read(FEEDS_CURSOR), states.read()]);
  if (head > seq || isBehind(state, settings)) await bell.ring({});
};

const isBehind = (state: FeedStates, settings: FeedBuilder['settings']): boolean => {
  if (state.settings?.hash !== settingsHash(settings)) return true;
  return waitingFeeds(feedsOf(settings.newsroom), state, state.settings.generation).length > 0;
};
