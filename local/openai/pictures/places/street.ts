import { glow, wash } from "../easel/canvas.ts";
import { clamp01, mix, smoothstep } from "../easel/color.ts";
import { fbm, swell } from "../easel/noise.ts";
import { paintWater } from "../land/paint-water.ts";
import type { Scene, Spots } from "../scene.ts";
import { mist, type Stage } from "../stage.ts";
import { paintOpenSky } from "./open-sky.ts";

/** A street between tall houses that runs into the light; its ground is wet stone, or a river where one is told of. */
export function paintStreet(stage: Stage, scene: Scene): Spots {
  const { canvas, width, height, unit, chance, palette, sun } = stage;
  stage.horizon = height * 0.58;
  const eye = { x: width * chance.between(0.44, 0.56), y: stage.horizon };
  sun.x = eye.x;
  sun.y = Math.min(sun.y, eye.y - unit * 0.1);
  paintOpenSky(stage, scene, false);
  glow(canvas, eye.x, eye.y, unit * 0.55, palette.light, 0.55);
  const river = scene.shown.has("river") || scene.shown.has("water");
  const half = unit * (river ? 0.4 : 0.34);
  const floor = unit * 0.3;
  const bend = river ? unit * 0.05 : 0;
  const walls = wallHeights(stage, unit * 1.15);
  const glass = scene.shown.has("glass") || scene.shown.has("city");
  const seed = chance.between(0, 1);
  const lit = palette.hour === "day" ? 0.06 : 0.34;
  wash(canvas, (x, y, out) => {
    const off = Math.abs(x - eye.x);
    const depth = half / Math.max(1, off);
    if (depth > 14 || depth < 0.2) return;
    const side = x < eye.x ? 0 : 1;
    // Depth along the wall; houses follow each other every 0.55.
    const along = Math.log2(depth) * 3.1 + 7.2;
    const house = Math.floor(along);
    const wall = walls[side * 16 + Math.min(15, house)] ?? 1;
    const up = ((eye.y - y) * depth) / unit;
    const top = wall;
    const sill = -floor / unit;
    if (up > top || up < sill - 0.02) return;
    const haze = clamp01(1 - 1.25 / (depth + 0.25)) ** 1.4;
    const u = (along - house) * 5 + 0.1;
    const v = (up - sill) * 7.5;
    const inU = u - Math.floor(u);
    const inV = v - Math.floor(v);
    const code =
      Math.imul(Math.floor(u) + house * 31 + side * 977 + 7, 2654435761) ^
      Math.imul(Math.floor(v) + 3, 40503 * 65537);
    const dice = ((Math.imul(code ^ (code >>> 15), 2246822519) >>> 9) & 1023) / 1023;
    const window = inU > 0.24 && inU < 0.76 && inV > 0.22 && inV < 0.8 && up > sill + 0.16 && up < top - 0.05;
    const n = fbm(seed + along * 0.21, up * 0.5);
    const glaze = glass ? smoothstep(0.42, 0.7, swell(seed + along * 0.3 - up * 0.25, up * 0.4)) * 0.55 : 0;
    const corner = inFold(along - house);
    for (let k = 0; k < 3; k++) {
      let c = (palette.near[k] as number) * (0.75 + (n - 0.5) * 0.55) * corner;
      c += (palette.horizon[k] as number) * glaze * 0.6;
      if (window) {
        const burning = dice < lit ? 0.9 : 0.12;
        const pane = dice < lit ? (palette.lamp[k] as number) : (palette.upper[k] as number) * 0.8;
        c += (pane - c) * (dice < lit ? burning : 0.55);
      }
      c += (palette.light[k] as number) * 0.09 * Math.max(0, depth - 1);
      c += ((palette.mist[k] as number) * 0.55 + (palette.horizon[k] as number) * 0.5 - c) * haze;
      const edge = clamp01((top - up) * (unit / depth));
      out[k] = (out[k] as number) + (c - (out[k] as number)) * edge;
    }
  });
  mist(stage, eye.y - unit * 0.06, eye.y + unit * 0.02, palette.horizon, 0.5);
  const shore = (y: number) => (half * 0.72 * (y - eye.y)) / floor;
  const centre = (y: number) =>
    eye.x + Math.sin((y - eye.y) / (unit * 0.16)) * bend * clamp01((y - eye.y) / floor);
  if (river) {
    paintPavement(stage, eye, half / floor, seed, 0.2);
    const within = (x: number, y: number) =>
      smoothstep(shore(y) * 0.96 + 1.5, shore(y) * 0.9, Math.abs(x - centre(y)));
    paintWater(
      { ...stage, palette: { ...palette, water: mix(palette.water, palette.leaf, 0.75) } },
      { top: eye.y, waves: 0.4, within },
    );
  } else paintPavement(stage, eye, half / floor, seed, 0.75);
  for (const depth of [5.5, 3.6, 2.4, 1.6]) lampPair(stage, eye, half * 0.86, depth, floor);
  return {
    hero: { x: eye.x + unit * 0.14, y: height * (river ? 0.82 : 0.86), tall: unit * 0.46 },
    second: { x: eye.x - unit * 0.1, y: height * 0.74, tall: unit * 0.26 },
    air: { x: eye.x, y: height * 0.3, tall: unit * 0.26 },
  };
}

