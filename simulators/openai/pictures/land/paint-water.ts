import { clamp01, mix, smoothstep } from "../easel/color.ts";
import { fbm, swell } from "../easel/noise.ts";
import type { Stage } from "../stage.ts";

export interface Water {
  top: number;
  bottom?: number;
  /** 0 mirror, 1 open sea. */
  waves: number;
  /** The coverage by water, 0..1, at a point; all of the row when absent. */
  within?: (x: number, y: number) => number;
  /** The share of reflection against the water's own colour. */
  mirrored?: number;
  /** The row of the mirror axis; the water's top when absent. */
  mirror?: number;
}

/**
 * Paints water that reflects what is above it, with waves that grow toward the viewer and the light's
 * reflection.
 */
export function paintWater(
  stage: Stage,
  { top, bottom = stage.height, waves, within, mirror = top, mirrored = 0.92 }: Water,
): void {
  const { canvas, width, height, sun, palette, unit, chance } = stage;
  const { rgb } = canvas;
  const source = rgb.slice(0, Math.ceil(Math.min(height, mirror)) * width * 3);
  const seed = chance.between(0, 1);
  const deep = mix(palette.water, palette.shadow, 0.45 - (0.92 - mirrored));
  const rows = Math.floor(Math.min(height, mirror)) - 1;
  for (let y = Math.max(0, Math.floor(top)); y < Math.min(height, bottom); y++) {
    const near = (y - top + 1) / (height - top);
    const depth = 1 / (near + 0.035);
    const fresnel = 0.88 - 0.5 * near;
    const flat = (0.012 + near * 0.05) * waves * unit;
    for (let x = 0; x < width; x++) {
      const cover = within ? within(x, y) : 1;
      if (cover <= 0) continue;
      const u = ((x - width / 2) / unit) * depth * 0.035;
      const v = depth * 0.62;
      const ripple = fbm(seed + u * 3.2, seed + v) - 0.5;
      const long = swell(seed + u * 1.1, seed * 2 + v * 0.7) - 0.5;
      const shift = (ripple * 1.4 + long) * flat;
      const my = Math.min(
        rows,
        Math.max(0, Math.floor(2 * mirror - y - Math.abs(shift) * 3.2 - near * unit * 0.01)),
      );
      const mx = Math.min(width - 1, Math.max(0, Math.floor(x + shift * 1.1)));
      const from = (my * width + mx) * 3;
      const path = Math.exp(-(((x - sun.x) / (unit * (0.05 + near * 0.2))) ** 2));
      const spark = smoothstep(0.12, 0.26, ripple + path * 0.09) * path * (0.35 + waves * 0.5);
      const crest = smoothstep(0.16, 0.34, ripple + long * 0.3) * waves * 0.16;
      const at = (y * width + x) * 3;
      for (let k = 0; k < 3; k++) {
        let c =
          (deep[k] as number) + ((source[from + k] as number) - (deep[k] as number)) * fresnel * mirrored;
        c += crest * (palette.horizon[k] as number);
        c = 1 - (1 - clamp01(c)) * (1 - clamp01(spark * (palette.light[k] as number)));
        rgb[at + k] = (rgb[at + k] as number) + (c - (rgb[at + k] as number)) * cover;
      }
    }
  }
}
