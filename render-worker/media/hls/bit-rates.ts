import { framesToSeconds } from "../grid.ts";

export interface BitRates {
  /** The highest rate of any run of pieces that lasts from half to one and a half target durations. */
  peakBitsPerSecond: number;
  averageBitsPerSecond: number;
}

/**
 * The bit rates of a rendition's pieces (at least one) as BANDWIDTH and AVERAGE-BANDWIDTH define them. If no
 * run has such a length, the peak is the average.
 *
 * @source RFC 8216, 4.1
 */
export function measureBitRates(
  pieces: readonly { frames: number; sizeBytes: number }[],
  targetSeconds: number,
): BitRates {
  const rateOf = (some: typeof pieces) => (8 * sum(some, "sizeBytes")) / framesToSeconds(sum(some, "frames"));
  const runs = pieces.flatMap((_, from) => pieces.map((_, last) => pieces.slice(from, last + 1)));
  const rates = runs
    .filter((run) => {
      const seconds = framesToSeconds(sum(run, "frames"));
      return seconds >= 0.5 * targetSeconds && seconds <= 1.5 * targetSeconds;
    })
    .map(rateOf);
  const averageBitsPerSecond = rateOf(pieces);
  return { peakBitsPerSecond: Math.max(averageBitsPerSecond, ...rates), averageBitsPerSecond };
}

const sum = <Key extends string>(items: readonly Record<Key, number>[], key: Key) =>
  items.reduce((total, item) => total + item[key], 0);
