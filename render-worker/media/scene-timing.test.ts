import { describe, expect, it } from "vitest";
import { framesToSeconds } from "./grid.ts";
import { pauseAfter, timeScene } from "./scene-timing.ts";

/** The silence of a scene whose voice lasts so long. */
const silenceOf = (voiceSeconds: number, narration: string, isLast = false, mayBend = true) => {
  const { frames, tempo } = timeScene(voiceSeconds, pauseAfter(narration, isLast), mayBend);
  return framesToSeconds(frames) - voiceSeconds / tempo;
};
/** Voices of 1.2 to 15 s, by steps of no round length. */
const lengths = Array.from({ length: 300 }, (_, i) => 1.2 + i * 0.0461);

describe("a scene's timing", () => {
  it("leaves 0.4 to 0.9 s from one scene's words to the next scene's", () => {
    for (const length of lengths)
      for (const narration of ["I fell,", "I fell.", "I fell …", "落ちた。", "وقعت؟"]) {
        expect(silenceOf(length, narration)).toBeGreaterThanOrEqual(0.4 - 1e-9);
        expect(silenceOf(length, narration)).toBeLessThanOrEqual(0.9 + 1e-9);
      }
  });

  it("pauses longer after a sentence than within one, and longest after a thought that trails off", () => {
    const mean = (narration: string) =>
      lengths.reduce((sum, length) => sum + silenceOf(length, narration), 0) / lengths.length;
    expect(mean("and the sea,")).toBeLessThan(mean("It was blue.") - 0.05);
    expect(mean("It was blue.”")).toBeLessThan(mean("Was it blue?") - 0.05);
  });

  it("ends the film 1.5 to 2 s after its last word", () => {
    for (const length of lengths) {
      expect(silenceOf(length, "I woke.", true) - 0.3).toBeGreaterThanOrEqual(1.5 - 1e-9);
      expect(silenceOf(length, "I woke.", true) - 0.3).toBeLessThanOrEqual(2 + 0.02);
    }
  });

  it("bends a voice's tempo by at most 4 %, and a person's never", () => {
    for (const length of lengths) {
      const { tempo } = timeScene(length);
      expect(Math.abs(tempo - 1)).toBeLessThanOrEqual(0.04 + 1e-9);
      expect(timeScene(length, undefined, false).tempo).toBe(1);
      expect(silenceOf(length, "I fell.", false, false)).toBeGreaterThanOrEqual(0.4 - 1e-9);
      expect(silenceOf(length, "I fell.", false, false)).toBeLessThan(0.4 + 16 / 30);
    }
  });
});
