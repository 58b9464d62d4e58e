import { clamp01, mix, smoothstep } from "../easel/color.ts";
import { fbm, ridge } from "../easel/noise.ts";
import type { Stage } from "../stage.ts";

export interface Range {
  /** Row of the feet, and how far the highest peak rises above it. */
  base: number;
  /** Row down to which it is painted; its feet when absent. */
  foot?: number;
  rise: number;
  /** 0: far away in the haze; 1: in front. */
  near: number;
  /** 0: rolling hills; 1: rock. */
  rough: number;
  snow?: number;
}

/** Paints one range with lit and shaded slopes and mist at its foot. Returns the height of its line at x. */
export function paintRange(
  stage: Stage,
  { base, foot = base, rise, near, rough, snow = 0 }: Range,
): (x: number) => number {
  const { canvas, width, height, unit, sun, palette, chance } = stage;
  const seed = chance.between(1, 90);
  const wide = unit * (0.5 + 0.5 * near);
  const octaves = rough > 0.4 ? 7 : 4;
  const line = (x: number) => {
    const u = x / wide;
    const n = ridge(u, seed, octaves, 0.36 + rough * 0.14);
    const peaks = rough > 0.4 ? 1 - Math.abs(n) * 2 : n;
    return base - rise * (0.45 + 0.5 * peaks);
  };
  const body = mix(palette.far, palette.near, near);
  const lit = mix(body, palette.light, 0.3 + 0.12 * (1 - near));
  const dark = mix(body, palette.shadow, 0.55);
  const tops = Float32Array.from({ length: width + 1 }, (_, x) => line(x));
  for (let x = 0; x < width; x++) {
    const top = tops[x] as number;
    const slope = ((tops[x + 1] as number) - top) * Math.sign(sun.x - x || 1);
    for (let y = Math.max(0, Math.floor(top)); y < Math.min(height, foot + 2); y++) {
      const cover = clamp01(y + 1 - top);
      const deep = (y - top) / rise;
      const rock = fbm((x / wide) * 0.55 + deep * 0.12 + seed, (y / wide) * 0.3 + seed);
      const face = clamp01(0.5 - slope * 0.22 * Math.exp(-deep * 3) + (rock - 0.5) * (1.2 + rough));
      const white =
        snow > 0 ? smoothstep(0.05, 0, deep - snow + (rock - 0.5) * 0.5) * (0.35 + face * 0.65) : 0;
      const haze = clamp01(deep * deep * 0.75 + (1 - near) * 0.5);
      const at = (y * width + x) * 3;
      for (let k = 0; k < 3; k++) {
        let v = (dark[k] as number) + ((lit[k] as number) - (dark[k] as number)) * face;
        v += (0.55 + 0.45 * (palette.light[k] as number) - v) * white * 0.8;
        v += ((palette.mist[k] as number) - v) * haze;
        const was = canvas.rgb[at + k] as number;
        canvas.rgb[at + k] = was + (v - was) * cover;
      }
    }
  }
  return line;
}