function wallHeights(stage: Stage, most: number): number[] {
  return Array.from({ length: 32 }, () => (stage.chance.between(0.5, 1) * most) / stage.unit);
}

/** A dark line where one house ends and the next begins. */
const inFold = (t: number) => (t < 0.04 ? 0.55 : 1);

/** Stones in perspective, wet: they hold what stands above them, upside down and broken. */
function paintPavement(
  stage: Stage,
  eye: { x: number; y: number },
  spread: number,
  seed: number,
  wet: number,
): void {
  const { unit, palette } = stage;
  const top = eye.y;
  const within = (x: number, y: number) => clamp01((y - top) * spread - Math.abs(x - eye.x) + 1);
  paintWater(
    { ...stage, palette: { ...palette, water: mix(palette.ground, palette.shadow, 0.4) } },
    { top, waves: 0.12, within },
  );
  wash(
    stage.canvas,
    (x, y, out) => {
      const depth = (unit * 0.3) / (y - top + 1);
      const cover = within(x, y);
      if (cover <= 0) return;
      const u = ((x - eye.x) * depth) / unit;
      const row = Math.floor(depth * 26);
      const inRow = depth * 26 - row;
      const stone = u * 22 + (row % 2) * 0.5;
      const inStone = stone - Math.floor(stone);
      const gap = Math.min(
        smoothstep(0, 0.16, inRow) * smoothstep(1, 0.84, inRow),
        smoothstep(0, 0.12, inStone) * smoothstep(1, 0.88, inStone),
      );
      const near = clamp01((y - top) / (unit * 0.22));
      const puddle = smoothstep(0.44, 0.58, swell(seed + u * 0.5, seed + depth * 0.35)) * wet;
      const groove = 1 - (1 - gap) * 0.5 * near * (1 - puddle);
      const rough = 1 + (fbm(stone * 0.13, row * 0.17) - 0.5) * 0.4 * near * (1 - puddle);
      const dry = (1 - puddle) * 0.5;
      for (let k = 0; k < 3; k++) {
        const c = (out[k] as number) * (1 - dry) + (palette.ground[k] as number) * dry;
        out[k] = c * groove * rough;
      }
    },
    top + 1,
  );
}

function lampPair(
  stage: Stage,
  eye: { x: number; y: number },
  half: number,
  depth: number,
  floor: number,
): void {
  const { canvas, unit, palette } = stage;
  for (const side of [-1, 1]) {
    const x = eye.x + (side * half) / depth;
    const y = eye.y - unit * (0.34 / depth) + floor / depth / 3;
    glow(canvas, x, y, (unit * 0.3) / depth, palette.lamp, 0.5);
    glow(canvas, x, y, (unit * 0.06) / depth, mix(palette.lamp, [1, 1, 1], 0.5), 1);
  }
}
