import { wash } from "../easel/canvas.ts";
import { clamp01, smoothstep } from "../easel/color.ts";
import type { Stage } from "../stage.ts";
import { bloom } from "./bloom.ts";
import { finish } from "./finish.ts";

/** Silver and black: hard light, deep shadow, the slats of a blind across one side. */
export function asNoir(stage: Stage): void {
  const { canvas, unit, width, height, chance } = stage;
  const left = chance.whether(0.5);
  const slope = chance.between(0.12, 0.3) * (left ? 1 : -1);
  bloom(stage, { reach: 0.03, from: 0.55, strength: 0.6 });
  wash(canvas, (x, y, out) => {
    const l = 0.42 * (out[0] as number) + 0.45 * (out[1] as number) + 0.13 * (out[2] as number);
    const hard = smoothstep(0.04, 0.9, l);
    const v = clamp01(hard * 1.12 - 0.03);
    const side = left ? 1 - x / width : x / width;
    const slat = Math.sin(((y + x * slope) / unit) * 62);
    const blind =
      smoothstep(0.1, 0.5, slat) * smoothstep(0.35, 0.95, side) * smoothstep(1, 0.3, y / height) * 0.13;
    out[0] = v * 0.985 + blind;
    out[1] = v * 0.992 + blind;
    out[2] = v + blind * 1.05;
  });
  finish(stage, { contrast: 1.4, vignette: 0.7, grain: 0.04, shadows: [0, 0.003, 0.012] });
}
