/** Seeded randomness: the same seed gives the same run, on every machine. */

/** Taken once: looking a global up again and again is slow where tests run. */
const { imul } = Math;

/**
 * A generator of numbers from 0 (included) to 1 (excluded): mulberry32, a public-domain
 * algorithm.
 */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** A whole number from min to max, both included. */
export function between(random: () => number, min: number, max: number): number {
  return min + Math.floor(random() * (max - min + 1));
}
