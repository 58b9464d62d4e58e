import { expect, it } from "vitest";
import { measureBitRates } from "./bit-rates.ts";

const piece = (seconds: number, bitsPerSecond: number) => ({
  frames: seconds * 30,
  sizeBytes: (seconds * bitsPerSecond) / 8,
});

it("is exceeded by no piece, however short", () => {
  const pieces = [piece(6, 1_000), piece(1, 9_000), piece(6, 5_000), piece(7, 1_000)];
  expect(measureBitRates(pieces)).toEqual({ peakBitsPerSecond: 9_000, averageBitsPerSecond: 2_600 });
});

it("is that of the only piece of a short film", () => {
  const rate = { peakBitsPerSecond: 7_000, averageBitsPerSecond: 7_000 };
  expect(measureBitRates([piece(2, 7_000)])).toEqual(rate);
});
