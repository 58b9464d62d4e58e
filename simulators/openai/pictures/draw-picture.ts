import sharp from "sharp";
import { chanceOf } from "../chance.ts";
import { dyedScenery } from "./dye.ts";
import { type Canvas, newCanvas } from "./easel/canvas.ts";
import { extendGround, lowerFeet } from "./easel/extend-ground.ts";
import { peopleOf } from "./marks/mark.ts";
import { writeMarks } from "./marks/pixels.ts";
import { paintMotifs } from "./motifs/paint-motifs.ts";
import type { PictureRequest } from "./paint-picture.ts";
import { paintPlace } from "./places/paint-place.ts";
import { readPrompt } from "./read-prompt.ts";
import type { Scene, Spot, Spots } from "./scene.ts";
import type { Figure, Stage } from "./stage.ts";
import { applyStyle } from "./styles/apply-style.ts";

/** The encoded picture of a request. The same request gives the same bytes. */
export async function renderPicture(request: PictureRequest): Promise<Buffer> {
  return encode(drawPicture(request).canvas, request);
}

/** A picture, and where its figures are. */
export interface DrawnPicture {
  canvas: Canvas;
  figures: Figure[];
}

/** Draws the place, then the motifs in it, then applies the style. */
export function drawPicture({
  prompt,
  take,
  width,
  height,
  marks = [],
}: Omit<PictureRequest, "format" | "compression">): DrawnPicture {
  const { scene: told, palette } = readPrompt(prompt);
  const people = peopleOf(marks);
  const scene = { ...told, people, dreamer: people.get("dreamer") ?? told.dreamer };
  const chance = chanceOf(`${take} ${prompt}`);
  const drawn = Math.round(height * drawnPart[scene.clear]);
  const canvas = newCanvas(width, drawn);
  const stage: Stage = {
    canvas,
    width,
    height: drawn,
    unit: Math.min(width, drawn) * (walled.has(scene.place) ? chance.pick([1, 1, 1.22]) : 1),
    horizon: drawn * 0.62,
    sun: {
      x: width * chance.between(0.3, 0.7),
      y: drawn * (scene.hour === "night" ? chance.between(0.16, 0.26) : chance.between(0.42, 0.5)),
    },
    palette,
    chance,
    motif: null,
    figures: [],
  };
  const spots = frameShot(
    stage,
    scene,
    paintPlace(dyedScenery(stage, nameOf(scene.place), scene.attributes), scene),
  );
  paintMotifs(stage, scene, lowerSpots(spots, scene.clearAbove, height));
  const isMirrored = chance.whether(0.5);
  if (isMirrored) mirror(canvas);
  const whole = extendGround(canvas, height);
  applyStyle({ ...stage, canvas: whole, height }, scene.style);
  const figures = isMirrored
    ? stage.figures.map((figure) => ({ ...figure, x: width - figure.x - figure.width }))
    : stage.figures;
  return { canvas: whole, figures: figures.map((figure) => lowerFeet(figure, drawn, height)) };
}

/**
 * The part of the height that is drawn where the prompt asks to keep the lowest part free: the ground below
 * the figures' feet is extended to the picture's edge.
 */
const drawnPart = { nothing: 1, quarter: 0.82, third: 0.74 };

/** The spots with their figures below the part that is kept free: smaller, and in the air also lower. */
function lowerSpots(spots: Spots, clearAbove: Scene["clearAbove"], height: number): Spots {
  if (clearAbove === "nothing") return spots;
  const top = height * { fifth: 0.2, quarter: 0.25 }[clearAbove];
  const { hero, second, air } = spots;
  const lowered = (spot: Spot): Spot => ({ ...spot, tall: Math.min(spot.tall, (spot.y - top) / tallest) });
  const tall = air.tall * 0.75;
  return {
    hero: lowered(hero),
    second: lowered(second),
    air: { ...air, tall, y: Math.max(air.y, top + tall * 0.6) },
  };
}

/** The height of the tallest figure of a spot, in parts of the spot's. */
const tallest = 1.1;

/** Indoor places, which the camera may show from nearer. */
const walled: ReadonlySet<string> = new Set(["room", "laboratory", "hall"]);

/** Figures stand in this upper part of what is drawn: the rest may be extended. */
const lowestFeet = 0.9;

/** The lexicon's name of a place. */
const nameOf = (place: Scene["place"]) =>
  place === "mountains" ? "mountain" : place === "clouds" ? "cloud" : place;

/** Moves the camera nearer or farther, for places that allow it. */
function frameShot({ chance, unit, width, height }: Stage, { place, shown }: Scene, spots: Spots): Spots {
  if (!["desert", "mountains", "meadow", "forest", "cosmos", "hall"].includes(place)) return spots;
  const close = chance.pick([0.74, 1, 1, 1.32]);
  const { hero, air } = spots;
  const seen = ["eye", "ear", "hand", "heart", "clock", "vision"].filter((name) => shown.has(name)).length;
  const aside = air.x + (air.x > width / 2 ? -0.36 : 0.36) * unit;
  // The dreamer stands beside one apparition, or between two.
  const x = seen === 0 ? hero.x : seen === 1 ? aside : width / 2;
  const beside = x + (x > width / 2 ? -0.36 : 0.36) * unit;
  const { second } = spots;
  const clear = Math.abs(second.x - x) > 0.3 * unit ? second : { ...second, x: beside };
  const y = Math.min(hero.y + (close - 1) * unit * 0.12, Math.max(hero.y, height * lowestFeet));
  return { air, second: clear, hero: { x, tall: hero.tall * close, y } };
}

/** Mirrors the picture, so that a place that returns in a film does not give the same picture. */
function mirror({ width, height, rgb }: Canvas): void {
  for (let y = 0; y < height; y++) {
    let a = y * width * 3;
    let b = a + (width - 1) * 3;
    for (; a < b; a += 3, b -= 3) {
      for (let k = 0; k < 3; k++) {
        const left = rgb[a + k] as number;
        rgb[a + k] = rgb[b + k] as number;
        rgb[b + k] = left;
      }
    }
  }
}

function encode(
  { width, height, rgb }: Canvas,
  { format, compression, marks = [] }: PictureRequest,
): Promise<Buffer> {
  const bytes = new Uint8ClampedArray(rgb.length);
  for (let i = 0; i < rgb.length; i++) bytes[i] = (rgb[i] as number) * 255;
  writeMarks(bytes, width, height, marks);
  const picture = sharp(bytes, { raw: { width, height, channels: 3 } });
  if (format === "jpeg") return picture.jpeg({ quality: compression }).toBuffer();
  if (format === "webp") return picture.webp({ quality: compression, effort: 2 }).toBuffer();
  return picture.png({ compressionLevel: 2, adaptiveFiltering: false }).toBuffer();
}
