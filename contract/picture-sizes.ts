/** The sizes at which pictures are bought, and the tokens that each has. */
import type { Aspect } from "./film.ts";
import { findModel } from "./models.ts";

/** Width and height in pixels. */
export type PictureSize = `${number}x${number}`;
export type PictureQuality = "low" | "medium" | "high" | "auto";

/** Sizes that every GPT Image model takes. A film cuts a part of each away, except in 1:1. */
const usualSizes: Record<Aspect, PictureSize> = {
  "16:9": "1536x1024",
  "9:16": "1024x1536",
  "1:1": "1024x1024",
};
/** The film's own shape in multiples of 16, for models that take any size. */
const ownShapes: Record<Aspect, PictureSize> = {
  "16:9": "1536x864",
  "9:16": "864x1536",
  "1:1": "1024x1024",
};

/** The size of new pictures for films of this shape by this model. */
export const newPictureSize = (aspect: Aspect, model: string): PictureSize =>
  (findModel(model)?.takesAnySize ? ownShapes : usualSizes)[aspect];

/**
 * The size at which a scene's picture is bought: the one that the storyboard names. A scene of an older film
 * names none and keeps the usual size, and so does a model that does not take the size named.
 */
export function scenePictureSize(
  { picture_size }: { picture_size?: string | undefined },
  aspect: Aspect,
  model: string,
): PictureSize {
  const isOwnShape = picture_size === ownShapes[aspect] && findModel(model)?.takesAnySize === true;
  return isOwnShape ? ownShapes[aspect] : usualSizes[aspect];
}

/** The size of a reference sheet. */
export const sheetSize: PictureSize = "1024x1024";

/**
 * The most input tokens of one square reference picture: 65, 129 for one tile, and 4,160 because the model is
 * always faithful to its references.
 *
 * @source developers.openai.com/api/docs/guides/images-vision, "GPT Image 1" with high input fidelity; read
 * 2026-11-28. For newer models the number is not published. This one is assumed to be their highest
 */
export const referenceTokens = 4_354;

/** A token's square, in pixels. */
const tokenEdge = { low: 64, medium: 32, high: 16 };

/**
 * Output tokens of one picture: one for each square, and one for each row of squares. With `auto` the
 * provider chooses: medium is usual, high is the most.
 *
 * @source OpenAI's table of image tokens, read 2026-11-22: the formula gives all nine of its numbers (272,
 * 408 and 400 in low, 1056, 1584 and 1568 in medium, 4160, 6240 and 6208 in high quality). It is not
 * published for other sizes
 */
export function countPictureTokens(quality: Exclude<PictureQuality, "auto">, size: PictureSize): number {
  const [width, height] = size.split("x").map(Number) as [number, number];
  const [columns, rows] = [width / tokenEdge[quality], height / tokenEdge[quality]].map(Math.ceil) as [
    number,
    number,
  ];
  return columns * rows + rows;
}
