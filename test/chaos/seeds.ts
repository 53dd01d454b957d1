/** `COURANT_SEED` replays what was printed; without it, every run has weather of its own. */
export const firstSeed = (): number => Number(process.env['COURANT_SEED'] ?? Math.floor(Math.random() * 1e9));

/** How many seeds the whole proof goes through. */
export const seeds = (usual: number): number[] => {
  const first = firstSeed();
  const count = Number(process.env['COURANT_SEEDS'] ?? (process.env['COURANT_SEED'] === undefined ? usual : 1));
  return Array.from({ length: count }, (_, i) => first + i);
};

/** A seed that is printed is weather that can be had again. */
export const seeded = async <T>(seed: number, what: string, run: () => Promise<T>): Promise<T> => {
  try {
    return await run();
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new Error(`COURANT_SEED=${seed}, ${what}: ${why}`, { cause: error });
  }
};
