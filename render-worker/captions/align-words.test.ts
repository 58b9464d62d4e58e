import { describe, expect, it } from "vitest";
import { alignWords } from "./align-words.ts";

const sampleRate = 16_000;

/** A buzz like a vowel for each [start, end], silence elsewhere. */
function buzz(totalSeconds: number, spans: [number, number][]) {
  const pcm = new Float32Array(totalSeconds * sampleRate);
  for (const [start, end] of spans) {
    for (let i = start * sampleRate; i < end * sampleRate; i++) {
      for (let harmonic = 1; harmonic <= 8; harmonic++) {
        const angle = (2 * Math.PI * 130 * harmonic * i) / sampleRate;
        pcm[i] = (pcm[i] as number) + (0.1 / harmonic) * Math.sin(angle);
      }
    }
  }
  return { pcm, sampleRate };
}

describe("alignWords", () => {
  it("puts a sentence's words into its own stretch of speech", () => {
    const sound = buzz(4, [
      [0.5, 1.5],
      [2.5, 3.5],
    ]);
    const words = alignWords("Aia aua oia. Uau eia aoa.", "en", sound);
    expect(words[0]?.startSeconds).toBeCloseTo(0.5, 1);
    expect(words[2]?.endSeconds).toBeCloseTo(1.5, 1);
    expect(words[3]?.startSeconds).toBeCloseTo(2.5, 1);
    expect(words[5]?.endSeconds).toBeCloseTo(3.5, 1);
  });

  it("finds nothing to time in a narration without words", () => {
    expect(alignWords(" \n\u200b", "en", buzz(1, []))).toEqual([]);
  });

  it.each([
    ["no sound at all", new Float32Array(0)],
    ["a sound too short for the words", new Float32Array(300)],
    ["silence", new Float32Array(sampleRate)],
    ["a single click", Float32Array.from({ length: sampleRate }, (_, i) => (i === 5000 ? 1 : 0))],
    ["noise", Float32Array.from({ length: sampleRate }, (_, i) => Math.sin(i * i))],
  ])("keeps words in order and within %s", (_, pcm) => {
    const words = alignWords("One, two three 🐉 four — 1920!", "en", { pcm, sampleRate });
    expect(words.map((word) => word.text)).toEqual(["One,", "two", "three", "🐉", "four\u00a0—", "1920!"]);
    let last = 0;
    for (const { startSeconds, endSeconds } of words) {
      expect(startSeconds).toBeGreaterThanOrEqual(last);
      expect(endSeconds).toBeGreaterThanOrEqual(startSeconds);
      last = endSeconds;
    }
    expect(last).toBeLessThanOrEqual(pcm.length / sampleRate + 1e-9);
  });

  it("marks an emoji, which is not spoken, in the pause after the word before it", () => {
    const sound = buzz(3, [
      [0.2, 1],
      [2, 2.8],
    ]);
    const [, dragon, next] = alignWords("Aiaoua 🐉 oiaua", "en", sound);
    expect((dragon?.endSeconds ?? 0) - (dragon?.startSeconds ?? 0)).toBeGreaterThan(0.15);
    expect(next?.startSeconds).toBeCloseTo(2, 1);
  });
});
