import { coarse } from "../easel/coarse.ts";
import { clamp01, smoothstep } from "../easel/color.ts";
import { fbm, swell } from "../easel/noise.ts";
import type { Stage } from "../stage.ts";
import { drawLines } from "./draw-lines.ts";
import { tooth } from "./paper.ts";
import { smoothAreas } from "./smooth-areas.ts";

/** Brush and ink on rice paper: washes in a few tones, dry strokes, and a little colour in the lights. */
export function asInk(stage: Stage): void {
  smoothAreas(stage, 3);
  const lines = drawLines(stage, 1.4, 9);
  const { canvas, width, height, unit, chance } = stage;
  const { rgb } = canvas;
  const seed = chance.between(0, 1);
  const range = tonalRange(rgb);
  const flow = coarse(width, height, (x, y) => (swell(seed + x / unit / 0.9, y / unit / 0.9) - 0.5) * 0.12);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const i = y * width + x;
      const at = i * 3;
      const [r, g, b] = [rgb[at] as number, rgb[at + 1] as number, rgb[at + 2] as number];
      const l = clamp01((0.3 * r + 0.59 * g + 0.11 * b - range.low) / (range.high - range.low)) ** 0.8;
      const wet = flow(x, y) + (fbm(x / 190, seed + y / 190) - 0.5) * 0.06;
      const tone = (1 - l + wet) * 4.4;
      const step = Math.floor(tone);
      const wash = (0.55 * (step + smoothstep(0.15, 0.85, tone - step)) + 0.45 * tone) / 4.4;
      const edge = Math.exp(-((tone - step - 0.5) ** 2) * 60) * 0.06;
      const dry = smoothstep(0.55, 0.72, fbm(x / 700 + y / 2600, y / 620)) * 0.22;
      const laid = clamp01(
        Math.max(wash * 0.86 + edge, (lines[i] as number) * (0.92 - dry)) *
          (1 - dry * smoothstep(0.85, 0.5, wash)),
      );
      const warm = smoothstep(0.16, 0.42, r - b) * smoothstep(0.35, 0.8, r) * 0.5;
      const sheet = 1 + tooth(x, y) * 0.7;
      rgb[at] = (0.955 * (1 - laid) + 0.07 * laid) * sheet;
      rgb[at + 1] = (0.93 * (1 - laid) + 0.08 * laid) * sheet * (1 - warm * 0.42);
      rgb[at + 2] = (0.872 * (1 - laid) + 0.115 * laid) * sheet * (1 - warm * 0.62);
    }
  }
}

/** The brightnesses below and above which a twentieth of the picture lies. */
function tonalRange(rgb: Float32Array): { low: number; high: number } {
  const counts = new Uint32Array(256);
  let total = 0;
  for (let at = 0; at < rgb.length; at += 51) {
    const l = 0.3 * (rgb[at] as number) + 0.59 * (rgb[at + 1] as number) + 0.11 * (rgb[at + 2] as number);
    const slot = Math.floor(clamp01(l) * 255);
    counts[slot] = (counts[slot] as number) + 1;
    total++;
  }
  const find = (share: number) => {
    let sum = 0;
    for (let i = 0; i < 256; i++) {
      sum += counts[i] as number;
      if (sum >= total * share) return i / 255;
    }
    return 1;
  };
  const low = find(0.04);
  return { low, high: Math.max(low + 0.2, find(0.95)) };
}
