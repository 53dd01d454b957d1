import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { rebuildFeeds } from '../../functions/feeds/build/rebuild.ts';
import { ENCODINGS, type Encode } from '../../functions/feeds/publish/encodings.ts';
import { ARCHIVED_TOGETHER } from '../../functions/feeds/read/foldArchive.ts';
import type { MemoryBucket } from '../support/memoryBucket.ts';
import { type MemoryWire, memoryWire } from '../support/memoryWire.ts';
import { aBuilder, aFeedHouse, type FeedHouse, settingsOf } from './aBuilder.ts';
import { gated } from './gated.ts';
import './quiet.ts';

/** Thousands of builds, on a machine that does other things too. */
const LONG_MS = 240_000;

const settings = settingsOf({ topics: [{ id: 'mobility', label: { en: 'Mobility', fr: 'Mobilité' } }] });

/** Thousands of builds compress nothing: these bytes say what they were made of, and in which encoding. */
const encode: Encode = async (encoding, bytes) => Buffer.concat([Buffer.from(`${encoding}:`), bytes]);

const aPeacefulBuilder = (house: Pick<FeedHouse, 'wire' | 'table' | 'bucket'>) =>
  aBuilder({ ...house, settings, encode });

/**
 * Every call waits for `before`, but not those about gzipped bytes, which are put beside the ones in Brotli, nor looks at
 * either: they would make a builder's steps three times as many and tell nothing new.
 */
const gatedBucket = (bucket: MemoryBucket, before: () => Promise<void>): MemoryBucket => {
  const waiting = gated(bucket, before);
  return {
    ...waiting,
    head: (key) => (key.startsWith('feeds/') ? waiting : bucket).head(key),
    put: (key, ...what) => (key.startsWith('gzip/') ? bucket : waiting).put(key, ...what),
  };
};

/** A builder on the stores of this house, each of whose calls waits for `before`. */
const builderOf = ({ wire, table, bucket }: FeedHouse, before: () => Promise<void>) =>
  aPeacefulBuilder({ wire: gated(wire, before), table: gated(table, before), bucket: gatedBucket(bucket, before) });

const bytesAt = async ({ bucket }: FeedHouse, key: string): Promise<string> =>
  Buffer.from((await bucket.get(key))?.bytes ?? []).toString();

/** The feeds and lists are what one builder makes of the wire when nobody else is at work. */
const expectAsAtPeace = async (house: FeedHouse, when: string): Promise<void> => {
  const peaceful = aFeedHouse(house.wire);
  await rebuildFeeds(aPeacefulBuilder(peaceful));
  expect(await house.bytes(), when).toEqual(await peaceful.bytes());
  expect(house.lists(), when).toEqual(peaceful.lists());
  for (const [key, text] of Object.entries(await house.bytes())) {
    for (const encoding of ENCODINGS)
      expect(await bytesAt(house, `${encoding}/${key}`), when).toBe(`${encoding}:${text}`);
  }
};

interface Turn {
  readonly is: string;
  /** What is there before, besides one article. */
  readonly before?: (wire: MemoryWire) => void;
  readonly first: (wire: MemoryWire) => void;
  readonly next: (wire: MemoryWire) => void;
}

const only = '01K00000000000000000000002';

/** In each, one builder works on what `first` does, while `next` is published and built by another. */
const TURNS: Turn[] = [
  { is: 'one more', first: (wire) => void wire.publish(), next: (wire) => void wire.publish() },
  { is: 'a retraction', first: (wire) => void wire.publish(), next: (wire) => void wire.retract(only) },
  {
    is: 'a topic that is left again, so that the feed is as it was',
    first: (wire) => void wire.publish({ topics: ['mobility'] }),
    next: (wire) => void wire.revise(only, { topics: [] }),
  },
  {
    is: 'a translation that comes and goes, so that the feed is as it was',
    first: (wire) => void wire.publish({ language: 'fr', story: 'bridge' }),
    next: (wire) => void wire.revise(only, { story: null }),
  },
  {
    is: 'an article that moves on twice',
    first: (wire) => {
      wire.publish({ topics: [] });
      wire.revise(only, { topics: ['mobility'], publishedAt: '2026-03-03T00:00:00.000Z' });
    },
    next: (wire) => void wire.revise(only, { topics: [], language: 'fr', publishedAt: '2026-04-04T00:00:00.000Z' }),
  },
  {
    is: 'a retraction in a document of the archive that is just full',
    before: (wire) => {
      for (let i = 2; i < ARCHIVED_TOGETHER; i++) wire.publish({ topics: [] });
    },
    first: (wire) => void wire.publish({ topics: [] }),
    next: (wire) => void wire.retract(only),
  },
];

/** Everything happens in one moment, so that no date in a feed tells two states apart. */
const startedHouse = async ({ before }: Partial<Turn> = {}): Promise<FeedHouse> => {
  const house = aFeedHouse(memoryWire({ stepMs: 0 }));
  house.wire.publish({ story: 'bridge', topics: ['mobility'] });
  before?.(house.wire);
  await rebuildFeeds(aPeacefulBuilder(house));
  return house;
};

/** How many calls a builder makes for this turn. */
const stepsOf = async (turn: Turn): Promise<number> => {
  const house = await startedHouse(turn);
  turn.first(house.wire);
  let steps = 0;
  await rebuildFeeds(
    builderOf(house, async () => {
      steps += 1;
    }),
  );
  return steps;
};

