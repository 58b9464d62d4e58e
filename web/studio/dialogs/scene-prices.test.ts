import { expect, it } from "vitest";
import { describePrice, scenePrices } from "./scene-prices.ts";

it("prices one picture and the voice of a scene, from the estimate of its words", () => {
  const by_capability = { text: 0.01, picture: 0.06, voice: 0.004 };
  expect(scenePrices({ scenes: 3, by_capability })).toEqual({ picture: 0.02, voice: 0.004 });
  expect([0.02, 0.024, 0.004].map(describePrice)).toEqual(["about $0.02", "about $0.02", "less than $0.01"]);
});
