import sharp from "sharp";
import { chanceOf } from "../chance.ts";
import { type Canvas, newCanvas } from "./easel/canvas.ts";
import { paintMotifs } from "./motifs/paint-motifs.ts";
import type { PictureOrder } from "./paint-off-thread.ts";
import { paintPlace } from "./places/paint-place.ts";
import { readPrompt } from "./read-prompt.ts";
import type { Stage } from "./stage.ts";
import { applyStyle } from "./styles/apply-style.ts";

/** The picture to a prompt, encoded. The same order gives the same bytes. */
export async function paintPicture(order: PictureOrder): Promise<Buffer> {
  return encode(drawPicture(order), order);
}

/** Place first, then what is in it, then the hand that paints it. */
export function drawPicture({
  prompt,
  take,
  width,
  height,
}: Omit<PictureOrder, "format" | "compression">): Canvas {
  const { scene, palette } = readPrompt(prompt);
  const chance = chanceOf(`${take} ${prompt}`);
  const canvas = newCanvas(width, height);
  const stage: Stage = {
    canvas,
    width,
    height,
    unit: Math.min(width, height),
    horizon: height * 0.62,
    sun: {
      x: width * chance.between(0.3, 0.7),
      y: height * (scene.hour === "night" ? chance.between(0.16, 0.26) : chance.between(0.42, 0.5)),
    },
    palette,
    chance,
  };
  const spots = paintPlace(stage, scene);
  paintMotifs(stage, scene, spots);
  applyStyle(stage, scene.style);
  return canvas;
}

function encode({ width, height, rgb }: Canvas, { format, compression }: PictureOrder): Promise<Buffer> {
  const bytes = new Uint8ClampedArray(rgb.length);
  for (let i = 0; i < rgb.length; i++) bytes[i] = (rgb[i] as number) * 255;
  const picture = sharp(bytes, { raw: { width, height, channels: 3 } });
  if (format === "jpeg") return picture.jpeg({ quality: compression }).toBuffer();
  if (format === "webp") return picture.webp({ quality: compression, effort: 2 }).toBuffer();
  return picture.png({ compressionLevel: 2, adaptiveFiltering: false }).toBuffer();
}