/** A builder that stops before its step `at` until it is told to go on. `stopped` is also over when it never got there. */
const stalling = (house: FeedHouse, at: number) => {
  const { promise: resumed, resolve: resume } = Promise.withResolvers<void>();
  const { promise: stalled, resolve: stall } = Promise.withResolvers<void>();
  let step = 0;
  const done = rebuildFeeds(
    builderOf(house, async () => {
      if (++step !== at) return;
      stall();
      await resumed;
    }),
  );
  return { stopped: Promise.race([stalled, done]), resume, done };
};

describe.each(TURNS)('where the next thing to happen is $is, a builder', (turn) => {
  test(
    'may stall at any step, and never undoes what another built meanwhile',
    async () => {
      const steps = await stepsOf(turn);
      expect(steps).toBeGreaterThan(20);
      for (let at = 1; at <= steps; at++) {
        const house = await startedHouse(turn);
        turn.first(house.wire);
        const slow = stalling(house, at);
        await slow.stopped;
        turn.next(house.wire);
        await rebuildFeeds(aPeacefulBuilder(house));
        slow.resume();
        await slow.done;
        await expectAsAtPeace(house, `stalled at step ${at} of ${steps}`);
      }
    },
    LONG_MS,
  );

  test(
    'may be killed at any step, and the next one makes the same bytes',
    async () => {
      const steps = await stepsOf(turn);
      for (let at = 1; at <= steps; at++) {
        const house = await startedHouse(turn);
        turn.first(house.wire);
        let step = 0;
        const killed = rebuildFeeds(
          builderOf(house, async () => {
            if (++step >= at) throw new Error('killed');
          }),
        );
        await expect(killed).rejects.toThrow('killed');
        await rebuildFeeds(aPeacefulBuilder(house));
        await expectAsAtPeace(house, `killed at step ${at} of ${steps}`);
      }
    },
    LONG_MS,
  );
});

const happening = fc.record({
  what: fc.constantFrom('publish', 'publish', 'revise', 'retract'),
  which: fc.nat(4),
  language: fc.constantFrom('en', 'fr'),
  topics: fc.constantFrom([], ['mobility']),
  story: fc.constantFrom(null, 'bridge'),
});

type Happening = typeof happening extends fc.Arbitrary<infer T> ? T : never;

const happen = async (wire: MemoryWire, { what, which, ...content }: Happening): Promise<void> => {
  const ids = [...new Set(wire.entries.map(({ article }) => article.id))];
  const id = ids[which % ids.length] ?? '';
  const isOut = (await wire.byId(id))?.state !== 'live';
  if (what === 'publish' || isOut) wire.publish(content);
  else if (what === 'revise') wire.revise(id, content);
  else wire.retract(id);
};

/** The entry that last changed what a document shows: its mark. */
const markIn = (text: string): number => Number(/<!-- wire (\d+) -->|"seq": ?(\d+)/.exec(text)?.slice(1).join(''));

/**
 * The house with a bucket that remembers the versions each object has had, and which plain documents were put while
 * older ones lay there in another encoding.
 */
const watched = (house: FeedHouse): { house: FeedHouse; versions: Map<string, number[]>; early: string[] } => {
  const versions = new Map<string, number[]>();
  const early: string[] = [];
  const put: FeedHouse['bucket']['put'] = async (key, bytes, how) => {
    const answer = await house.bucket.put(key, bytes, how);
    if (answer.outcome === 'written' && key.startsWith('feeds/')) {
      for (const encoding of ENCODINGS) {
        const mark = markIn(Buffer.from(bytes).toString());
        if (!(markIn(await bytesAt(house, `${encoding}/${key}`)) >= mark)) early.push(`${encoding} at ${mark}`);
      }
    }
    if (answer.outcome === 'written') versions.set(key, [...(versions.get(key) ?? []), Number(how.metadata?.['seq'])]);
    return answer;
  };
  return { house: { ...house, bucket: { ...house.bucket, put } }, versions, early };
};

describe('builders at the same time', () => {
  test(
    'may both stall: one before it looks at the lists, one at any step of writing them',
    async () => {
      const turn = { is: 'one more', first: () => {}, next: (wire: MemoryWire) => void wire.publish() };
      const looking = await stepsOf(turn);
      const writing = await stepsOf({ ...turn, first: turn.next });
      for (let first = 1; first <= looking; first++) {
        for (let second = 1; second <= writing; second++) {
          const house = await startedHouse();
          const slow = stalling(house, first);
          await slow.stopped;
          turn.next(house.wire);
          const slower = stalling(house, second);
          await slower.stopped;
          slow.resume();
          await slow.done;
          slower.resume();
          await slower.done;
          await expectAsAtPeace(house, `stalled at steps ${first} and ${second}`);
        }
      }
    },
    LONG_MS,
  );

  test(
    'in any order of their steps leave the newest feeds, and no feed ever goes back',
    async () => {
      await fc.assert(
        fc.asyncProperty(
          fc.scheduler(),
          fc.array(happening, { minLength: 2, maxLength: 5 }),
          async (scheduler, all) => {
            const { house, versions, early } = watched(await startedHouse());
            const work = all.map(async (one) => {
              await scheduler.schedule(Promise.resolve());
              await happen(house.wire, one);
              await rebuildFeeds(builderOf(house, () => scheduler.schedule(Promise.resolve())));
            });
            await scheduler.waitFor(Promise.all(work));
            await expectAsAtPeace(house, 'after all');
            for (const seqs of versions.values()) expect(seqs).toEqual(seqs.toSorted((a, b) => a - b));
            expect(early).toEqual([]);
          },
        ),
        { numRuns: 40 },
      );
    },
    LONG_MS,
  );
});
