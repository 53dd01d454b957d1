import { log } from '../../shared/log.ts';
import { addMs, type Instant, SECOND_MS } from '../../shared/time.ts';
import { feedKey, feedsOf } from '../addresses.ts';
import { fillLists } from '../read/fillLists.ts';
import { readWire } from '../read/readWire.ts';
import { buildAuthors } from './buildAuthors.ts';
import type { FeedBuilder } from './builder.ts';
import { buildTogether } from './buildTogether.ts';
import { agreeOnSettings, settingsHash } from './settings.ts';
import { waitingFeeds } from './states.ts';

/** Reading goes on for so long at a time; a longer backlog is taken up by the next doorbell. */
const MOST_READING_MS = 35 * SECOND_MS;
/** After so many looks at lists that somebody else is writing, the feeds are left to them. */
const MOST_ROUNDS = 5;

/**
 * What a doorbell starts: read the wire into the lists, then build every feed that is not what it should be. Each step
 * may be repeated or cut off anywhere; what is left to do is worked out anew from what is there.
 */
export const rebuildFeeds = async (builder: FeedBuilder): Promise<void> => {
  const { languages, topics } = builder.settings.newsroom;
  const reader = { ...builder, languages: languages.map(({ id }) => id), topics };
  const until = addMs(builder.now(), MOST_READING_MS);
  const { filled } = await builder.states.read();
  if (!(await fillLists({ ...reader, filled, keepFilled: builder.states.keepFilled }, until))) return;
  let unsettled: string[] = [];
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const { seq: through } = await readWire(reader, until);
    unsettled = await buildWaiting(builder, { through, until });
    if (unsettled.length === 0) return;
  }
  log.error('feeds.unsettled', { feeds: unsettled.join(' ') });
};

/** Builds what waits; says which feeds must be looked at again. */
const buildWaiting = async (
  builder: FeedBuilder,
  how: { readonly through: number; readonly until: Instant },
): Promise<string[]> => {
  const { state, generation } = await agreeOnSettings(builder.states, settingsHash(builder.settings));
  const waiting = waitingFeeds(feedsOf(builder.settings.newsroom), state, generation);
  const again = (await buildTogether(builder, waiting)).filter(({ outcome }) => outcome === 'again');
  const authors = await buildAuthors(builder, state, { ...how, generation });
  return [...again.map(({ feed }) => feedKey(feed)), ...authors];
};
