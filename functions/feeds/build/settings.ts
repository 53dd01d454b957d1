import { sha256 } from '../../shared/hash.ts';
import { ENCODINGS } from '../publish/encodings.ts';
import type { Settings } from './builder.ts';
import type { FeedStates, StateKeeper } from './states.ts';

/** Another hash is another look of every feed: they are built again. */
export const settingsHash = ({ newsroom, siteUrl, version }: Settings): string => {
  const { name, tagline, tagAuthority, languages, topics, rights, feeds, licence } = newsroom;
  const labels = topics.map(({ id, label, formerly }) => ({ id, label, formerly }));
  const texts = { name, tagline, tagAuthority, languages, labels, rights, feeds, licence };
  return sha256(JSON.stringify({ version, siteUrl, encodings: ENCODINGS, ...texts }));
};

const MOST_TRIES = 5;

/**
 * How the feeds stand, and the generation of these settings: the one there, or the next where the newsroom has changed
 * since.
 */
export const agreeOnSettings = async (
  states: StateKeeper,
  hash: string,
): Promise<{ state: FeedStates; generation: number }> => {
  for (let tries = 0; tries < MOST_TRIES; tries++) {
    const state = await states.read();
    const { settings } = state;
    if (settings?.hash === hash) return { state, generation: settings.generation };
    const generation = (settings?.generation ?? 0) + 1;
    if ((await states.settle({ hash, generation }, settings)) === 'written') return { state, generation };
  }
  throw new Error('Builders with different settings are at work at the same time.');
};
