import { coarse } from "../easel/coarse.ts";
import { clamp01, mix, smoothstep } from "../easel/color.ts";
import { fbm, swell } from "../easel/noise.ts";
import type { Stage } from "../stage.ts";
import { bloom } from "./bloom.ts";
import { drawLines } from "./draw-lines.ts";
import { tooth } from "./paper.ts";
import { smoothAreas } from "./smooth-areas.ts";

/** Gouache and coloured pencil on a cream page: plain warm areas, brown contours, visible strokes. */
export function asStorybook(stage: Stage): void {
  bloom(stage, { reach: 0.02, from: 0.5, strength: 0.35 });
  smoothAreas(stage, 3);
  const lines = drawLines(stage, 1.3, 10);
  const { canvas, width, height, unit, chance, palette } = stage;
  const { rgb } = canvas;
  const seed = chance.between(0, 1);
  const flow = coarse(width, height, (x, y) => (swell(x / unit / 0.7, y / unit / 0.7) - 0.5) * 0.07);
  const pencil = mix([0.26, 0.15, 0.1], palette.shadow, 0.35);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const i = y * width + x;
      const at = i * 3;
      const [r, g, b] = [rgb[at] as number, rgb[at + 1] as number, rgb[at + 2] as number];
      const l = 0.3 * r + 0.59 * g + 0.11 * b;
      const raised = 0.13 + 0.87 * l ** 0.82;
      const steps = 9;
      const flat =
        (Math.floor(raised * steps) + smoothstep(0.3, 0.7, raised * steps - Math.floor(raised * steps))) /
        steps;
      const gain = (flat * 0.65 + raised * 0.35) / Math.max(0.02, l);
      const hatch = (fbm((x + y) / 34 + seed, (x - y) / 620) - 0.5) * 0.16 + flow(x, y);
      const rough = smoothstep(-0.03, 0.02, tooth(x, y));
      const line = (lines[i] as number) * (0.55 + 0.35 * rough);
      const sheet = 1 + tooth(x, y) * 0.8;
      for (let k = 0; k < 3; k++) {
        const own = k === 0 ? r : k === 1 ? g : b;
        const grey = l * gain;
        const c =
          clamp01((grey + (own * gain - grey) * 1.22) * (1 + hatch)) * (k === 0 ? 1.02 : k === 2 ? 0.95 : 1);
        const drawn = c + ((pencil[k] as number) - c) * line;
        rgb[at + k] = drawn * sheet;
      }
    }
  }
}
