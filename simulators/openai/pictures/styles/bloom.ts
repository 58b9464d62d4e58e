import { blurPlane } from "../easel/blur.ts";
import type { Stage } from "../stage.ts";

/**
 * Spreads bright areas into their surroundings. `reach`: in units of the picture. `from`: the least
 * brightness.
 */
export function bloom(
  stage: Stage,
  { reach, from, strength }: { reach: number; from: number; strength: number },
): void {
  const { width, height, rgb } = stage.canvas;
  const w = Math.ceil(width / 4);
  const h = Math.ceil(height / 4);
  const planes = [0, 1, 2].map((k) => {
    const plane = new Float32Array(w * h);
    for (let j = 0; j < h; j++) {
      for (let i = 0; i < w; i++) {
        const x = Math.min(width - 2, i * 4 + 1);
        const y = Math.min(height - 2, j * 4 + 1);
        const at = (y * width + x) * 3 + k;
        const v =
          ((rgb[at] as number) +
            (rgb[at + 3] as number) +
            (rgb[at + width * 3] as number) +
            (rgb[at + width * 3 + 3] as number)) /
          4;
        plane[j * w + i] = Math.max(0, Math.min(1, v) - from) / (1 - from);
      }
    }
    blurPlane(plane, w, h, (reach * stage.unit) / 4, 2);
    return plane;
  });
  for (let y = 0; y < height; y++) {
    const fy = Math.min(h - 1.001, Math.max(0, y / 4 - 0.4));
    const j = Math.floor(fy);
    const ty = fy - j;
    for (let x = 0; x < width; x++) {
      const fx = Math.min(w - 1.001, Math.max(0, x / 4 - 0.4));
      const i = Math.floor(fx);
      const tx = fx - i;
      const a = j * w + i;
      const at = (y * width + x) * 3;
      for (let k = 0; k < 3; k++) {
        const p = planes[k] as Float32Array;
        const top = (p[a] as number) * (1 - tx) + (p[a + 1] as number) * tx;
        const low = (p[a + w] as number) * (1 - tx) + (p[a + w + 1] as number) * tx;
        const light = (top + (low - top) * ty) * strength;
        const v = rgb[at + k] as number;
        rgb[at + k] = v + light * (1 - v);
      }
    }
  }
}
