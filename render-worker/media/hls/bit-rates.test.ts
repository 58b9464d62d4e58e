import { expect, it } from "vitest";
import { measureBitRates } from "./bit-rates.ts";

const piece = (seconds: number, bitsPerSecond: number) => ({
  frames: seconds * 30,
  sizeBytes: (seconds * bitsPerSecond) / 8,
});

it("finds the busiest run of pieces of about the target duration", () => {
  const pieces = [piece(6, 1_000), piece(6, 9_000), piece(6, 5_000), piece(6, 1_000)];
  expect(measureBitRates(pieces, 8)).toEqual({ peakBitsPerSecond: 9_000, averageBitsPerSecond: 4_000 });
});

it("measures a piece that is much shorter only together with its neighbours", () => {
  const pieces = [piece(2, 9_000), piece(2, 1_000), piece(8, 1_000)];
  expect(measureBitRates(pieces, 8).peakBitsPerSecond).toBe(5_000);
});

it("takes the average of a film that is shorter than any such run", () => {
  const rate = { peakBitsPerSecond: 7_000, averageBitsPerSecond: 7_000 };
  expect(measureBitRates([piece(2, 7_000)], 8)).toEqual(rate);
});
