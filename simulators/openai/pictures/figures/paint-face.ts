/** Faces: skin, eyes, brows, mouth, and a beard or glasses. */
import { fill } from "../easel/canvas.ts";
import { clamp01, mix, oklch, type Rgb } from "../easel/color.ts";
import { ellipse, limb, type Outline, type Placing, path, place, smooth, stroke } from "../easel/path.ts";
import type { Face } from "../marks/face.ts";
import type { Stage } from "../stage.ts";
import type { Head } from "./body.ts";

/** Half a face's height, where a person is 1 high. */
const size = 0.056;
/** A face of fewer pixels from its middle to its chin has no features. */
const near = 7;

const skins: Record<Face["skin"], Rgb> = [
  oklch(0.88, 0.045, 65),
  oklch(0.81, 0.065, 62),
  oklch(0.71, 0.08, 58),
  oklch(0.58, 0.08, 52),
  oklch(0.46, 0.065, 48),
];

/** Paints the face onto a head. Features are painted where the face is near enough to show them. */
export function paintFace(stage: Stage, face: Face, head: Head, placing: Placing): void {
  const { canvas, palette, sun } = stage;
  const draw = (outlines: Outline[], color: Rgb | ((x: number) => Rgb), opacity = 1) => {
    const onHead = place(path(...outlines), { x: head.at[0], y: head.at[1], scale: size, turn: head.turn });
    const shape = place(onHead, placing);
    if (typeof color !== "function") return fill(canvas, shape, color, opacity);
    fill(canvas, shape, (x, _y, out) => void out.set(color(x)), opacity);
  };
  const radius = size * placing.scale;
  const skin = mix(skins[face.skin], palette.shadow, palette.hour === "night" ? 0.34 : 0.16);
  const middle = placing.x + head.at[0] * placing.scale * (placing.flip ? -1 : 1);
  const side = sun.x > middle ? 1 : -1;
  // The side that faces the sun is lighter.
  const lit = (x: number) =>
    mix(skin, palette.shadow, 0.3 * clamp01(0.5 - ((x - middle) * side) / radius / 1.6));
  const hair = mix(oklch(0.3, 0.04, 50), palette.shadow, 0.4);
  if (radius >= near) draw([limb(0, 0.7, 0.4, 0, 1.2, 0.4)], mix(skin, palette.shadow, 0.3));
  draw([oval], lit);
  if (radius < near) return;
  const aside = head.isAside ? 0.16 : 0;
  const dark = mix(palette.shadow, [0.05, 0.035, 0.03], 0.75);
  if (face.extra === "beard") draw([beardOf(aside)], hair, 0.95);
  draw(mouthOf(face.mouth, aside), mix(oklch(0.5, 0.12, 20), skin, face.extra === "beard" ? 0.3 : 0.1));
  if (face.extra === "moustache") draw(moustacheOf(aside), hair);
  draw(
    [
      smooth([
        [aside * 1.4 - 0.02, 0.08],
        [aside * 1.6 + 0.06, 0.3],
        [aside - 0.07, 0.31],
      ]),
    ],
    mix(skin, dark, 0.28),
  );
  for (const one of [-1, 1]) {
    const x = aside + one * face.eyes;
    if (face.extra === "freckles") draw(freckles(x), mix(skin, oklch(0.5, 0.13, 35), 0.55));
    draw([ellipse(x, 0, 0.15, 0.105)], mix(skin, [0.97, 0.96, 0.93], 0.75));
    draw([ellipse(x + aside * 0.25, 0.01, 0.085, 0.1)], dark);
    draw([ellipse(x + aside * 0.25 + 0.03, -0.03, 0.025)], [0.95, 0.95, 0.95], 0.9);
    draw(browOf(face.brows, x, one), face.skin > 2 ? dark : hair);
  }
  if (face.extra === "glasses") drawGlasses(draw, face, aside, dark);
}

/** The face below the hairline. */
const oval = smooth(
  "-0.6 -0.5, -0.3 -0.62, 0.12 -0.66, 0.5 -0.56, 0.7 -0.3, 0.72 0.1, 0.6 0.58, 0.32 0.92, 0 1, -0.32 0.92, -0.6 0.58, -0.72 0.1, -0.7 -0.28",
);

const beardOf = (aside: number): Outline =>
  smooth([
    [-0.72, 0.12],
    [-0.55, 0.32],
    [aside - 0.3, 0.36],
    [aside, 0.32],
    [aside + 0.3, 0.36],
    [0.55, 0.32],
    [0.72, 0.12],
    [0.66, 0.62],
    [0.4, 1.04],
    [0, 1.16],
    [-0.4, 1.04],
    [-0.66, 0.62],
  ]);

const moustacheOf = (x: number): Outline[] =>
  stroke([
    [x - 0.3, 0.52, 0.03],
    [x - 0.12, 0.43, 0.075],
    [x, 0.44, 0.06],
    [x + 0.12, 0.43, 0.075],
    [x + 0.3, 0.52, 0.03],
  ]);

function mouthOf(mouth: Face["mouth"], x: number): Outline[] {
  if (mouth === "small") return [ellipse(x, 0.58, 0.12, 0.07)];
  const up = mouth === "smiling" ? 0.1 : 0;
  return stroke([
    [x - 0.26, 0.56 - up, 0.03],
    [x - 0.12, 0.58 - up * 0.1, 0.05],
    [x + 0.12, 0.58 - up * 0.1, 0.05],
    [x + 0.26, 0.56 - up, 0.03],
  ]);
}

/** `side`: -1 the left brow, 1 the right one. */
function browOf(brows: Face["brows"], x: number, side: number): Outline[] {
  const arch = brows === "arched" ? 0.1 : 0;
  const inner = brows === "heavy" ? 0.05 : 0;
  const thick = brows === "heavy" ? 0.065 : 0.036;
  return stroke([
    [x - side * 0.17, -0.22 + inner, thick],
    [x + side * 0.02, -0.25 - arch, thick],
    [x + side * 0.19, -0.22, thick * 0.6],
  ]);
}

const freckles = (x: number): Outline[] =>
  [
    [-0.1, 0.26],
    [0.02, 0.32],
    [0.12, 0.25],
    [0.06, 0.4],
  ].map(([dx = 0, y = 0]) => ellipse(x + dx, y, 0.026));

type Draw = (outlines: Outline[], color: Rgb, opacity?: number) => void;

function drawGlasses(draw: Draw, { eyes }: Face, aside: number, color: Rgb): void {
  const r = Math.min(0.25, eyes - 0.03);
  for (const one of [-1, 1]) {
    const x = aside + one * eyes;
    draw([ellipse(x, 0.02, r)], [0.9, 0.95, 1], 0.16);
    const ring = Array.from({ length: 25 }, (_, i): [number, number, number] => {
      const a = (i / 24) * 2 * Math.PI;
      return [x + r * Math.cos(a), 0.02 + r * Math.sin(a), 0.028];
    });
    draw(stroke(ring), color);
    draw(
      stroke([
        [x + one * r, 0, 0.026],
        [one * 0.72, -0.05, 0.026],
      ]),
      color,
    );
  }
  draw(
    stroke([
      [aside - eyes + r, 0, 0.028],
      [aside, -0.03, 0.028],
      [aside + eyes - r, 0, 0.028],
    ]),
    color,
  );
}
