import { fill, glow, screen } from "../easel/canvas.ts";
import { clamp01, mix, type Rgb, smoothstep } from "../easel/color.ts";
import { fbm, swell } from "../easel/noise.ts";
import { ellipse, path } from "../easel/path.ts";
import type { Stage } from "../stage.ts";

/** Stars down to `bottom`, dense along the milky way; the brightest have a small halo. */
export function paintStars(stage: Stage, bottom: number, density: number): void {
  const { canvas, width, unit, chance } = stage;
  const { rgb } = canvas;
  const tilt = chance.between(-0.9, 0.9);
  const middle = chance.between(0.25, 0.75) * width;
  const count = Math.round((density * 3600 * width * bottom) / 1_000_000);
  for (let i = 0; i < count; i++) {
    const x = chance.next() * width;
    const y = chance.next() * bottom;
    const off = Math.abs(x - middle - (y - bottom / 2) * tilt) / unit;
    const way = Math.exp(-off * off * 22);
    if (chance.next() > 0.35 + way * 0.65) continue;
    const fade = smoothstep(0, 0.35, (bottom - y) / bottom);
    const bright = (chance.next() ** 9 * 0.95 + 0.12 + chance.next() * 0.3 + way * 0.06) * fade;
    const tint: Rgb = mix([0.8, 0.88, 1], [1, 0.9, 0.78], chance.next());
    const at = (Math.floor(y) * canvas.width + Math.floor(x)) * 3;
    if (bright < 0.58) screen(rgb, at, tint, bright);
    else glow(canvas, x, y, unit * (0.0015 + bright * 0.0055), tint, bright * 1.3);
  }
  paintMilkyWay(stage, bottom, middle, tilt, density);
}

function paintMilkyWay(stage: Stage, bottom: number, middle: number, tilt: number, density: number): void {
  const { canvas, width, unit, palette } = stage;
  const tint = mix(palette.horizon, palette.light, 0.5);
  for (let y = 0; y < bottom; y++) {
    const centre = middle + (y - bottom / 2) * tilt;
    const reach = unit * 0.32;
    const x0 = Math.max(0, Math.floor(centre - reach));
    const x1 = Math.min(width, Math.ceil(centre + reach));
    const fade = smoothstep(0, 0.5, (bottom - y) / bottom) * density;
    for (let x = x0; x < x1; x++) {
      const off = (x - centre) / reach;
      const n = fbm(x / unit / 2.2, y / unit / 2.2);
      const dust = smoothstep(0.38, 0.62, swell(x / unit / 1.4 + 0.3, y / unit / 1.4));
      const light = (1 - off * off) ** 2 * n * n * 0.5 * (0.45 + dust * 0.55) * fade;
      if (light > 0.004) screen(canvas.rgb, (y * canvas.width + x) * 3, tint, light);
    }
  }
}

/** A sun: a disc with a glow. */
export function paintSun(stage: Stage, radius: number): void {
  const { canvas, sun, palette, unit } = stage;
  glow(canvas, sun.x, sun.y, radius + unit * 0.5, palette.light, 0.7);
  glow(canvas, sun.x, sun.y, radius * 2.6, palette.light, 1);
  fill(canvas, path(ellipse(sun.x, sun.y, radius)), mix(palette.light, [1, 1, 1], 0.65), 0.97);
}

/** A moon with seas, a dark limb, and a halo. `phase` 1 is full, lower leaves a sickle. */
export function paintMoon(stage: Stage, radius: number, phase = 1): void {
  const { canvas, sun, palette, unit } = stage;
  const pale = mix(palette.light, [1, 0.99, 0.95], 0.55);
  glow(canvas, sun.x, sun.y, radius + unit * 0.42, palette.light, 0.45);
  glow(canvas, sun.x, sun.y, radius * 1.9, pale, 0.6);
  const spot = stage.chance.between(0, 1);
  fill(canvas, path(ellipse(sun.x, sun.y, radius)), (x, y, out) => {
    const u = (x - sun.x) / radius;
    const v = (y - sun.y) / radius;
    const seas = smoothstep(0.42, 0.66, fbm(spot + u * 0.19, spot + v * 0.19)) * 0.3;
    const pits = (fbm(spot + u * 0.9, spot + v * 0.9) - 0.5) * 0.14;
    const limb = 1 - 0.22 * (u * u + v * v) ** 2;
    const dark = phase >= 1 ? 1 : smoothstep(-0.1, 0.12, Math.hypot(u + 0.55 * phase + 0.1, v - 0.12) - 0.92);
    const shade = clamp01((1 - seas + pits) * limb);
    for (let k = 0; k < 3; k++) {
      const lit = (pale[k] as number) * shade;
      out[k] = (out[k] as number) * (1 - dark) + lit * dark + (out[k] as number) * 0;
    }
  });
}
