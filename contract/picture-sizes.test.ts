import { expect, it } from "vitest";
import { filmSizes } from "./film.ts";
import { countPictureTokens, newPictureSize, scenePictureSize } from "./picture-sizes.ts";

const aspects = ["16:9", "9:16", "1:1"] as const;
const freely = "gpt-image-2.6-flare";

it("buys pictures at the film's own shape, in multiples of 16, where the model takes any size", () => {
  for (const aspect of aspects) {
    const [width, height] = newPictureSize(aspect, freely).split("x").map(Number) as [number, number];
    expect([width % 16, height % 16]).toEqual([0, 0]);
    expect(width / height).toBeCloseTo(filmSizes[aspect].width / filmSizes[aspect].height, 5);
    expect(width * height).toBeGreaterThanOrEqual(655_360);
  }
});

it.each(["gpt-image-1.5", "some-local-model"])("buys the usual sizes from %s", (model) => {
  expect(aspects.map((aspect) => newPictureSize(aspect, model))).toEqual([
    "1536x1024",
    "1024x1536",
    "1024x1024",
  ]);
});

it("keeps the size of a scene's picture, and buys the usual one where the model does not take it", () => {
  const size = (picture_size: string | undefined, model: string) =>
    scenePictureSize({ picture_size }, "16:9", model);
  expect(size("1536x864", freely)).toBe("1536x864");
  expect(size("1536x864", "gpt-image-1.5")).toBe("1536x1024");
  expect(size(undefined, freely)).toBe("1536x1024");
  expect(size("9999x16", freely)).toBe("1536x1024");
});

it("counts the tokens of the published table", () => {
  const count = (quality: "low" | "medium" | "high") =>
    aspects.map((aspect) => countPictureTokens(quality, newPictureSize(aspect, "some-local-model")));
  expect(count("low")).toEqual([400, 408, 272]);
  expect(count("medium")).toEqual([1568, 1584, 1056]);
  expect(count("high")).toEqual([6208, 6240, 4160]);
  expect(countPictureTokens("medium", "1536x864")).toBe(1323);
});
