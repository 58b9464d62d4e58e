/** The seed of this run's random tests: `SEED=…` repeats an earlier run. */
export const seedOfRun = Number(process.env.SEED ?? Date.now() % 1_000_000);

/** Numbers from 0 up to 1, the same for the same seed. Mulberry32, in the public domain. */
export function seeded(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
