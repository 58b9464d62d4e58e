import { expect, it } from "vitest";
import { wordsAt } from "./words-at.ts";

const cue = (startTime: number, endTime: number, text: string) => ({ startTime, endTime, text });
const cues = [cue(0.6, 2, "I flew."), cue(2.5, 4, "Then I fell."), cue(3.8, 5, "I woke.")];

it.each([
  [0, "I flew."],
  [1, "I flew."],
  [2.2, "I flew."],
  [3.9, "Then I fell. I woke."],
  [7, "I woke."],
])("shows words at every moment of the film, here at %f s", (seconds, words) => {
  expect(wordsAt(cues, seconds)).toBe(words);
});

it("shows nothing while there are no cues", () => {
  expect(wordsAt([], 3)).toBe("");
});
