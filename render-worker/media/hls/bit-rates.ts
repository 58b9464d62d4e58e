import { framesToSeconds } from "../grid.ts";

export interface BitRates {
  /** The highest rate of any piece. */
  peakBitsPerSecond: number;
  averageBitsPerSecond: number;
}

/**
 * The bit rates of a rendition's pieces (at least one), for BANDWIDTH and AVERAGE-BANDWIDTH. RFC 8216 counts
 * runs of pieces from half to one and a half target durations, whose rate is never above that of their
 * busiest piece; players take BANDWIDTH as the limit of every piece.
 *
 * @source RFC 8216, 4.1
 */
export function measureBitRates(pieces: readonly { frames: number; sizeBytes: number }[]): BitRates {
  const rateOf = (some: typeof pieces) => (8 * sum(some, "sizeBytes")) / framesToSeconds(sum(some, "frames"));
  return {
    peakBitsPerSecond: Math.max(...pieces.map((piece) => rateOf([piece]))),
    averageBitsPerSecond: rateOf(pieces),
  };
}

const sum = <Key extends string>(items: readonly Record<Key, number>[], key: Key) =>
  items.reduce((total, item) => total + item[key], 0);
