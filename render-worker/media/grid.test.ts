import { describe, expect, it } from "vitest";
import { sampleRate } from "../../contract/film.ts";
import { aacFrameSamples, framesToAacFrames, framesToSamples, gridFrames, sceneFrames } from "./grid.ts";

describe("grid", () => {
  it("ends pictures, samples and AAC frames together on every step", () => {
    for (let steps = 1; steps < 500; steps++) {
      const frames = steps * gridFrames;
      expect(framesToSamples(frames)).toBe(framesToAacFrames(frames) * aacFrameSamples);
      expect(Number.isInteger(framesToAacFrames(frames))).toBe(true);
    }
  });

  it.each([
    [0, 48],
    [0.8, 48],
    [0.81, 64],
    [4, 144],
    [4.0001, 160],
    [6.387625, 224],
  ])("gives a voice of %f s %i frames", (voiceSeconds, frames) => {
    expect(sceneFrames(voiceSeconds)).toBe(frames);
  });

  it("never gives a scene less than its lead-in, voice and tail, nor a whole step more", () => {
    for (let samples = 1; samples < 20 * sampleRate; samples += 7_919) {
      const seconds = samples / sampleRate;
      const spare = sceneFrames(seconds) / 30 - (seconds + 0.8);
      expect(spare).toBeGreaterThan(-1e-6);
      if (seconds > 0.8) expect(spare).toBeLessThan(gridFrames / 30);
    }
  });
});
