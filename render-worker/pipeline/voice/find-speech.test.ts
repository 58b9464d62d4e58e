import { expect, it } from "vitest";
import type { DecodedVoice } from "../../media/decode-voice.ts";
import { findSpeech } from "./find-speech.ts";

const sampleRate = 16_000;
const seconds = 4;

/** A voice that sounds from 0.8 to 2.6 s. */
const pcm = Float32Array.from({ length: seconds * sampleRate }, (_, i) =>
  i >= 0.8 * sampleRate && i < 2.6 * sampleRate ? 0.3 * Math.sin(i * 0.09) : 0,
);
const sound = { pcm, sampleRate } as DecodedVoice;
const word = (startSeconds: number, endSeconds: number) => ({ text: "word", startSeconds, endSeconds });

it("leaves out the silence before the first word and after the last", () => {
  const { startSeconds, endSeconds } = findSpeech({
    seconds,
    sound,
    words: [word(0.82, 1.5), word(1.6, 2.58)],
  });
  expect(startSeconds).toBeGreaterThan(0.7);
  expect(startSeconds).toBeLessThanOrEqual(0.8);
  expect(endSeconds).toBeGreaterThanOrEqual(2.6);
  expect(endSeconds).toBeLessThan(2.8);
});

it("cuts neither sound outside the words nor words that were found in silence", () => {
  const late = findSpeech({ seconds, sound, words: [word(1.4, 1.5), word(1.6, 2)] });
  expect(late.startSeconds).toBeLessThanOrEqual(0.8);
  expect(late.endSeconds).toBeGreaterThanOrEqual(2.6);
  const early = findSpeech({ seconds, sound, words: [word(0.2, 1), word(2, 3.5)] });
  expect(early.startSeconds).toBeLessThanOrEqual(0.2);
  expect(early.endSeconds).toBeGreaterThanOrEqual(3.5);
});

it("keeps all of a voice whose words are not known", () => {
  const whole = { startSeconds: 0, endSeconds: seconds };
  expect(findSpeech({ seconds, sound, words: [] })).toEqual(whole);
  expect(findSpeech({ seconds, sound: null, words: [word(0, 4)] })).toEqual(whole);
});
