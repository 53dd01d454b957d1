import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['test/bench/**'],
    pool: 'forks',
    // Two even on two cores: half of the longest tests' time is waiting for another process.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    // What hangs is found a little later; what is only slow, on a busy machine, is no failure.
    testTimeout: 90_000,
    hookTimeout: 120_000,
  },
});
