import { fill, glow } from "../easel/canvas.ts";
import { clamp01, mix, smoothstep } from "../easel/color.ts";
import { fbm } from "../easel/noise.ts";
import { ellipse, limb, type Outline, path, smooth } from "../easel/path.ts";
import type { Spot } from "../scene.ts";
import type { Stage } from "../stage.ts";

/** An eye as wide as the sky allows, with the light of the place in its iris. */
export function paintEye(stage: Stage, { x, y, tall }: Spot): void {
  const { canvas, palette, chance } = stage;
  const w = tall * 0.95;
  const h = tall * 0.42;
  const lid = smooth([
    [x - w, y + h * 0.08],
    [x - w * 0.55, y - h * 0.62],
    [x, y - h * 0.92],
    [x + w * 0.58, y - h * 0.55],
    [x + w, y + h * 0.12],
    [x + w * 0.5, y + h * 0.66],
    [x, y + h * 0.8],
    [x - w * 0.5, y + h * 0.6],
  ]);
  const white = mix(palette.horizon, palette.light, 0.55);
  const seed = chance.between(0, 1);
  const r = h * 0.86;
  glow(canvas, x, y, w * 1.7, palette.light, 0.35);
  fill(canvas, path(lid), (px, py, out) => {
    const dx = px - x;
    const dy = py - y;
    const d = Math.hypot(dx, dy) / r;
    const shade = clamp01(1 - Math.abs(dx) / w) * 0.6 + 0.4;
    const lashShadow = smoothstep(-h * 0.9, -h * 0.1, dy) * 0.55 + 0.45;
    for (let k = 0; k < 3; k++) out[k] = (white[k] as number) * shade * lashShadow;
    if (d >= 1.03) return;
    const angle = Math.atan2(dy, dx);
    const fibre = fbm(seed + angle * 1.6, seed + d * 0.12) * 0.8 + fbm(seed + angle * 4.2, d * 0.3) * 0.4;
    const inner = smoothstep(0.36, 0.62, d);
    const rim = smoothstep(0.8, 1, d);
    const pupil = smoothstep(0.42, 0.36, d);
    const edge = smoothstep(1.03, 0.98, d);
    for (let k = 0; k < 3; k++) {
      const iris = (palette.accent[k] as number) * (1 - inner) + (palette.water[k] as number) * 1.35 * inner;
      let c = iris * (0.45 + fibre * 0.8) * (1 - rim * 0.72) * lashShadow;
      c *= 1 - pupil * 0.96;
      out[k] = (out[k] as number) + (c - (out[k] as number)) * edge;
    }
  });
  fill(canvas, path(ellipse(x - r * 0.3, y - r * 0.34, r * 0.15, r * 0.11, -0.5)), [1, 1, 1], 0.92);
  fill(canvas, path(ellipse(x + r * 0.26, y + r * 0.3, r * 0.07, r * 0.05)), [1, 1, 1], 0.45);
  const line: Outline[] = [];
  const n = lid.length / 2;
  for (let i = 0; i < n / 2; i++) {
    const a = [lid[i * 2] ?? 0, lid[i * 2 + 1] ?? 0] as const;
    const b = [lid[i * 2 + 2] ?? 0, lid[i * 2 + 3] ?? 0] as const;
    line.push(limb(a[0], a[1], tall * 0.011, b[0], b[1], tall * 0.011));
    if (i % 3 === 0 && i > 1) {
      const out = [(a[0] - x) * 0.13, -tall * 0.075 - Math.abs(a[0] - x) * 0.04] as const;
      line.push(limb(a[0], a[1], tall * 0.008, a[0] + out[0], a[1] + out[1], tall * 0.001));
    }
  }
  fill(canvas, path(...line), palette.shadow, 0.9);
}
