import { describe, expect, it } from "vitest";
import { estimateFilm } from "../../../contract/estimate-cost.ts";
import { FilmOptions } from "../../../contract/film.ts";
import { limits } from "../../../contract/limits.ts";
import { newPictureSize } from "../../../contract/picture-sizes.ts";
import { ceilingOfPicture, ceilingOfText, ceilingOfVoices, readPrices } from "../../../contract/prices.ts";
import type { Storyboard } from "../../../contract/storyboard.ts";
import { storyboardBounds } from "../../../contract/storyboard-plan.ts";
import { seeded, seedOfRun } from "../../../tests/seeded.ts";
import { explainExcess, holdToPlan } from "./hold-to-plan.ts";
import { picturePrompt } from "./picture-prompt.ts";
import { longestText, storyboardRequest } from "./storyboard-request.ts";

const storyboard = (scenes: [narration: string, picture?: string][]): Storyboard => ({
  title: "T",
  language: "en",
  scenes: scenes.map(([narration, picture = "A picture"]) => ({
    narration,
    picture,
    picture_take: 0,
    voice_take: 0,
  })),
});
const narrations = ({ scenes }: Storyboard) => scenes.map(({ narration }) => narration);
const tenSeconds = storyboardBounds(10);

describe("holdToPlan", () => {
  it("leaves alone what fits", () => {
    const fits = storyboard([["I was flying over the sea."], ["A whale sang to me."]]);
    expect(explainExcess(fits, tenSeconds)).toBeNull();
    expect(holdToPlan(fits, tenSeconds)).toEqual(fits);
  });

  it("merges scenes that are too many and loses no word of them", () => {
    const many = storyboard(
      ["I flew.", "It rained.", "A whale sang.", "I woke."].map((text) => [text, text]),
    );
    expect(explainExcess(many, tenSeconds)).toBeNull();
    const held = holdToPlan(many, tenSeconds);
    expect(narrations(held)).toEqual(["I flew. It rained.", "A whale sang. I woke."]);
    expect(held.scenes.map(({ picture }) => picture)).toEqual(["I flew.", "A whale sang."]);
  });

  it("keeps the first sentences of every scene where the narration is too long", () => {
    const long =
      "I flew over a city of glass. Below me every large window held another season, and nobody there spoke one word until the bright morning came slowly back.";
    const held = holdToPlan(storyboard([[long], [long]]), tenSeconds);
    expect(narrations(held)).toEqual(["I flew over a city of glass.", "I flew over a city of glass."]);
  });

  it("ends a sentence early, and says so, where none fits", () => {
    const endless = "and ".repeat(200).trim();
    expect(narrations(holdToPlan(storyboard([[endless]]), tenSeconds))[0]).toMatch(/^(and ){20,}and…$/);
    const held = holdToPlan(storyboard([["我".repeat(900)]]), tenSeconds);
    expect(narrations(held)[0]).toMatch(/^我{30,55}…$/);
  });

  it("films 40 scenes for 10 seconds as two, which were 206 seconds for $1.32", () => {
    const forty = storyboard(
      Array.from({ length: 40 }, (_, n) => [`Scene ${n} had a room, a door and a long stair.`]),
    );
    expect(explainExcess(forty, tenSeconds)).toMatch(/440 words .* in 40 scenes; at most 32 in 2/);
    expect(holdToPlan(forty, tenSeconds).scenes).toHaveLength(2);
  });
});

/**
 * Texts of every kind that a model may write: long, without spaces, mixed, without an end, many bytes per
 * letter.
 */
const alphabets = [
  "abcdefg .,",
  "äöüß ",
  "我飞过一座玻璃城市。",
  "กขคงจ",
  "שלום ",
  "🌙👨‍👩‍👧 a",
  "\u0334\u0335",
  "W",
  "x. ",
  "नमस्ते । ",
];

function wildText(chance: () => number, most: number): string {
  const alphabet = [...(alphabets[Math.floor(chance() * alphabets.length)] as string)];
  const length = Math.floor(most ** chance());
  return Array.from({ length }, () => alphabet[Math.floor(chance() * alphabet.length)]).join("");
}

it("no film passes its estimate's upper bound, whatever the model answers", () => {
  const chance = seeded(seedOfRun);
  const prices = readPrices({});
  for (let round = 0; round < 200; round++) {
    const options = FilmOptions.parse({
      length_seconds: 10 + Math.floor(chance() * 171),
      aspect: ["16:9", "9:16", "1:1"][Math.floor(chance() * 3)],
      style: Object.values(FilmOptions.shape.style.unwrap().enum)[Math.floor(chance() * 8)],
    });
    const dream = {
      title: "\u0001\"'\n".repeat(50).slice(0, Math.floor(chance() * limits.titleChars)),
      transcript: `${wildText(chance, 5_000)}"\n\u0001`.repeat(4),
    };
    const scenes = Array.from({ length: 1 + Math.floor(60 ** chance()) }, (): [string, string] => [
      wildText(chance, 3_000),
      wildText(chance, 5_000),
    ]);
    const bounds = storyboardBounds(options.length_seconds);
    const held = holdToPlan(storyboard(scenes), bounds);
    expect(held.scenes.length).toBeLessThanOrEqual(bounds.scenes);
    for (const text of narrations(held)) expect([...text].length).toBeLessThanOrEqual(limits.sceneTextChars);

    const size = newPictureSize(options.aspect, prices.picture.model);
    const reserved = held.scenes.reduce(
      (sum, scene) =>
        sum +
        ceilingOfPicture(prices.picture, size, picturePrompt(scene, options.style)) +
        ceilingOfVoices(prices.voices, scene.narration),
      2 * ceilingOfText(prices.text, longestText(storyboardRequest(dream, options))),
    );
    const { atMostMicroUsd } = estimateFilm(dream.transcript, options, prices);
    expect(reserved, `SEED=${seedOfRun}, round ${round}`).toBeLessThanOrEqual(atMostMicroUsd);
  }
});
