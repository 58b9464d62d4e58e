import { expect, it } from "vitest";
import { findSilences, type Span } from "./find-silences.ts";
import { shortenPauses } from "./shorten-pauses.ts";

const span = (startSeconds: number, endSeconds: number): Span => ({ startSeconds, endSeconds });
const lengthOf = (spans: readonly Span[]) =>
  spans.reduce((sum, { startSeconds, endSeconds }) => sum + endSeconds - startSeconds, 0);
const words = [span(1, 2), span(2.5, 3), span(6, 7)];

it("shortens a long pause to 0.6 s, keeps a short one, and trims both edges", () => {
  const silences = [span(0, 1), span(2, 2.5), span(3, 6), span(7, 9)];
  expect(shortenPauses(span(0, 9), words, silences)).toEqual([span(0.9, 3.3), span(5.7, 7.1)]);
});

it("never cuts within a word, also where the word was found in silence", () => {
  const kept = shortenPauses(span(0, 9), words, [span(0, 9)]);
  for (const { startSeconds, endSeconds } of words)
    expect(kept.some((one) => one.startSeconds <= startSeconds && one.endSeconds >= endSeconds)).toBe(true);
});

it("keeps breaths and sounds of hesitation between two silences", () => {
  const kept = shortenPauses(span(0, 9), words, [span(3, 4), span(4.5, 6)]);
  expect(kept.some((one) => one.startSeconds <= 4 && one.endSeconds >= 4.5)).toBe(true);
  expect(lengthOf(kept)).toBeCloseTo(9 - 0.4 - 0.9, 5);
});

it("leaves out what it is told to", () => {
  expect(shortenPauses(span(0, 9), words, [], [span(2.2, 4)])).toEqual([span(0, 2.2), span(4, 9)]);
});

it("finds the silences of a recording, whatever its noise and its level", () => {
  for (const [level, noise] of [
    [0.3, 0.0001],
    [0.02, 0.0005],
  ] as const) {
    const pcm = Float32Array.from({ length: 16_000 * 4 }, (_, i) => {
      const isSpeech = (i / 16_000) % 2 < 1;
      return noise * Math.sin(i * i) + (isSpeech ? level * Math.sin(i / 8) : 0);
    });
    const silences = findSilences(pcm, 16_000);
    expect(silences).toHaveLength(2);
    expect(silences[0]?.startSeconds).toBeCloseTo(1, 1);
    expect(silences[0]?.endSeconds).toBeCloseTo(2, 1);
  }
});
