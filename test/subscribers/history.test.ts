import { expect, test } from 'vitest';
import type { Cadence } from '../../functions/shared/config.ts';
import { addMs, DAY_MS, HOUR_MS } from '../../functions/shared/time.ts';
import { leave, undoLeaving } from '../../functions/subscribers/leaving/leave.ts';
import { changeChoices } from '../../functions/subscribers/preferences/changeChoices.ts';
import type { Subscriber, Subscription } from '../../functions/subscribers/subscriber.ts';
import { aMember, NEWSLETTER, START, seenAt, someChoices } from './aSubscriber.ts';

/** An edition works out of this what a reader was sent already, so a lost line is news sent twice or never. */
const on = (days: number): string => addMs(START, days * DAY_MS);

const choosing = (subscriber: Subscriber, cadence: Cadence, at: string): Subscriber =>
  changeChoices(subscriber, NEWSLETTER, someChoices({ cadence }), seenAt(at)).subscriber;

const leaving = (subscriber: Subscriber, at: string): Subscriber =>
  leave(subscriber, NEWSLETTER, seenAt(at)).subscriber;

const subscription = (subscriber: Subscriber): Subscription => {
  const [only] = subscriber.subscriptions;
  if (!only) throw new Error('There is no subscription.');
  return only;
};

test('a new reader has no history, and joins the edition in the making', () => {
  expect(subscription(aMember())).toMatchObject({ history: [], confirmedAt: START });
});

test('a change of cadence is remembered with the moment it ended', () => {
  const reader = choosing(choosing(aMember({ cadence: 'weekly' }), 'daily', on(3)), 'monthly', on(5));
  expect(subscription(reader)).toMatchObject({
    cadence: 'monthly',
    confirmedAt: START,
    history: [
      { cadence: 'weekly', until: on(3) },
      { cadence: 'daily', until: on(5) },
    ],
  });
});

test('other changes leave the history alone', () => {
  const reader = changeChoices(aMember(), NEWSLETTER, someChoices({ topics: ['climate'] }), seenAt(on(1))).subscriber;
  expect(subscription(reader)).toMatchObject({ topics: ['climate'], history: [] });
});

test('only the ten latest cadences are kept', () => {
  const changes = Array.from({ length: 25 }, (_, day): [Cadence, string] => [
    day % 2 ? 'weekly' : 'daily',
    on(day + 1),
  ]);
  const reader = changes.reduce((there, [cadence, at]) => choosing(there, cadence, at), aMember());
  expect(subscription(reader).history.map(({ until }) => until)).toEqual(changes.slice(-10).map(([, at]) => at));
});

test('who takes leaving back within a day goes on as if nothing had happened', () => {
  const before = choosing(aMember(), 'daily', on(3));
  const gone = leaving(before, on(4));
  const back = undoLeaving(gone, NEWSLETTER, seenAt(addMs(on(4), 23 * HOUR_MS)));
  expect(back.is).toBe('rejoined');
  expect(subscription(back.subscriber)).toEqual(subscription(before));
});

test('after a day leaving cannot be taken back by the link that ended it', () => {
  const gone = leaving(aMember(), on(4));
  expect(undoLeaving(gone, NEWSLETTER, seenAt(on(5)))).toEqual({ is: 'too-late', subscriber: gone });
});

test('who is back within a week, at another pace, was sent editions at the old one until the leaving', () => {
  const back = choosing(leaving(aMember({ cadence: 'weekly' }), on(4)), 'daily', on(10));
  expect(subscription(back)).toMatchObject({
    state: 'active',
    leftAt: null,
    history: [{ cadence: 'weekly', until: on(4) }],
  });
});

test('who comes back later begins anew', () => {
  const back = choosing(leaving(choosing(aMember(), 'daily', on(2)), on(4)), 'weekly', on(12));
  expect(subscription(back)).toMatchObject({ state: 'active', history: [], confirmedAt: on(12) });
});
