import { expect, it } from "vitest";
import { findSpeech } from "./find-speech.ts";

const sampleRate = 16_000;
const seconds = 4;

/** A voice that sounds from 0.8 to 2.6 s. */
const pcm = Float32Array.from({ length: seconds * sampleRate }, (_, i) =>
  i >= 0.8 * sampleRate && i < 2.6 * sampleRate ? 0.3 * Math.sin(i * 0.09) : 0,
);
const sound = { pcm, sampleRate, durationSeconds: seconds };
const word = (startSeconds: number, endSeconds: number) => ({ text: "word", startSeconds, endSeconds });

it("leaves out the silence before the first word and after the last", () => {
  const { part, silentSeconds } = findSpeech(sound, [word(0.82, 1.5), word(1.6, 2.58)]);
  expect(part.startSeconds).toBeGreaterThan(0.7);
  expect(part.startSeconds).toBeLessThanOrEqual(0.8);
  expect(part.endSeconds).toBeGreaterThanOrEqual(2.6);
  expect(part.endSeconds).toBeLessThan(2.7);
  expect(silentSeconds).toBeCloseTo(part.endSeconds - part.startSeconds - 1.8, 2);
});

it("also where the aligner stretches a word into the silence", () => {
  const { part } = findSpeech(sound, [word(0.1, 1.5), word(1.6, 3.9)]);
  expect(part.startSeconds).toBeGreaterThan(0.7);
  expect(part.endSeconds).toBeLessThan(2.8);
});

it("cuts no sound, where the aligner found no word in it", () => {
  const { part } = findSpeech(sound, [word(1.4, 1.5), word(1.6, 2)]);
  expect(part.startSeconds).toBeLessThanOrEqual(0.8);
  expect(part.endSeconds).toBeGreaterThanOrEqual(2.6);
});

it("keeps all of a voice whose words are not known", () => {
  const part = { startSeconds: 0, endSeconds: seconds };
  expect(findSpeech(sound, []).part).toEqual(part);
});
