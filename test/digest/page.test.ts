import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  countsOf,
  type DeliveryState,
  isAccountedFor,
  isOpen,
  type Page,
  readDeliveryId,
} from '../../functions/digest/ledger/page.ts';
import {
  begun,
  cancelled,
  claimed,
  type DeliveryEvent,
  heard,
  lapsed,
  prepared,
  type Result,
  settled,
  type Verdict,
} from '../../functions/digest/ledger/pageSteps.ts';
import { addMs, instant } from '../../functions/shared/time.ts';

const READERS = 6;

const aPage = (over: Partial<Page> = {}): Page => ({
  edition: 'city-news-weekly-20260504T080000Z',
  page: 1,
  version: 1,
  through: 'r5',
  total: READERS,
  end: false,
  deliveries: Array.from({ length: READERS }, (_, i) => ({ reader: `r${i}`, state: 'ready' as const })),
  claim: null,
  retry: null,
  ...over,
});

const at = (seconds: number): string => instant(Date.UTC(2026, 4, 4) + seconds * 1000);
const NOON = at(0);
const claim = { id: 'mine', until: at(120) };
const everybody = <T>(value: T): Map<number, T> => new Map(Array.from({ length: READERS }, (_, i) => [i, value]));

const mine = (): Page => {
  const page = claimed(aPage(), claim, 25, NOON);
  if (page === 'taken' || !page) throw new Error('The page was free.');
  return page;
};
const sending = (): Page => {
  const page = begun(mine(), 'mine', everybody({ is: 'send' as const }));
  if (!page) throw new Error('The page was mine.');
  return page;
};
const states = (page: Page | undefined) => page?.deliveries.map(({ state }) => state);

describe('a page', () => {
  test('is one worker’s until his lease ends', () => {
    const other = { id: 'other', until: at(300) };
    expect(claimed(mine(), other, 25, at(119))).toBe('taken');
    expect(claimed(mine(), other, 25, at(120))).toMatchObject({ claim: other });
  });

  test('that was claimed and not begun goes to the next worker, and the first one cannot begin any more', () => {
    const taken = claimed(mine(), { id: 'other', until: at(300) }, 25, at(121));
    if (taken === 'taken' || !taken) throw new Error('not taken over');
    expect(new Set(states(taken))).toEqual(new Set(['claimed']));
    expect(begun(taken, 'mine', everybody({ is: 'send' as const }))).toBeUndefined();
  });

  test('whose worker died while sending has nobody to be sent again by itself', () => {
    const after = lapsed(sending(), at(121));
    expect(new Set(states(after))).toEqual(new Set(['unknown']));
    expect(after && claimed(after, { id: 'other', until: at(300) }, 25, at(122))).toBeUndefined();
  });

  test('gives a slow worker’s results their place even after his lease', () => {
    const late = lapsed(sending(), at(121));
    const results = new Map<number, Result>([
      [0, { is: 'sent', messageId: 'm0' }],
      [1, { is: 'ready' }],
      [2, { is: 'unknown', because: 'timeout' }],
      [3, { is: 'failed', because: 'MessageRejected' }],
    ]);
    const after = late && settled(late, 'mine', results);
    // What was provably not sent is nobody's any more: it is tried again when a person asks.
    expect(states(after)).toEqual(['sent', 'failed', 'unknown', 'failed', 'unknown', 'unknown']);
  });

  test('hands out no more than a worker asks for', () => {
    const page = claimed(aPage(), claim, 2, NOON);
    expect(page !== 'taken' && states(page)).toEqual(['claimed', 'claimed', 'ready', 'ready', 'ready', 'ready']);
  });

  test('of a cancelled edition sends to nobody who was not being sent to', () => {
    const half = begun(mine(), 'mine', new Map([[0, { is: 'send' as const }]]));
    const after = half && cancelled(half, at(1));
    expect(states(after)).toEqual(['sending', ...Array.from({ length: 5 }, () => 'cancelled')]);
  });

  test('is prepared for a retry once: who fails again is not tried without being asked', () => {
    const failed = settled(sending(), 'mine', everybody<Result>({ is: 'failed', because: 'MessageRejected' }));
    const retry = { id: 'r1', unknown: false };
    const again = prepared(failed, retry);
    expect(new Set(states(again))).toEqual(new Set(['ready']));
    expect(prepared({ ...failed, retry: 'r1' }, retry)).toBeUndefined();
    const unknown = settled(sending(), 'mine', everybody<Result>({ is: 'unknown', because: 'timeout' }));
    expect(prepared(unknown, retry)).toBeUndefined();
    expect(prepared(unknown, { id: 'r2', unknown: true })).toBeDefined();
  });
});

const event = fc.record({
  is: fc.constantFrom('sent' as const, 'bounced' as const, 'complained' as const, 'rejected' as const),
  messageId: fc.constant('m'),
});

const tell = (page: Page, events: readonly DeliveryEvent[]): Page =>
  events.reduce((there, one) => heard(there, 0, one) ?? there, page);

