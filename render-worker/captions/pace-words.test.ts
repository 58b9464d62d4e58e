import { expect, it } from "vitest";
import { paceWords } from "./pace-words.ts";

it.each([
  ["en", "I was flying over a city made of glass, and every window held a different season."],
  ["de", "Donaudampfschifffahrtsgesellschaftskapitäne beobachteten Regenbogenforellen."],
  ["ja", "私はガラスの街の上を飛んでいました。"],
  ["en", "Oh."],
])("paces a silent scene for reading, without gaps and in order: %s %s", (language, narration) => {
  const words = paceWords(narration, language);
  const seconds = words.at(-1)?.endSeconds ?? 0;
  const letters = [...narration.replace(/\s/gu, "")].length;
  expect(words[0]?.startSeconds).toBe(0);
  for (const [i, word] of words.entries()) {
    expect(word.endSeconds).toBeGreaterThan(word.startSeconds);
    if (i > 0) expect(word.startSeconds).toBe(words[i - 1]?.endSeconds);
  }
  expect(seconds).toBeGreaterThanOrEqual(1.5 - 1e-9);
  expect(letters / seconds).toBeLessThanOrEqual(14 + 1e-9);
});
