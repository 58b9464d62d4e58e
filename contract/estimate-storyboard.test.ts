import { expect, it } from "vitest";
import { estimateStoryboard } from "./estimate-storyboard.ts";
import { FilmOptions } from "./film.ts";
import { referenceTokens } from "./picture-sizes.ts";
import { ceilingOfSheet, priceSheet, readPrices } from "./prices.ts";
import type { Storyboard } from "./storyboard.ts";

const prices = readPrices({});
const members = ["ann", "wolf"];
const storyboard = (cast: readonly string[]): Storyboard => ({
  title: "Sea",
  language: "en",
  cast: members.map((id) => ({ id, kind: "person", name: id, description: "Tall." })),
  scenes: ["I flew.", "I fell."].map((words) => ({
    ...{ narration: words, picture: words, picture_take: 0, voice_take: 0, cast: [...cast] },
  })),
});
const priceOf = (cast: readonly string[], hasPicture = false) =>
  estimateStoryboard(storyboard(cast), FilmOptions.parse({ cast: true }), prices, {
    ...{ isOwn: false, hasPicture: () => hasPicture },
  });

it("counts the sheet of each member that a picture shows once, and the references of every picture", () => {
  const [alone, both] = [priceOf([]), priceOf(members)];
  const references = 2 * members.length * Math.ceil(referenceTokens * prices.picture.priceImageIn);
  expect(both.expectedMicroUsd - alone.expectedMicroUsd).toBeGreaterThan(
    references + 2 * priceSheet(prices.picture, 50) - 10,
  );
  expect(both.atMostMicroUsd - alone.atMostMicroUsd).toBeGreaterThan(
    2 * (references + 2 * ceilingOfSheet(prices.picture, "Tall.")) - 10,
  );
});

it("counts neither where the pictures are bought already", () => {
  expect(priceOf(members, true)).toEqual(priceOf([], true));
});
