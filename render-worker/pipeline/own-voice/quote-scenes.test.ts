import { expect, it } from "vitest";
import type { Storyboard } from "../../../contract/storyboard.ts";
import { seeded } from "../../../tests/seeded.ts";
import { splitWords } from "../../captions/text/split-words.ts";
import type { PlacedWord } from "../own-narration.ts";
import { explainMisquote, quoteScenes } from "./quote-scenes.ts";

const text =
  "I flew over a silver sea, and a girl waved at me. Under the water a town was lit. Then the lamps went out and I woke up.";
/** 0.4 s for each word; 0.6 s of pause after a sentence. */
function say(said: string): PlacedWord[] {
  let at = 0;
  return splitWords(said, "en").map((word) => {
    const startSeconds = at;
    at += 0.4 + (word.text.endsWith(".") ? 0.6 : 0.02);
    return { ...word, part: 0, scene: 0, startSeconds, endSeconds: startSeconds + 0.4 };
  });
}
const words = say(text);
const board = (...narrations: string[]): Storyboard => ({
  title: "Sea",
  language: "en",
  scenes: narrations.map((narration, i) => ({
    narration,
    picture: `picture ${i}`,
    picture_take: 0,
    voice_take: 0,
  })),
});
const quote = (...narrations: string[]) =>
  quoteScenes(board(...narrations), words, "en").scenes.map(({ narration, picture }) => [narration, picture]);
const sentences = [
  "I flew over a silver sea, and a girl waved at me.",
  "Under the water a town was lit.",
  "Then the lamps went out and I woke up.",
] as const;
const whole = sentences.map((sentence, i) => [sentence, `picture ${i}`]);

it("keeps narrations that quote, and finds nothing to explain", () => {
  expect(quote(...sentences)).toEqual(whole);
  expect(explainMisquote(board(...sentences), words, "en")).toBeNull();
});

it.each([
  [
    "rewrites",
    [
      "I soared over a silver sea. A girl waved.",
      "Below the water a town was lit up.",
      "The lamps went out; I woke.",
    ],
  ],
  ["leaves out the end", [sentences[0], sentences[1], "Then the lamps went out."]],
  ["leaves out the beginning", ["And a girl waved at me.", sentences[1], sentences[2]]],
  ["adds", [`Once upon a time. ${sentences[0]}`, sentences[1], sentences[2]]],
  ["begins a scene two words late", [`${sentences[0]} Under the`, "water a town was lit.", sentences[2]]],
])("makes an answer that %s quote the whole text, scene by scene", (_, narrations) => {
  expect(quote(...narrations)).toEqual(whole);
  const isMoved = narrations.join(" ") === text;
  expect(explainMisquote(board(...narrations), words, "en") === null).toBe(isMoved);
});

it("shares the text out by length where the answer has none of its words", () => {
  const shared = quote("Ein Traum vom Fliegen ueber Silber", "Eine Stadt", "Dann war alles dunkel");
  expect(shared.map(([narration]) => narration).join(" ")).toBe(text);
  expect(shared).toHaveLength(3);
});

it("covers the text in order, whatever the answer is", () => {
  const pool = splitWords(text, "en").map((word) => word.text);
  const random = seeded(1);
  for (let n = 0; n < 100; n++) {
    const narrations = Array.from({ length: 1 + Math.floor(random() * 6) }, () =>
      Array.from(
        { length: 1 + Math.floor(random() * 12) },
        () => pool[Math.floor(random() * pool.length)],
      ).join(" "),
    );
    const { scenes } = quoteScenes(board(...narrations), words, "en");
    expect(scenes.map(({ narration }) => narration).join(" ")).toBe(text);
    expect(scenes.every(({ narration }) => narration !== "")).toBe(true);
  }
});
