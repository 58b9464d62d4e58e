import { clamp01, smoothstep } from "../easel/color.ts";
import type { Stage } from "../stage.ts";
import { bloom } from "./bloom.ts";
import { drawLines } from "./draw-lines.ts";
import { finish } from "./finish.ts";
import { smoothAreas } from "./smooth-areas.ts";

/** Anime: clear colours in steps, thin contours, rays of light. */
export function asAnime(stage: Stage): void {
  smoothAreas(stage, 2);
  const lines = drawLines(stage, 1, 7);
  const { rgb } = stage.canvas;
  for (let i = 0; i < lines.length; i++) {
    const at = i * 3;
    const [r, g, b] = [rgb[at] as number, rgb[at + 1] as number, rgb[at + 2] as number];
    const l = Math.max(0.015, 0.3 * r + 0.59 * g + 0.11 * b);
    const tone = (0.05 + 0.95 * l ** 0.86) * 7;
    const step = Math.floor(tone);
    const cel = (step + smoothstep(0.2, 0.8, tone - step)) / 7;
    const gain = (cel * 0.5 + (tone / 7) * 0.5) / l;
    const line = 1 - (lines[i] as number) * 0.62;
    for (let k = 0; k < 3; k++) {
      const own = k === 0 ? r : k === 1 ? g : b;
      rgb[at + k] = clamp01((l + (own - l) * 1.42) * gain) * line;
    }
  }
  bloom(stage, { reach: 0.05, from: 0.5, strength: 0.5 });
  finish(stage, { saturation: 1.15, contrast: 1.12, lights: [0.015, 0.01, 0.02], shadows: [0.0, 0.0, 0.03] });
}
