import { describe, expect, it } from "vitest";
import { fitUnits, type Unit } from "./fit-units.ts";

/** Scores that are high in [from, end) and low elsewhere. */
const highIn = (frames: number, ...spans: [number, number][]) =>
  Float64Array.from({ length: frames }, (_, t) =>
    spans.some(([from, end]) => t >= from && t < end) ? 0 : -3,
  );

const unit = (scores: Float64Array, rest: Partial<Unit> = {}): Unit => ({
  scores,
  meanFrames: 10,
  spread: 0.5,
  expectedEnd: 10,
  ...rest,
});

describe("fitUnits", () => {
  it("finds each unit where its sound is, whatever length it expects", () => {
    const units = [unit(highIn(40, [5, 12])), unit(highIn(40, [12, 30]))];
    const fit = fitUnits(units, highIn(40, [0, 5], [30, 40]));
    expect([...(fit?.starts ?? [])]).toEqual([5, 12]);
    expect([...(fit?.ends ?? [])]).toEqual([12, 30]);
  });

  it("leaves a pause out of the words on either side, where one may stand", () => {
    const first = highIn(60, [0, 10]);
    const second = highIn(60, [40, 50]);
    const silence = highIn(60, [10, 40], [50, 60]);
    const paused = fitUnits([unit(first, { pauseCost: 1 }), unit(second)], silence);
    expect([paused?.ends[0], paused?.starts[1]]).toEqual([10, 40]);
    const together = fitUnits([unit(first), unit(second)], silence);
    expect(together?.ends[0]).toBe(together?.starts[1]);
  });

  it("cannot fit more units than frames", () => {
    const scores = highIn(3, [0, 3]);
    expect(
      fitUnits(
        Array.from({ length: 4 }, () => unit(scores)),
        scores,
      ),
    ).toBeNull();
    expect(fitUnits([unit(new Float64Array(0))], new Float64Array(0))).toBeNull();
  });

  it("looks for a unit within eight seconds of where it is expected", () => {
    const frames = 4000;
    const scores = highIn(frames, [3000, 3010]);
    const silence = highIn(frames, [0, 3000], [3010, frames]);
    const near = fitUnits([unit(scores, { expectedEnd: 2500 })], silence);
    expect(near?.starts[0]).toBe(3000);
    const far = fitUnits([unit(scores, { expectedEnd: 1000 })], silence);
    expect(far?.ends[0]).toBeLessThanOrEqual(1800);
  });
});