describe('events', () => {
  test('lead to the same end in any order and any number', () => {
    fc.assert(
      fc.property(fc.array(event, { minLength: 1 }), fc.infiniteStream(fc.nat()), (events, dice) => {
        const shuffled = [...events, ...events].sort(() => (dice.next().value % 2 === 0 ? 1 : -1));
        const [a] = tell(sending(), events).deliveries;
        const [b] = tell(sending(), shuffled).deliveries;
        expect(b).toEqual(a);
      }),
    );
  });

  test('settle what is unknown, and say nothing new the second time', () => {
    const unknown = lapsed(sending(), at(121));
    const after = unknown && heard(unknown, 2, { is: 'sent', messageId: 'm2' });
    expect(after?.deliveries[2]).toMatchObject({ state: 'sent', messageId: 'm2' });
    expect(after?.deliveries[2]).not.toHaveProperty('because');
    expect(after && heard(after, 2, { is: 'sent', messageId: 'm2' })).toBeUndefined();
    expect(heard(aPage(), 99, { is: 'sent', messageId: 'm' })).toBeUndefined();
  });

  test('that come before the worker’s own result stand', () => {
    const told = tell(sending(), [{ is: 'rejected', messageId: 'm0' }]);
    const after = settled(told, 'mine', everybody<Result>({ is: 'sent', messageId: 'm0' }));
    expect(after.deliveries[0]).toMatchObject({ state: 'failed', outcome: 'rejected' });
  });
});

/** Anything that may happen to a page, by some workers, in any order. */
type Deed = (page: Page, now: string) => Page | 'taken' | undefined;

const who = fc.nat(5).map((one) => `c${one}`);
const result = fc.constantFrom<Result>(
  { is: 'sent', messageId: 'm' },
  { is: 'failed', because: 'x' },
  { is: 'unknown', because: 'y' },
  { is: 'ready' },
);

const verdictsBut = (index: number) =>
  new Map<number, Verdict>([...everybody<Verdict>({ is: 'send' }), [index, { is: 'suppress', because: 'left' }]]);

const deed = fc.oneof(
  fc.tuple(who, fc.integer({ min: 1, max: 6 })).map(
    ([id, most]): Deed =>
      (page, now) =>
        claimed(page, { id, until: addMs(now, 120_000) }, most, now),
  ),
  fc.tuple(who, fc.nat(5)).map(
    ([id, index]): Deed =>
      (page) =>
        begun(page, id, verdictsBut(index)),
  ),
  fc.tuple(who, result).map(
    ([id, one]): Deed =>
      (page) =>
        settled(page, id, everybody(one)),
  ),
  fc.tuple(fc.nat(7), event).map(
    ([index, one]): Deed =>
      (page) =>
        heard(page, index, one),
  ),
  fc.constant<Deed>((page, now) => cancelled(page, now)),
  fc.nat(2).map(
    (id): Deed =>
      (page) =>
        prepared(page, { id: `t${id}`, unknown: false }),
  ),
);

const steps = fc.array(fc.record({ deed, seconds: fc.oneof(fc.constant(0), fc.nat(200)) }), { maxLength: 60 });

/** From which states a delivery may come into this one by any of these deeds. */
const FROM: Readonly<Record<DeliveryState, readonly DeliveryState[]>> = {
  ready: ['claimed', 'sending', 'unknown', 'failed'],
  claimed: ['ready'],
  // The call follows this step and no other: it must never be taken twice for one claim.
  sending: ['claimed'],
  sent: ['ready', 'claimed', 'sending', 'unknown', 'failed', 'suppressed', 'cancelled'],
  failed: ['ready', 'claimed', 'sending', 'unknown', 'sent', 'suppressed', 'cancelled'],
  suppressed: ['claimed'],
  unknown: ['sending'],
  cancelled: ['ready', 'claimed'],
};

describe('whatever happens to a page', () => {
  test('its readers stay the same, and no delivery takes a way it must not', () => {
    fc.assert(
      fc.property(steps, (all) => {
        let page = aPage();
        let seconds = 0;
        for (const one of all) {
          seconds += one.seconds;
          const next = one.deed(page, at(seconds));
          if (next === undefined || next === 'taken') continue;
          const ways = next.deliveries.map(({ state }, i) => [page.deliveries[i]?.state ?? 'ready', state] as const);
          expect(ways.filter(([was, is]) => was !== is && !FROM[is].includes(was))).toEqual([]);
          expect(next.deliveries.map(({ reader }) => reader)).toEqual(page.deliveries.map(({ reader }) => reader));
          page = next;
          const counts = countsOf([page], READERS);
          expect(isAccountedFor(counts)).toBe(!isOpen(page));
        }
      }),
      { numRuns: 2000 },
    );
  });
});

describe('a delivery’s id', () => {
  test('is read back from a tag, and from nothing else', () => {
    expect(readDeliveryId('12-3')).toEqual({ page: 12, index: 3 });
    for (const text of ['', '0-1', '1-100', '1', '1-01', '-1-2', '1-2 ', '99999999999-1'])
      expect(readDeliveryId(text)).toBeUndefined();
  });
});
