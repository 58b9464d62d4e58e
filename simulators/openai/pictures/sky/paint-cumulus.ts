import { clamp01, mix, smoothstep } from "../easel/color.ts";
import { washHalf } from "../easel/half.ts";
import { fbm, ridge, swell } from "../easel/noise.ts";
import type { Stage } from "../stage.ts";

/**
 * Banks of piled clouds from `top` to `bottom`; many banks make a sea of clouds. The sun lights them; their
 * shadows are bluish.
 */
export function paintCumulus(stage: Stage, top: number, bottom: number, banks: number, loft = 1): void {
  const { canvas, width, height, unit, sun, palette, chance } = stage;
  const night = palette.hour === "night";
  const crest = mix(mix(palette.horizon, palette.light, night ? 0.45 : 0.75), [1, 1, 1], night ? 0 : 0.25);
  const fold = mix(palette.upper, palette.mist, 0.35);
  const rows = Array.from({ length: banks }, (_, i) => {
    const t = banks === 1 ? 0.5 : i / (banks - 1);
    return {
      base: top + (bottom - top) * t ** 1.3,
      size: (0.1 + 0.2 * t) * loft,
      seed: chance.between(0, 90),
      near: t,
    };
  });
  const first = Math.max(0, top - unit * 0.5 * loft);
  washHalf(canvas, height, (x, y, out) => {
    if (y < first) return;
    for (const { base, size, seed, near } of rows) {
      const s = unit * size;
      const u = x / s;
      const heap =
        0.55 + 0.45 * ridge(u * 0.32, seed, 3, 0.5) + 0.2 * Math.abs(ridge(u * 1.1, seed + 5, 3, 0.5));
      const puff = fbm(u * 0.085 + seed, (y / s) * 0.085 + seed);
      const edge = base - s * heap + (0.5 - puff) * s * 1.5;
      const inside = (y - edge) / s;
      if (inside < -0.03) continue;
      const cover = smoothstep(-0.03, 0.06 + (1 - near) * 0.05, inside);
      const dx = (sun.x - x) / width;
      const tilt = swell(u * 0.085 + seed + dx * 0.02, (y / s) * 0.085 + seed - 0.03) - puff;
      const toSun = Math.exp(-Math.hypot(x - sun.x, y - sun.y) / (height * 0.55));
      const lit = clamp01(0.72 - inside * 0.55 + tilt * 1.5 + (puff - 0.5) * 0.9 + toSun * 0.45);
      const rim = Math.exp(-Math.max(0, inside) * 14) * (0.18 + toSun * 0.6);
      const haze = (1 - near) * 0.42;
      for (let k = 0; k < 3; k++) {
        let v =
          (fold[k] as number) +
          ((crest[k] as number) - (fold[k] as number)) * lit +
          rim * (palette.light[k] as number) * 0.5;
        v += ((palette.horizon[k] as number) - v) * haze;
        out[k] = (out[k] as number) + (clamp01(v) - (out[k] as number)) * cover;
      }
    }
  });
}
