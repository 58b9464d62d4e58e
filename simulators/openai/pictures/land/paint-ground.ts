import { fill, type Shader } from "../easel/canvas.ts";
import { clamp01, mix, type Rgb } from "../easel/color.ts";
import { fbm, ridge } from "../easel/noise.ts";
import { path } from "../easel/path.ts";
import type { Stage } from "../stage.ts";
import { boulder } from "./plants.ts";

export interface Ground {
  top: number;
  /** The amplitude of its line. */
  swing: number;
  near: number;
  color?: Rgb;
  /** Length of a swell, in units. */
  wide?: number;
}

/** Paints land below a rolling line, with soil and light. Returns the function of the line's height at x. */
export function paintGround(
  stage: Stage,
  { top, swing, near, color, wide = 1.1 }: Ground,
): (x: number) => number {
  const { canvas, width, height, unit, sun, palette, chance } = stage;
  const seed = chance.between(1, 90);
  const line = (x: number) => top + swing * ridge(x / (unit * wide), seed, 4, 0.32);
  const outline = [width + 2, height + 2, -2, height + 2];
  for (let x = -2; x <= width + 2; x += 4) outline.push(x, line(x));
  const own = color ?? mix(palette.far, palette.ground, near);
  const lit = mix(own, palette.light, 0.34);
  const dark = mix(own, palette.shadow, 0.62);
  const shade: Shader = (x, y, out) => {
    const rim = line(x);
    const deep = clamp01((y - rim) / (height - top + 1));
    const depth = 1 / (deep * 1.1 + 0.12);
    const soil = fbm(((x - width / 2) / unit) * depth * 0.11 + seed, depth * 0.17 + seed);
    const slope = (line(x + 6) - rim) * Math.sign(sun.x - x || 1);
    const sheen = Math.exp(-((y - rim) / (unit * 0.05))) * 0.42;
    const pool = Math.exp(-Math.abs(x - sun.x) / (unit * 0.75)) * 0.22;
    const light = clamp01(0.34 + (soil - 0.5) * 0.75 - slope * 0.06 + sheen + pool - deep * 0.55);
    for (let k = 0; k < 3; k++) {
      const v = (dark[k] as number) + ((lit[k] as number) - (dark[k] as number)) * light;
      out[k] = v + ((palette.mist[k] as number) - v) * (1 - near) * 0.55 * (1 - deep);
    }
  };
  fill(canvas, path(outline), shade);
  return line;
}

/** Scattered stones, each lit from the light's side. */
export function paintBoulder(stage: Stage, x: number, base: number, size: number, near = 1): void {
  const { canvas, sun, palette, chance, unit } = stage;
  const body = mix(palette.far, palette.near, 0.4 + near * 0.6);
  const lit = mix(body, palette.light, 0.55);
  const dark = mix(body, palette.shadow, 0.75);
  const seed = chance.between(0, 1);
  const toSun = Math.sign(sun.x - x || 1);
  fill(canvas, path(boulder(chance, x, base, size)), (px, py, out) => {
    const u = (px - x) / size;
    const v = (py - base + size * 0.45) / (size * 0.72);
    const n = fbm(seed + (px / unit) * 0.9, seed + (py / unit) * 0.9) - 0.5;
    const light = clamp01(0.42 + u * toSun * 0.34 - v * 0.42 + n * 0.95);
    for (let k = 0; k < 3; k++)
      out[k] = (dark[k] as number) + ((lit[k] as number) - (dark[k] as number)) * light;
  });
}
