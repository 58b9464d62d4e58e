import type { Stage } from "../stage.ts";
import { bloom } from "./bloom.ts";
import { finish } from "./finish.ts";

/** Film: a filmic curve, fringes of colour toward the corners, grain. */
export function asPhotograph(stage: Stage): void {
  bloom(stage, { reach: 0.014, from: 0.7, strength: 0.4 });
  fringe(stage, 0.0016);
  finish(stage, {
    saturation: 0.92,
    contrast: 1.45,
    lift: 0.022,
    vignette: 0.42,
    grain: 0.03,
    shadows: [-0.012, 0.004, 0.02],
    lights: [0.03, 0.012, -0.02],
  });
}

/** Chromatic aberration: red is slightly larger than green, blue slightly smaller. */
function fringe({ canvas }: Stage, amount: number): void {
  const { width, height, rgb } = canvas;
  const source = rgb.slice();
  for (const [k, scale] of [
    [0, 1 - amount],
    [2, 1 + amount],
  ] as const) {
    for (let y = 0; y < height; y++) {
      const sy = Math.min(height - 1, Math.max(0, Math.round((y - height / 2) * scale + height / 2)));
      for (let x = 0; x < width; x++) {
        const sx = Math.min(width - 1, Math.max(0, Math.round((x - width / 2) * scale + width / 2)));
        rgb[(y * width + x) * 3 + k] = source[(sy * width + sx) * 3 + k] as number;
      }
    }
  }
}
