import { clamp01, type Rgb } from "../easel/color.ts";
import { washHalf } from "../easel/half.ts";
import { swell } from "../easel/noise.ts";
import type { Stage } from "../stage.ts";

/** Shafts of light that fan out from a point, as through gaps in leaves or clouds. */
export function paintRays(
  stage: Stage,
  from: { x: number; y: number },
  { reach, color, strength, fine = 1 }: { reach: number; color: Rgb; strength: number; fine?: number },
): void {
  const seed = stage.chance.between(0, 1);
  washHalf(stage.canvas, stage.height, (x, y, out) => {
    const dx = x - from.x;
    const dy = y - from.y;
    const d = Math.sqrt(dx * dx + dy * dy) / reach;
    if (d >= 1) return;
    const angle = Math.atan2(dx, dy);
    const n = swell(seed + angle * 0.45 * fine, seed + d * 0.03);
    const beam = clamp01((n - 0.42) * 3.4);
    const fall = (1 - d) * (1 - d);
    const light = beam * fall * strength * Math.min(1, d * 6);
    for (let k = 0; k < 3; k++)
      out[k] = 1 - (1 - (out[k] as number)) * (1 - clamp01((color[k] as number) * light));
  });
}
