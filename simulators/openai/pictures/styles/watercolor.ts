import { coarse } from "../easel/coarse.ts";
import { clamp01, type Rgb } from "../easel/color.ts";
import { fbm, swell } from "../easel/noise.ts";
import type { Stage } from "../stage.ts";
import { tooth } from "./paper.ts";
import { smoothAreas } from "./smooth-areas.ts";

const paper: Rgb = [0.972, 0.958, 0.93];

/** Washes on rough paper: light shines through, pigment gathers at the edges and in the paper's valleys. */
export function asWatercolor(stage: Stage): void {
  smoothAreas(stage, 4, false);
  const { canvas, width, height, unit, chance } = stage;
  const { rgb } = canvas;
  const source = rgb.slice();
  const seed = chance.between(0, 1);
  const at = (x: number, y: number) =>
    (Math.min(height - 1, Math.max(0, y)) * width + Math.min(width - 1, Math.max(0, x))) * 3;
  // Small irregularities, as of a hand.
  const slipX = coarse(
    width,
    height,
    (x, y) => (swell(seed + x / unit / 0.5, y / unit / 0.5) - 0.5) * unit * 0.014,
  );
  const slipY = coarse(
    width,
    height,
    (x, y) => (swell(x / unit / 0.5, seed + y / unit / 0.5) - 0.5) * unit * 0.014,
  );
  const flow = coarse(
    width,
    height,
    (x, y) => (swell(seed + x / unit / 1.4, seed + y / unit / 1.4) - 0.5) * 0.42,
  );
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const wx = Math.round(x + slipX(x, y));
      const wy = Math.round(y + slipY(x, y));
      const p = at(wx, wy);
      const q = at(wx + 3, wy + 2);
      const o = at(wx - 3, wy - 2);
      const pool =
        Math.abs((source[q + 1] as number) - (source[o + 1] as number)) +
        Math.abs((source[q] as number) - (source[o] as number));
      const grit = (fbm(x / 730 + 0.13, y / 730) - 0.5) * 0.42;
      const l =
        0.3 * (source[p] as number) + 0.59 * (source[p + 1] as number) + 0.11 * (source[p + 2] as number);
      const to = (y * width + x) * 3;
      const fibre = tooth(x, y);
      for (let k = 0; k < 3; k++) {
        const own = clamp01(l + ((source[p + k] as number) - l) * 1.42);
        // Pigment as density over paper; dark areas stay slightly transparent.
        const density = (1 - own) * 0.9 * (1 + flow(x, y) + grit * 0.35) + Math.min(0.22, pool * 0.55);
        const through = 1 - clamp01(density) * 0.94;
        rgb[to + k] = (paper[k] as number) * through ** 0.92 * (1 + fibre * (0.35 + 0.65 * density));
      }
    }
  }
}
