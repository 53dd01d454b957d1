import { defineConfig } from 'vitest/config';

/** `npm run test:chaos`: the whole of what `npm test` proves a part of. `COURANT_SEEDS` says how many seeds. */
export default defineConfig({
  test: {
    include: ['test/chaos/**/*.chaos.ts'],
    pool: 'forks',
    // One after the other: each takes as many processes as it needs.
    fileParallelism: false,
    testTimeout: 3_600_000,
    hookTimeout: 120_000,
  },
});
