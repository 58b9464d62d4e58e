/** The simulator paints what a sentence tells: who, how many, in which colour, and the same dreamer in all scenes. */
import { describe, expect, it } from "vitest";
import { type DrawnPicture, drawPicture } from "../../simulators/openai/pictures/draw-picture.ts";
import { readPrompt } from "../../simulators/openai/pictures/read-prompt.ts";
import type { Figure } from "../../simulators/openai/pictures/stage.ts";
import { writeStoryboard } from "../../simulators/openai/storyboard/write-storyboard.ts";

const tell = (transcript: string, scenes = 1) =>
  writeStoryboard({ transcript, scenes, length_seconds: scenes * 5, style: "storybook" }).scenes;
const paint = (sentence: string) =>
  drawPicture({ prompt: tell(sentence)[0]?.picture ?? "", take: 0, width: 384, height: 256 });
const countOf = ({ figures }: DrawnPicture, motif: string) =>
  figures.filter((figure) => figure.motif === motif).length;

/** The mean colour of the middle of a figure, each channel from 0 to 1. */
function colourOf({ canvas }: DrawnPicture, { x, y, width, height }: Figure): [number, number, number] {
  const sum: [number, number, number] = [0, 0, 0];
  const side = 5;
  for (let i = 0; i < side * side; i++) {
    const px = Math.round(x + width * 0.5 + (i % side) - 2);
    const py = Math.round(y + height * 0.45 + Math.floor(i / side) - 2);
    for (const k of [0, 1, 2]) sum[k] = (sum[k] ?? 0) + (canvas.rgb[(py * canvas.width + px) * 3 + k] ?? 0);
  }
  return sum.map((value) => value / side ** 2) as [number, number, number];
}

describe("what is told", () => {
  it.each([
    ["An owl sat on a stone.", "owl", 1],
    ["Two wolves waited on the hill.", "wolf", 2],
    ["Three red fish swam in the pond.", "fish", 3],
    ["I saw a bird in the forest.", "bird", 1],
    ["Zwei Hunde liefen über die Wiese.", "dog", 2],
    ["Drei Pferde standen im Wald.", "horse", 3],
    ["Two men and a woman stood in the field.", "man", 2],
    ["Two men and a woman stood in the field.", "woman", 1],
    ["My little brother and I ran along the street.", "child", 1],
    ["My little brother and I ran along the street.", "person", 1],
    ["My mother and I stood in the meadow.", "woman", 1],
    ["My mother and I stood in the meadow.", "person", 1],
    ["An elephant walked through the desert.", "elephant", 1],
    ["An elephant walked through the desert.", "person", 0],
  ])("is painted as often: %s (%s)", (sentence, motif, count) => {
    expect(countOf(paint(sentence), motif)).toBe(count);
  });

  it("is within the picture", () => {
    for (const sentence of [
      "Six horses stood in the meadow.",
      "Seven wolves and an elephant walked in the snow.",
    ])
      for (const { x, y, width, height } of paint(sentence).figures) {
        expect(x).toBeGreaterThan(0);
        expect(x + width).toBeLessThan(384);
        expect(y + height).toBeLessThanOrEqual(256);
      }
  });

  it.each([
    ["16:9", 480, 270, 0.77],
    ["9:16", 270, 480, 0.69],
    ["1:1", 320, 320, 0.77],
  ] as const)("stands above the captions of %s, as its prompt says", (aspect, width, height, lowest) => {
    for (const transcript of [
      "A deer stood in my bedroom.",
      "I ran through the street.",
      "A boat lay on the sea.",
    ]) {
      const [scene] = writeStoryboard({ transcript, scenes: 1, style: "storybook", aspect }).scenes;
      const { figures } = drawPicture({ prompt: scene?.picture ?? "", take: 0, width, height });
      expect(figures.length, transcript).toBeGreaterThan(0);
      for (const { y, height: tall } of figures) expect((y + tall) / height, transcript).toBeLessThan(lowest);
      expect(scene?.focus.y).toBeGreaterThan(0);
      expect((scene?.focus.y ?? 0) + (scene?.focus.h ?? 1)).toBeLessThan(lowest);
    }
  });

  it("has a boat on a lake", () => {
    expect(countOf(paint("We took a boat over the lake."), "thing")).toBeGreaterThan(0);
  });

  it.each([
    ["A white horse stood in the meadow.", "horse"],
    ["Ein weißes Pferd stand auf der Wiese.", "horse"],
    ["Un cheval blanc était dans le pré.", "horse"],
  ])("is white if it is told white: %s", (sentence, motif) => {
    const painted = paint(sentence);
    const horse = painted.figures.find((figure) => figure.motif === motif) as Figure;
    expect(Math.min(...colourOf(painted, horse))).toBeGreaterThan(0.6);
  });

  it("is red if it is told red, and blue if it is told blue", () => {
    for (const [colour, main, other] of [
      ["red", 0, 2],
      ["blue", 2, 0],
    ] as const) {
      const painted = paint(`The fish were ${colour}, and three of them, all ${colour} fish, swam by day.`);
      const fish = painted.figures.filter((figure) => figure.motif === "fish");
      const large = fish.toSorted((a, b) => b.width - a.width)[0] as Figure;
      const channels = colourOf(painted, large);
      expect(channels[main]).toBeGreaterThan((channels[other] ?? 1) + 0.15);
    }
  });

  it("keeps its colour in later scenes that do not repeat it", () => {
    const scenes = tell("A white horse stood in the meadow. The horse looked at me for a long time.", 2);
    expect(scenes[1]?.picture).toContain("a white horse");
  });
});

describe("a film", () => {
  const dream =
    "I was in a long, dark corridor. I was walking on the beach. I ran through the street, and it rained. I was flying over a city.";

  it("has one dreamer, with the same hair and coat in all scenes", () => {
    const looks = tell(dream, 4).map(({ picture }) => JSON.stringify(readPrompt(picture).scene.dreamer));
    expect(looks).toHaveLength(4);
    expect(new Set(looks).size).toBe(1);
  });

  it.each([2, 4, 6, 12])("ends its scenes where sentences or clauses end, asked for %d", (scenes) => {
    for (const { narration } of tell(dream, scenes)) {
      expect(narration).toMatch(/^\p{Lu}.*[.!?]$/u);
      expect(narration).not.toBe("I was in a long.");
    }
    expect(tell(dream, scenes).map(({ narration }) => narration)).toContainEqual(
      expect.stringContaining("I was in a long, dark corridor."),
    );
  });
});

it.each([
  ["A red owl sat on the roof.", "A red owl sat"],
  ["I was flying over a city made of glass.", "I was flying over a city"],
  ["A whale sang.", "A whale sang"],
])("a title does not end within a phrase: %s", (transcript, title) => {
  const request = { transcript, scenes: 1, length_seconds: 5, style: "storybook" } as const;
  expect(writeStoryboard(request).title).toBe(title);
});
