import { glow, wash } from "../easel/canvas.ts";
import { clamp01, mix, oklch, smoothstep } from "../easel/color.ts";
import { fbm, swell } from "../easel/noise.ts";
import { paintWater } from "../land/paint-water.ts";
import type { Scene, Spots } from "../scene.ts";
import type { Stage } from "../stage.ts";
import { paintOpenSky } from "./open-sky.ts";

/**
 * A street between tall houses that leads into the light, on wet stone, or on a river if the prompt names
 * one.
 */
export function paintStreet(stage: Stage, scene: Scene): Spots {
  const { canvas, width, height, unit, chance, palette, sun } = stage;
  stage.horizon = height * 0.58;
  const eye = { x: width * chance.between(0.44, 0.56), y: stage.horizon };
  sun.x = eye.x;
  sun.y = Math.min(sun.y, eye.y - unit * 0.1);
  paintOpenSky(stage, scene, false);
  glow(canvas, eye.x, eye.y, unit * 0.55, palette.light, 0.55);
  const river = scene.shown.has("river") || scene.shown.has("water");
  const half = unit * 0.4;
  const floor = unit * 0.19;
  const bend = river ? unit * 0.03 : 0;
  paintFacades(stage, eye, half, floor, scene.shown.has("glass") || scene.shown.has("city"));
  glow(canvas, eye.x, eye.y - unit * 0.02, unit * 0.3, palette.light, 0.5);
  const seed = chance.between(0, 1);
  const shore = (y: number) => (half * 0.66 * (y - eye.y)) / floor;
  const centre = (y: number) =>
    eye.x + Math.sin((y - eye.y) / (unit * 0.16)) * bend * clamp01((y - eye.y) / floor);
  if (river) {
    paintPavement(stage, eye, half / floor, seed, 0.2);
    const within = (x: number, y: number) =>
      smoothstep(shore(y) * 0.96 + 1.5, shore(y) * 0.9, Math.abs(x - centre(y)));
    const green = scene.shown.has("green");
    const water = green
      ? mix(oklch(0.42, 0.085, 160), palette.leaf, 0.3)
      : mix(palette.water, palette.leaf, 0.5);
    paintWater(
      { ...stage, palette: { ...palette, water } },
      { top: eye.y, waves: 0.4, within, mirrored: green ? 0.74 : 0.85 },
    );
  } else paintPavement(stage, eye, half / floor, seed, 0.75);
  for (const depth of [5.5, 3.6, 2.4, 1.6]) lampPair(stage, eye, half * 0.86, depth, floor);
  return {
    hero: river
      ? { x: eye.x + unit * 0.52, y: height * 0.83, tall: unit * 0.36 }
      : { x: eye.x + unit * 0.16, y: height * 0.86, tall: unit * 0.42 },
    second: { x: eye.x - unit * 0.1, y: height * 0.74, tall: unit * 0.26 },
    air: { x: eye.x, y: height * 0.3, tall: unit * 0.26 },
  };
}

interface House {
  /** In units of the picture, from the pavement. */
  tall: number;
  storey: number;
  bays: number;
  wide: number;
  lit: number;
  shade: number;
  arched: boolean;
}

