import { expect, it } from "vitest";
import { nameDream } from "./name-dream.ts";

it.each([
  ["I was flying. Then I fell.", "I was flying"],
  ["  Once\n upon  a time ", "Once upon a time"],
  [
    "And he lighted upon a certain place, and tarried there all night",
    "And he lighted upon a certain place, and…",
  ],
  ["鲸鱼在我的窗前唱歌。我醒了。", "鲸鱼在我的窗前唱歌"],
  ["x".repeat(60), `${"x".repeat(47)}…`],
  ["Why? Nobody knew.", "Why?"],
])("names %j by its first words", (text, name) => {
  expect(nameDream(text)).toBe(name);
  expect([...name].length).toBeLessThanOrEqual(48);
});
