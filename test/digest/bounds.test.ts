import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { beginOn, newTrack, type Track } from '../../functions/digest/ledger/track.ts';
import { coveredFor, isFor } from '../../functions/digest/planning/bounds.ts';
import type { Cadence } from '../../functions/shared/config.ts';
import { addMs, instant } from '../../functions/shared/time.ts';
import { withPause } from '../../functions/subscribers/preferences/pause.ts';
import { aSubscription } from './support/aSubscriber.ts';

const CADENCES = ['immediate', 'daily', 'weekly', 'monthly'] as const;

/**
 * A newsletter's life in a model of its own: articles come out, editions are planned, begin later or never, readers
 * join and change. What each reader is sent is written down article by article.
 */
type Event =
  | { readonly is: 'article' }
  | { readonly is: 'plan'; readonly cadence: Cadence }
  | { readonly is: 'begin'; readonly cadence: Cadence }
  | { readonly is: 'join'; readonly cadence: Cadence }
  | { readonly is: 'change'; readonly cadence: Cadence }
  | { readonly is: 'pause'; readonly seconds: number }
  | { readonly is: 'resume' };

const cadence = fc.constantFrom(...CADENCES);
const event: fc.Arbitrary<Event> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ is: fc.constant('article' as const) }) },
  { weight: 4, arbitrary: fc.record({ is: fc.constant('plan' as const), cadence }) },
  { weight: 4, arbitrary: fc.record({ is: fc.constant('begin' as const), cadence }) },
  { weight: 1, arbitrary: fc.record({ is: fc.constant('join' as const), cadence }) },
  { weight: 3, arbitrary: fc.record({ is: fc.constant('change' as const), cadence }) },
  { weight: 2, arbitrary: fc.record({ is: fc.constant('pause' as const), seconds: fc.integer({ min: 1, max: 30 }) }) },
  { weight: 1, arbitrary: fc.record({ is: fc.constant('resume' as const) }) },
);

interface Reader {
  cadence: Cadence;
  readonly confirmedAt: string;
  readonly history: { cadence: Cadence; until: string }[];
  pauses: { from: string; until: string }[];
}

interface Planned {
  readonly id: string;
  readonly after: number;
  readonly upTo: number;
  readonly plannedAt: string;
  /** From where on the reader gets it; `undefined` where he does not. */
  readonly bound: number | undefined;
}

interface Life {
  clock: number;
  head: number;
  readonly tracks: Map<Cadence, Track>;
  readonly planned: Map<Cadence, Planned>;
  reader: Reader | undefined;
  /** Where he came in; `undefined` where an edition was out of his reach and may yet begin. */
  joinedAt: number | undefined;
  readonly received: number[];
}

const pauseUntil = (reader: Reader, until: string | null, now: string): void => {
  const { pauses } = withPause(aSubscription({ pauses: reader.pauses }), until, now);
  reader.pauses = [...(pauses ?? [])];
};

const trackOf = (life: Life, one: Cadence): Track => life.tracks.get(one) ?? newTrack('n', one, '', 0);

const happen: { readonly [Is in Event['is']]: (life: Life, now: string, cadence: Cadence, seconds: number) => void } = {
  pause: ({ reader }, now, _, seconds) => {
    if (reader) pauseUntil(reader, addMs(now, seconds * 1000), now);
  },

  resume: ({ reader }, now) => {
    if (reader) pauseUntil(reader, null, now);
  },

  article: (life) => {
    life.head++;
  },

  join: (life, now, one) => {
    if (life.reader) return;
    life.reader = { cadence: one, confirmedAt: now, history: [], pauses: [] };
    life.joinedAt = life.planned.has(one) ? undefined : trackOf(life, one).coveredThrough;
  },

  change: ({ reader }, now, one) => {
    if (!reader || reader.cadence === one) return;
    reader.history.push({ cadence: reader.cadence, until: now });
    reader.cadence = one;
  },

  plan: (life, now, one) => {
    const isReader = life.reader && isFor(life.reader, { cadence: one, plannedAt: now, startedAt: null });
    const bound = life.reader && isReader ? coveredFor(life.reader, [...life.tracks.values()]) : undefined;
    const after = trackOf(life, one).coveredThrough;
    life.planned.set(one, { id: `${one}-${life.clock}`, after, upTo: life.head, plannedAt: now, bound });
  },

  begin: (life, now, one) => {
    const edition = life.planned.get(one);
    life.planned.delete(one);
    const beginning = edition && beginOn(trackOf(life, one), { ...edition, startedAt: null }, now);
    if (beginning?.is !== 'begins') return;
    life.tracks.set(one, { ...beginning.track, sending: null });
    if (edition?.bound === undefined || !life.reader) return;
    if (!isFor(life.reader, { cadence: one, plannedAt: edition.plannedAt, startedAt: now })) return;
    for (let seq = edition.bound + 1; seq <= edition.upTo; seq++) life.received.push(seq);
  },
};

