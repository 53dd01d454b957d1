import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Pace, slowed, startPace, steadied, takeTurn } from '../../functions/mail/pace.ts';

/** Sends as often as it may, by timers that come `lateMs` late; answers the moments of sending. */
const run = (start: Pace, sends: number, lateMs: (i: number) => number = () => 0, fromMs = 0): number[] => {
  const moments: number[] = [];
  let pace = start;
  for (let nowMs = fromMs, asked = 0; moments.length < sends; asked++) {
    const turn = takeTurn(pace, nowMs);
    pace = turn.pace;
    if (turn.waitMs === 0) moments.push(nowMs);
    else nowMs += turn.waitMs + lateMs(asked);
  }
  return moments;
};

const mostInASecond = (moments: readonly number[]): number => {
  let most = 0;
  for (let from = 0, to = 0; to < moments.length; to++) {
    while ((moments[to] ?? 0) - (moments[from] ?? 0) >= 1000) from++;
    most = Math.max(most, to - from + 1);
  }
  return most;
};

describe('the pace', () => {
  it('never lets a second hold more sends than granted, however late timers are', () => {
    const lateness = fc.array(fc.integer({ min: 0, max: 60 }), { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 600 }), lateness, (rate, late) => {
        const moments = run(startPace(rate, 0), rate * 3, (i) => late[i % late.length] ?? 0);
        expect(mostInASecond(moments)).toBeLessThanOrEqual(rate);
      }),
      { numRuns: 300 },
    );
  });

  it('keeps within five hundredths of what is granted, with timers of whole milliseconds', () => {
    for (const rate of [1, 14, 93, 500]) {
      const moments = run(startPace(rate, 0), rate * 60, (i) => 1 + (i % 3));
      const perSecond = (moments.length - 1) / ((moments.at(-1) ?? 0) / 1000);
      expect(perSecond / rate).toBeGreaterThan(0.95);
      expect(perSecond / rate).toBeLessThanOrEqual(1);
    }
  });

  it('catches up after a late timer, but never saves turns up', () => {
    const afterALongRest = run(startPace(100, 0), 100, () => 0, 60_000);
    expect(afterALongRest.filter((moment) => moment === 60_000).length).toBe(11);
  });

  it('loses next to nothing to timers that come as late as a busy machine lets them', () => {
    for (const rate of [14, 500]) {
      const moments = run(startPace(rate, 0), rate * 30, (i) => (i % 7 === 0 ? 70 : 8));
      expect(mostInASecond(moments)).toBeLessThanOrEqual(rate);
      expect((moments.length - 1) / ((moments.at(-1) ?? 0) / 1000) / rate).toBeGreaterThan(0.95);
    }
  });

  it('goes slower when SES says so, and comes back while mails go through', () => {
    let pace = slowed(startPace(100, 0), 0);
    expect(pace.perSecond).toBeCloseTo(70);
    expect(takeTurn(pace, 0).waitMs).toBeGreaterThan(10);
    for (let i = 0; i < 20; i++) pace = slowed(pace, 0);
    expect(pace.perSecond).toBeGreaterThanOrEqual(10);
    for (let i = 0; i < 2000; i++) pace = steadied(pace);
    expect(pace.perSecond).toBe(100);
  });

  it('needs a rate', () => {
    expect(() => startPace(0, 0)).toThrow('rate above zero');
    expect(() => startPace(Number.NaN, 0)).toThrow('rate above zero');
  });
});
