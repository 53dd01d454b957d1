import { log } from '../../shared/log.ts';
import { addMs, SECOND_MS } from '../../shared/time.ts';
import { feedKey, feedsOf } from '../addresses.ts';
import { readWire } from '../read/readWire.ts';
import type { FeedBuilder } from './builder.ts';
import { buildFeed } from './buildFeed.ts';
import { gather } from './gather.ts';
import { agreeOnSettings, settingsHash } from './settings.ts';
import { waitingFeeds } from './states.ts';

/** Reading goes on for so long at a time; a longer backlog is taken up by the next doorbell. */
const MOST_READING_MS = 35 * SECOND_MS;
/** Feeds built from one gathering. */
const TOGETHER = 24;
/** After so many looks at lists that somebody else is writing, the feeds are left to them. */
const MOST_ROUNDS = 5;

/**
 * What a doorbell starts: read the wire into the lists, then build every feed that is not what it should be. Each step
 * may be repeated or cut off anywhere; what is left to do is worked out anew from what is there.
 */
export const rebuildFeeds = async (builder: FeedBuilder): Promise<void> => {
  const generation = await agreeOnSettings(builder.states, settingsHash(builder.settings));
  const languages = languagesOf(builder);
  const until = addMs(builder.now(), MOST_READING_MS);
  let unsettled: string[] = [];
  for (let round = 0; round < MOST_ROUNDS; round++) {
    await readWire({ ...builder, languages }, until);
    unsettled = await buildWaiting(builder, generation);
    if (unsettled.length === 0) return;
  }
  log.error('feeds.unsettled', { feeds: unsettled.join(' ') });
};

/** Builds what waits; says which feeds must be looked at again. */
const buildWaiting = async (builder: FeedBuilder, generation: number): Promise<string[]> => {
  const waiting = waitingFeeds(feedsOf(builder.settings.newsroom), await builder.states.read(), generation);
  const unsettled: string[] = [];
  for (let at = 0; at < waiting.length; at += TOGETHER) {
    const some = waiting.slice(at, at + TOGETHER);
    const { windows, ...gathered } = await gather(
      { ...builder, languages: languagesOf(builder) },
      some.map(({ feed }) => feed),
    );
    await Promise.all(
      some.map(async (one, i) => {
        const outcome = await buildFeed(builder, one, windows[i] ?? [], gathered);
        if (outcome === 'again') unsettled.push(feedKey(one.feed));
      }),
    );
  }
  return unsettled;
};

const languagesOf = ({ settings }: FeedBuilder): string[] => settings.newsroom.languages.map(({ id }) => id);
