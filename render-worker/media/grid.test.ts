import { describe, expect, it } from "vitest";
import { aacFrameSamples, framesToAacFrames, framesToSamples, gridFrames } from "./grid.ts";

describe("grid", () => {
  it("ends pictures, samples and AAC frames together on every step", () => {
    for (let steps = 1; steps < 500; steps++) {
      const frames = steps * gridFrames;
      expect(framesToSamples(frames)).toBe(framesToAacFrames(frames) * aacFrameSamples);
      expect(Number.isInteger(framesToAacFrames(frames))).toBe(true);
    }
  });
});
