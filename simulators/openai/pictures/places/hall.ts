import { fill, glow, wash } from "../easel/canvas.ts";
import { clamp01, mix, type Rgb, smoothstep } from "../easel/color.ts";
import { fbm } from "../easel/noise.ts";
import { type Outline, path } from "../easel/path.ts";
import { paintWater } from "../land/paint-water.ts";
import type { Scene, Spots } from "../scene.ts";
import { paintRays } from "../sky/paint-rays.ts";
import { paintSparks } from "../sky/paint-weather.ts";
import type { Stage } from "../stage.ts";

/** A row of arches toward a bright end, over a shining floor. */
export function paintHall(stage: Stage, _scene: Scene): Spots {
  const { canvas, width, height, unit, chance, palette, sun } = stage;
  const eye = { x: width * chance.between(0.46, 0.54), y: height * 0.56 };
  stage.horizon = eye.y;
  sun.x = eye.x;
  sun.y = eye.y - unit * 0.12;
  const bright = mix(palette.horizon, palette.light, 0.6);
  wash(canvas, (_x, _y, out) => out.set(bright));
  const arches = 7;
  for (let i = 0; i < arches; i++) {
    const depth = 2 ** ((arches - 1 - i) * 0.52);
    paintArch(stage, eye, depth * 0.86, i / (arches - 1), i < arches - 1 ? 2 ** 0.52 * 1.06 : 0);
    glow(canvas, eye.x, eye.y - unit * 0.05, unit * 0.34, bright, 0.16 * (1 - i / arches));
  }
  const floorLine = (x: number) => eye.y + Math.abs(x - eye.x) * 0.02;
  const floor = unit * 0.26;
  const spread = (unit * 0.52) / floor;
  const within = (x: number, y: number) => clamp01((y - eye.y) * spread - Math.abs(x - eye.x) + 1);
  paintWater(
    { ...stage, palette: { ...palette, water: palette.near } },
    { top: floorLine(eye.x), waves: 0.05, within },
  );
  wash(
    canvas,
    (x, y, out) => {
      if (within(x, y) <= 0) return;
      const depth = floor / (y - eye.y + 1);
      const u = ((x - eye.x) * depth) / unit;
      const tile = (Math.floor(u * 7 + 100) + Math.floor(depth * 9)) & 1;
      const shade = tile ? 0.8 : 1;
      for (let k = 0; k < 3; k++) out[k] = (out[k] as number) * shade * 0.92;
    },
    eye.y + 2,
  );
  paintRays(
    stage,
    { x: eye.x + unit * 0.35, y: -unit * 0.3 },
    { reach: height * 1.35, color: bright, strength: 0.42, fine: 2 },
  );
  paintSparks(stage, height * 0.2, height * 0.8, 18, palette.lamp);
  return {
    hero: { x: eye.x - unit * 0.04, y: height * 0.84, tall: unit * 0.36 },
    second: { x: eye.x + unit * 0.16, y: height * 0.74, tall: unit * 0.24 },
    air: { x: eye.x, y: height * 0.38, tall: unit * 0.3 },
  };
}

/**
 * A wall across the hall with an arched opening; nearer walls are darker and block the light. `beyond`: how
 * much wider the next nearer opening is; the part of this wall that is hidden behind it is not painted. 0
 * paints all of the wall.
 */
function paintArch(
  stage: Stage,
  eye: { x: number; y: number },
  depth: number,
  near: number,
  beyond: number,
): void {
  const { canvas, width, height, unit, palette } = stage;
  const half = (unit * 0.42) / depth;
  const spring = eye.y - (unit * 0.24) / depth;
  const rise = (unit * 0.42) / depth;
  const floor = eye.y + (unit * 0.26) / depth;
  const opening: Outline = [eye.x + half, floor, eye.x + half, spring];
  for (let i = 1; i < 24; i++) {
    const t = i / 24;
    // A pointed arch: two arcs that meet in the middle.
    const side = t < 0.5 ? 1 : -1;
    const a = (t < 0.5 ? t : 1 - t) * 2;
    opening.push(eye.x + side * half * (1 - a ** 1.7), spring - rise * Math.sin((a * Math.PI) / 2));
  }
  opening.push(eye.x - half, spring, eye.x - half, floor);
  const stone: Rgb = mix(mix(palette.horizon, palette.far, 0.35 + near * 0.3), palette.shadow, near * 0.82);
  const lit = mix(stone, palette.light, 0.5);
  const left = beyond > 0 ? eye.x - half * beyond : 0;
  const right = beyond > 0 ? eye.x + half * beyond : width;
  const top = beyond > 0 ? spring - rise * beyond - half * 0.3 : 0;
  const wall = { outlines: [[left, top, right, top, right, floor, left, floor]], holes: [opening] };
  fill(canvas, wall, (x, y, out) => {
    const inward = Math.min(Math.abs(Math.abs(x - eye.x) - half) / half, 1);
    const edge = Math.exp(-inward * 9) * smoothstep(-0.2, 0.6, (y - spring + rise) / (unit / depth));
    const n = fbm((x * depth) / unit / 2.2 + near, (y * depth) / unit / 2.2) - 0.5;
    const flute = 1 + 0.1 * Math.sin(((x - eye.x) / half) * 34) * (1 - inward) * 0.6;
    for (let k = 0; k < 3; k++) {
      const c = (stone[k] as number) * (1 + n * 0.55) * flute;
      out[k] = c + ((lit[k] as number) - c) * clamp01(edge * 0.8);
    }
  });
  fill(
    canvas,
    path([left, floor - 1, right, floor - 1, right, height, left, height]),
    mix(stone, palette.shadow, 0.3),
    0.9,
  );
}
