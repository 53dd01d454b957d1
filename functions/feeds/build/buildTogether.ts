import { type FeedInfo, feedKey } from '../addresses.ts';
import { atOnce } from '../atOnce.ts';
import { gather } from '../compose/gather.ts';
import { buildArchives } from './buildArchives.ts';
import type { FeedBuilder } from './builder.ts';
import { buildFeed, type Outcome } from './buildFeed.ts';
import type { WaitingFeed } from './states.ts';

/** Feeds built from one gathering. */
const TOGETHER = 24;
const FEEDS_AT_ONCE = 3;

interface Built {
  readonly feed: FeedInfo;
  readonly outcome: Outcome;
}

/** Builds these feeds, and says what became of each. What two of them share is read once. */
export const buildTogether = async (builder: FeedBuilder, waiting: readonly WaitingFeed[]): Promise<Built[]> => {
  const languages = builder.settings.newsroom.languages.map(({ id }) => id);
  const done: Built[] = [];
  for (let at = 0; at < waiting.length; at += TOGETHER) {
    const some = waiting.slice(at, at + TOGETHER);
    const { windows, ...gathered } = await gather(
      { ...builder, languages },
      some.map(({ feed }) => feed),
    );
    // A few at a time: while the documents of one are on their way, the next are made.
    await atOnce(FEEDS_AT_ONCE, some, async (one) => {
      // First the archive: what the current document links is there.
      const archived = await buildArchives(builder, one);
      const window = windows.get(feedKey(one.feed)) ?? [];
      const outcome = archived === 'again' ? archived : await buildFeed(builder, one, window, gathered);
      done.push({ feed: one.feed, outcome });
    });
  }
  return done;
};