const live = (events: readonly Event[]): Life => {
  const life: Life = {
    ...{ clock: 0, head: 0, tracks: new Map(), planned: new Map() },
    ...{ reader: undefined, joinedAt: undefined, received: [] },
  };
  for (const one of events) {
    life.clock++;
    happen[one.is](
      life,
      instant(Date.UTC(2026, 0, 1) + life.clock * 1000),
      'cadence' in one ? one.cadence : 'daily',
      'seconds' in one ? one.seconds : 0,
    );
  }
  return life;
};

describe('a reader who changes his cadence and pauses again and again', () => {
  test('is sent no article twice and misses none, whatever was planned, began or was left behind meanwhile', () => {
    let sent = 0;
    fc.assert(
      fc.property(fc.array(event, { minLength: 20, maxLength: 120 }), (events) => {
        const { received, reader, joinedAt } = live(events);
        sent += received.length;
        if (!reader) return;
        expect(new Set(received).size).toBe(received.length);
        const first = received[0];
        if (first === undefined) return;
        // One unbroken run from where he came in.
        expect(received).toEqual(received.map((_, i) => first + i));
        if (joinedAt !== undefined) expect(first).toBe(joinedAt + 1);
      }),
      { numRuns: 3000 },
    );
    expect(sent).toBeGreaterThan(500);
  });
});

describe('a new reader', () => {
  const track = (over: Partial<Track>): Track => ({
    ...newTrack('n', 'weekly', '2026-01-01T00:00:00.000Z', 3),
    ...over,
  });
  const begun = {
    edition: 'e1',
    plannedAt: '2026-01-05T08:00:00.000Z',
    startedAt: '2026-01-05T08:01:00.000Z',
    upTo: 10,
  };

  test('joins the edition in the making: everything since the last one', () => {
    const reader = { cadence: 'weekly', confirmedAt: '2026-01-08T00:00:00.000Z', history: [] } as const;
    expect(coveredFor(reader, [track({ coveredThrough: 10, begun: [begun] })])).toBe(10);
    expect(coveredFor(reader, [track({})])).toBe(3);
  });

  test('is not a reader of an edition that was planned before he joined', () => {
    const reader = { cadence: 'weekly', confirmedAt: '2026-01-05T08:00:30.000Z', history: [] } as const;
    expect(isFor(reader, { cadence: 'weekly', ...begun })).toBe(false);
    expect(coveredFor(reader, [track({ coveredThrough: 10, begun: [begun] })])).toBe(10);
  });

  test('who left yesterday and comes back with another cadence does not get again what he was sent', () => {
    const daily = {
      ...newTrack('n', 'daily', '2026-01-01T00:00:00.000Z', 0),
      coveredThrough: 14,
      begun: [{ ...begun, upTo: 14 }],
    };
    const reader = {
      cadence: 'weekly',
      confirmedAt: '2026-01-06T00:00:00.000Z',
      history: [{ cadence: 'daily', until: '2026-01-05T20:00:00.000Z' }],
    } as const;
    expect(
      coveredFor(reader, [
        track({ coveredThrough: 10, begun: [{ ...begun, plannedAt: '2026-01-05T00:00:00.000Z' }] }),
        daily,
      ]),
    ).toBe(14);
  });
});
