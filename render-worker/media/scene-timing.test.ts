import { describe, expect, it } from "vitest";
import { pauseOf, tempoOf } from "../../contract/breath.ts";
import { framesToSeconds } from "./grid.ts";
import { pauseAfter, timeScene } from "./scene-timing.ts";

/** The silence of a scene whose voice lasts so long. */
const silenceOf = (voiceSeconds: number, narration: string, isLast = false, tempo: number | null = 1) => {
  const timing = timeScene(voiceSeconds, pauseAfter(narration, { isLast }), tempo);
  return framesToSeconds(timing.frames) - voiceSeconds / timing.tempo;
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
      expect(timeScene(length, undefined, null).tempo).toBe(1);
      expect(silenceOf(length, "I fell.", false, null)).toBeGreaterThanOrEqual(0.4 - 1e-9);
      expect(silenceOf(length, "I fell.", false, null)).toBeLessThan(0.4 + 16 / 30);
    }
  });

  it("slows the voice and lengthens the pauses of a film that stretches, but no pause beyond 0.9 s", () => {
    const total = (breath: number) =>
      lengths.reduce((sum, length) => {
        const pause = pauseAfter("I fell.", { breath });
        const { frames, tempo } = timeScene(length, pause, tempoOf(breath, 1));
        if (breath <= 1) expect(framesToSeconds(frames) - length / tempo).toBeLessThanOrEqual(0.9 + 1e-9);
        return sum + framesToSeconds(frames);
      }, 0);
    const plain = lengths.reduce((sum, length) => sum + length, 0);
    for (const breath of [-1, -0.5, 0, 0.5, 1, 1.5, 2]) {
      const expected = plain / tempoOf(breath, 1) + lengths.length * pauseOf(breath);
      expect(total(breath) / expected, String(breath)).toBeCloseTo(1, 1);
    }
    expect(total(1) / total(0)).toBeGreaterThan(1.1);
  });
});
