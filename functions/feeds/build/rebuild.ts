import { log } from '../../shared/log.ts';
import { addMs, SECOND_MS } from '../../shared/time.ts';
import { feedKey, feedsOf } from '../addresses.ts';
import { atOnce } from '../atOnce.ts';
import { gather } from '../compose/gather.ts';
import { readWire } from '../read/readWire.ts';
import { buildArchives } from './buildArchives.ts';
import type { FeedBuilder } from './builder.ts';
import { buildFeed } from './buildFeed.ts';
import { agreeOnSettings, settingsHash } from './settings.ts';
import { waitingFeeds } from './states.ts';

/** Reading goes on for so long at a time; a longer backlog is taken up by the next doorbell. */
const MOST_READING_MS = 35 * SECOND_MS;
/** Feeds built from one gathering. */
const TOGETHER = 24;
const FEEDS_AT_ONCE = 3;
/** After so many looks at lists that somebody else is writing, the feeds are left to them. */
const MOST_ROUNDS = 5;

/**
 * What a doorbell starts: read the wire into the lists, then build every feed that is not what it should be. Each step
 * may be repeated or cut off anywhere; what is left to do is worked out anew from what is there.
 */
export const rebuildFeeds = async (builder: FeedBuilder): Promise<void> => {
  const languages = languagesOf(builder);
  const until = addMs(builder.now(), MOST_READING_MS);
  let unsettled: string[] = [];
  for (let round = 0; round < MOST_ROUNDS; round++) {
    await readWire({ ...builder, languages }, until);
    unsettled = await buildWaiting(builder);
    if (unsettled.length === 0) return;
  }
  log.error('feeds.unsettled', { feeds: unsettled.join(' ') });
};

/** Builds what waits; says which feeds must be looked at again. */
const buildWaiting = async (builder: FeedBuilder): Promise<string[]> => {
  const { state, generation } = await agreeOnSettings(builder.states, settingsHash(builder.settings));
  const waiting = waitingFeeds(feedsOf(builder.settings.newsroom), state, generation);
  const unsettled: string[] = [];
  for (let at = 0; at < waiting.length; at += TOGETHER) {
    const some = waiting.slice(at, at + TOGETHER);
    const { windows, ...gathered } = await gather(
      { ...builder, languages: languagesOf(builder) },
      some.map(({ feed }) => feed),
    );
    // A few at a time: while the documents of one are on their way, the next are made.
    await atOnce(FEEDS_AT_ONCE, some, async (one) => {
      // First the archive: what the current document links is there.
      const archived = await buildArchives(builder, one);
      const window = windows.get(feedKey(one.feed)) ?? [];
      const outcome = archived === 'again' ? archived : await buildFeed(builder, one, window, gathered);
      if (outcome === 'again') unsettled.push(feedKey(one.feed));
    });
  }
  return unsettled;
};

const languagesOf = ({ settings }: FeedBuilder): string[] => settings.newsroom.languages.map(({ id }) => id);