/** Two rows of houses seen along the street, each with its own storeys, windows and lights. */
function paintFacades(
  stage: Stage,
  eye: { x: number; y: number },
  half: number,
  floor: number,
  glass: boolean,
): void {
  const { unit, palette, chance } = stage;
  const dark = palette.hour === "day" ? 0.25 : 1;
  const houses: House[] = Array.from({ length: 40 }, () => ({
    tall: chance.between(0.62, 1.3),
    storey: chance.between(0.095, 0.14),
    bays: chance.whole(3, 5),
    wide: chance.between(0.34, 0.56),
    lit: chance.between(0.12, 0.42) * dark,
    shade: chance.between(0.72, 1.08),
    arched: chance.whether(0.4),
  }));
  const seed = chance.between(0, 1);
  wash(stage.canvas, (x, y, out) => {
    const off = Math.abs(x - eye.x);
    const depth = half / Math.max(1, off);
    if (depth > 16 || depth < 0.2) return;
    // Depth is counted in doublings, so that near houses are wide and far ones narrow.
    const along = Math.log2(depth) * 2.3 + 6;
    const number = Math.floor(along);
    const house = houses[(x < eye.x ? 0 : 20) + Math.min(19, number)] as House;
    const up = ((eye.y - y) * depth + floor) / unit;
    if (up > house.tall || up < 0) return;
    const t = along - number;
    const haze = clamp01(1 - 1.2 / (depth + 0.2)) ** 1.3;
    const n = fbm(seed + along * 0.23, up * 0.45) - 0.5;
    const glaze = glass ? smoothstep(0.4, 0.72, swell(seed + along * 0.35 - up * 0.3, up * 0.35)) * 0.6 : 0;
    const storey = Math.floor(up / house.storey);
    const v = up / house.storey - storey;
    const bay = Math.floor(t * house.bays);
    const u = t * house.bays - bay;
    const ledge = v < 0.07 ? 1.28 : v > 0.94 ? 0.7 : 1;
    const corner = t < 0.02 || t > 0.985 ? 0.5 : 1;
    const roof = house.tall - up < 0.022 ? 1.35 : 1;
    const code = Math.imul(bay + 11 * storey + 131 * number + (x < eye.x ? 7 : 1013), 2654435761);
    const dice = ((Math.imul(code ^ (code >>> 15), 2246822519) >>> 9) & 1023) / 1023;
    // A pixel's width and height relative to a window and a storey, for soft edges.
    const du = (house.bays * 3.32) / (off + 1);
    const dv = depth / (unit * house.storey);
    const open = storey > 0 && house.tall - up > house.storey * 0.35;
    const frame = open ? paneCover(u, v, house, du, dv) : 0;
    const bar = Math.max(
      clamp01((0.022 - Math.abs(u - 0.5)) / du + 0.5),
      clamp01((0.028 - Math.abs(v - 0.58)) / dv + 0.5),
    );
    const pane = frame * (1 - bar);
    const door =
      storey === 0 && bay === 1
        ? clamp01((0.24 - Math.abs(u - 0.5)) / du + 0.5) * clamp01((0.82 - v) / dv + 0.5)
        : 0;
    const burning = dice < house.lit * (door > 0 ? 2 : 1);
    const spill = storey >= 0 ? Math.exp(-up * 7) * 0.16 : 0;
    for (let k = 0; k < 3; k++) {
      let c = (palette.near[k] as number) * house.shade * (0.86 + n * 0.5) * ledge * corner * roof;
      c += (palette.horizon[k] as number) * glaze * 0.55;
      const dim = pane > 0 ? c * 0.45 + (palette.upper[k] as number) * (0.28 + 0.3 * up) : c * 0.4;
      const inside = burning ? (palette.lamp[k] as number) * (0.78 + dice * 0.4) : dim;
      c += (inside - c) * Math.max(pane, door);
      c += (palette.lamp[k] as number) * spill * dark;
      c += (palette.light[k] as number) * 0.05 * Math.min(3, depth);
      c += ((palette.mist[k] as number) * 0.5 + (palette.horizon[k] as number) * 0.55 - c) * haze;
      const edge = clamp01((house.tall - up) * (unit / depth));
      out[k] = (out[k] as number) + (c - (out[k] as number)) * edge;
    }
  });
}

/** The share of the pixel at (u, v) of a bay that is window: square, or with a round head. */
function paneCover(u: number, v: number, { wide, arched }: House, du: number, dv: number): number {
  const across = (wide / 2 - Math.abs(u - 0.5)) / du + 0.5;
  const foot = (v - 0.24) / dv + 0.5;
  if (!arched || v < 0.66)
    return clamp01(across) * clamp01(foot) * (arched ? 1 : clamp01((0.84 - v) / dv + 0.5));
  const round = Math.hypot((u - 0.5) / (wide / 2), (v - 0.66) / 0.18);
  return clamp01((1 - round) / Math.max(dv / 0.18, du / (wide / 2)) + 0.5);
}

/** Wet stones in perspective, which reflect what is above them. */
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
      const depth = (unit * 0.19) / (y - top + 1);
      const cover = within(x, y);
      if (cover <= 0) return;
      const u = ((x - eye.x) * depth) / unit;
      const row = Math.floor(depth * 30);
      const inRow = depth * 30 - row;
      const stone = u * 24 + (row % 2) * 0.5;
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
