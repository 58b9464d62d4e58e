import { describe, expect, it } from "vitest";
import { joinWords, type TimedWord } from "../timed-word.ts";
import { cleanText } from "./clean-text.ts";
import { endsSentence, groupWords } from "./group-words.ts";
import { splitWords } from "./split-words.ts";

const timed = (text: string, secondsEach = 0.4): TimedWord[] =>
  splitWords(text, "en").map((word, i) => ({
    ...word,
    startSeconds: i * secondsEach,
    endSeconds: (i + 1) * secondsEach,
  }));
const measure = (text: string) => text.length;
const limits = { maxWords: 3, width: 18, maxLines: 1, ideal: 14, measure } as const;
const grouped = (words: TimedWord[]) => groupWords(words, limits).map(joinWords);

describe("groupWords", () => {
  it("never crosses the end of a sentence", () => {
    expect(grouped(timed("Go. I ran. Then he said no!"))).toEqual(
      ["Go.", "I ran.", "Then he said no!"].flatMap((s) => grouped(timed(s))),
    );
  });

  it.each([
    ["fr", "Elle dit : « Viens ! » Je suis venu.", "Je suis venu."],
    ["fr", "Où\u202f? Là\u00a0! Ici.", "Ici."],
    ["da", "– Hvem er du? – Jeg er havet.", "– Jeg er havet."],
  ])("nor in the spacing of %s, typed or cleaned: %s", (_, narration, lastSentence) => {
    const wide = { ...limits, maxWords: 99, width: 99, ideal: 60 };
    const words = timed(narration);
    for (const shown of [words, words.map((word) => ({ ...word, text: cleanText(word.text) }))]) {
      const groups = groupWords(shown, wide).map(joinWords);
      expect(groups.at(-1)?.replaceAll("\u00a0", " ")).toBe(lastSentence);
    }
  });

  it("ends groups at pauses rather than after articles", () => {
    expect(grouped(timed("Every window, of course, held a season."))).toEqual([
      "Every window,",
      "of course,",
      "held a season.",
    ]);
    expect(grouped(timed("We bought the house of"))).not.toContain("We bought the");
  });

  it("lets a word stand alone that is longer than a group may be", () => {
    const words = timed("die Donaudampfschifffahrtsgesellschaft fuhr");
    expect(grouped(words)).toContain("Donaudampfschifffahrtsgesellschaft");
  });

  it("joins what would flash by", () => {
    const words = timed("yes no, quickly gone", 0.1);
    for (const group of groupWords(words, limits).slice(0, -1)) expect(group.length).toBeGreaterThan(1);
  });

  it("fills two lines where two are allowed", () => {
    const two = { ...limits, maxWords: 99, maxLines: 2, ideal: 30 } as const;
    const groups = groupWords(timed("one two three four five six seven eight"), two);
    for (const group of groups) expect(joinWords(group).length).toBeLessThanOrEqual(37);
    expect(groups.length).toBeLessThan(
      groupWords(timed("one two three four five six seven eight"), limits).length,
    );
  });

  it("keeps every word, in order", () => {
    const words = timed(
      "When I landed, my grandmother was waiting with a lantern, and the street was a river.",
    );
    expect(groupWords(words, limits).flat()).toEqual(words);
    expect(groupWords([], limits)).toEqual([]);
  });
});

describe("endsSentence", () => {
  it.each(["glass.", "no!”", "什么？", "है।", "كذا؟", "end…", "(stop.)"])("sees the end in %s", (text) => {
    expect(endsSentence(text, "Next")).toBe(true);
  });

  it.each([
    ["Dr.", "Smith"],
    ["J.", "Smith"],
    ["e.g.", "This"],
    ["etc.", "and"],
    ["wait...", "what"],
    ["glass,", "Next"],
    ["3.5", "Million"],
  ])("sees none in %s before %s", (text, next) => {
    expect(endsSentence(text, next)).toBe(false);
  });
});
