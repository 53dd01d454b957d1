import { type Instant, msOf } from '../../shared/time.ts';
import { feedKey } from '../addresses.ts';
import { authorFeed } from '../authors.ts';
import type { FeedBuilder } from './builder.ts';
import { buildTogether } from './buildTogether.ts';
import { bylinesBuilt, type FeedStates, type WaitingFeed } from './states.ts';

/** Bylines looked at together. */
const TOGETHER = 60;

/**
 * Builds the authors' feeds that entries have touched since. There may be thousands, so none is looked at that nothing
 * happened to: every entry leaves a byline for each author's feed that it touches, and what is left to do are the bylines
 * after the last one whose feed readers get. Under new settings it begins at the first. Says which feeds must be looked
 * at again; stops at `until`, and the next doorbell goes on.
 */
export const buildAuthors = async (builder: FeedBuilder, { authors }: FeedStates, how: How): Promise<string[]> => {
  const unsettled: string[] = [];
  for (const { id: language } of builder.settings.newsroom.languages) {
    const from = bylinesBuilt(authors.get(language), how.generation);
    unsettled.push(...(await buildAuthorsOf(builder, { ...how, language, from })));
  }
  return unsettled;
};

interface How {
  readonly generation: number;
  readonly until: Instant;
  /** This builder has read so far: bylines up to this entry are all there. */
  readonly through: number;
}

interface Stretch extends How {
  readonly language: string;
  readonly from: string;
}

const buildAuthorsOf = async (builder: FeedBuilder, stretch: Stretch): Promise<string[]> => {
  const { language, generation, until, through } = stretch;
  const unsettled: string[] = [];
  let after = stretch.from;
  let isSettled = true;
  while (msOf(builder.now()) < msOf(until)) {
    const bylines = await builder.rows.bylines(language, { after, through, limit: TOGETHER });
    const last = bylines.at(-1);
    if (!last) break;
    const outcomes = await buildTogether(builder, await waitingAuthors(builder, bylines, generation));
    unsettled.push(...outcomes.filter(({ outcome }) => outcome === 'again').map(({ feed }) => feedKey(feed)));
    isSettled &&= outcomes.every(({ outcome }) => outcome === 'built');
    after = last.key;
    if (isSettled) await builder.states.keepAuthors(language, { through: after, generation });
  }
  return unsettled;
};

/** Each feed once, where its last byline is among these. */
const waitingAuthors = async (
  { rows, states, settings }: FeedBuilder,
  bylines: Awaited<ReturnType<FeedBuilder['rows']['bylines']>>,
  generation: number,
): Promise<WaitingFeed[]> => {
  const lists = new Map(bylines.map(({ list, seq }) => [feedKey(list), { list, seq }]));
  const touches = await rows.touches([...lists.values()].map(({ list }) => list));
  const last = touches.filter(({ feed, seq }) => seq <= (lists.get(feedKey(feed))?.seq ?? 0));
  return Promise.all(
    last.map(async ({ feed: list, seq, shelving }) => ({
      feed: authorFeed(settings.newsroom, list, []),
      version: { seq, generation },
      shelving,
      archivedSeq: await states.archivedOf(list),
    })),
  );
};
