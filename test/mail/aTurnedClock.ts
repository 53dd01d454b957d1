/** A clock that stands still while somebody works, and jumps to the next one who wakes: a minute takes no time. */
export const aTurnedClock = () => {
  let ms = 1_700_000_000_000;
  const asleep: { readonly at: number; readonly wake: () => void }[] = [];
  const nextUp = (): { at: number; wake: () => void } | undefined => {
    const first = asleep.reduce((a, one, i) => (one.at < (asleep[a]?.at ?? Number.POSITIVE_INFINITY) ? i : a), 0);
    return asleep.splice(first, 1)[0];
  };
  return {
    clockMs: () => ms,
    sleep: (more: number): Promise<void> => new Promise((wake) => asleep.push({ at: ms + more, wake })),
    /** Lets so much time pass; whoever is at work then stays where he is. */
    async pass(more: number): Promise<void> {
      const until = ms + more;
      for (;;) {
        await new Promise((resolve) => setImmediate(resolve));
        if (!asleep.some(({ at }) => at <= until)) break;
        const next = nextUp();
        ms = Math.max(ms, next?.at ?? ms);
        next?.wake();
      }
      ms = until;
    },
  };
};

/** The most that ever fell into one second. */
export const mostInASecond = (moments: readonly number[]): number => {
  const sorted = [...moments].sort((a, b) => a - b);
  let most = 0;
  for (let from = 0, to = 0; to < sorted.length; to++) {
    while ((sorted[to] ?? 0) - (sorted[from] ?? 0) >= 1000) from++;
    most = Math.max(most, to - from + 1);
  }
  return most;
};
