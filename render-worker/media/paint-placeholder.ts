/**
 * Paints a placeholder for a picture that no provider made: a wide landscape under a sky with one light, in
 * the colours of the film's style. Every seed gives other hills, light and haze; the same seed gives the same
 * pixels.
 */
import type { VisualStyle } from "../../contract/film.ts";
import { fbm, hash2, smooth } from "./placeholder/noise.ts";
import { palettes, type Rgb } from "./placeholder/palettes.ts";
import type { RgbImage } from "./write-png.ts";

export interface Placeholder {
  /** Width divided by height. */
  aspect: number;
  style: VisualStyle;
  /** Hexadecimal, with 40 digits or more. */
  seed: string;
}

/** Smaller than the camera's plates: all shapes are soft, so scaling up loses nothing. */
const longEdge = 768;
const ridges = 5;

/** The picture has ten random parameters of four digits each. */
const seedDigits = 40;

/**
 * Paints the picture's pixels. Takes about a third of a second.
 *
 * @throws RangeError if the seed is too short
 */
export function paintPlaceholder({ aspect, style, seed }: Placeholder): RgbImage {
  if (seed.length < seedDigits)
    throw new RangeError(`A placeholder's seed has ${seedDigits} hex digits or more`);
  const width = aspect >= 1 ? longEdge : Math.round((longEdge * aspect) / 2) * 2;
  const height = aspect >= 1 ? Math.round(longEdge / aspect / 2) * 2 : longEdge;
  const palette = palettes[style];
  const chance = (place: number) => Number.parseInt(seed.slice(place * 4, place * 4 + 4), 16) / 65_536;
  const salt = Number.parseInt(seed.slice(0, 7), 16);
  const unit = Math.min(width, height);
  const horizon = height * (0.56 + 0.12 * chance(1));
  const light = {
    x: width * (0.22 + 0.56 * chance(2)),
    y: horizon * (0.3 + 0.45 * chance(3)),
    r: unit * (0.045 + 0.04 * chance(4)),
  };
  const profiles = Array.from({ length: ridges }, (_, ridge) => profileOf(ridge));
  const pixels = Buffer.alloc(height * width * 3);
  let at = 0;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const color = shade(x, y);
      // Slight noise keeps slow gradients from showing bands.
      const grain = (hash2(x, y, salt ^ 7) - 0.5) * 5;
      const edge = Math.hypot(x / width - 0.5, y / height - 0.5);
      const vignette = 1 - 0.5 * Math.max(0, edge - 0.35);
      for (let i = 0; i < 3; i++) pixels[at++] = clampByte((color[i] as number) * vignette + grain);
    }
  }
  return { width, height, pixels };

  /** The height of the ridge's line at every column; ridge 0 is the farthest. */
  function profileOf(ridge: number): Float64Array {
    const depth = (ridge + 1) / ridges;
    const base = horizon + (height - horizon) * depth ** 1.7 * 0.72 - unit * 0.03;
    const roughness = unit * (0.13 - 0.04 * depth) * (0.7 + 0.6 * chance(5 + ridge));
    const scale = (2.2 + 1.6 * (1 - depth)) / width;
    return Float64Array.from(
      { length: width },
      (_, x) => base - roughness * 2 * (fbm(x * scale, ridge * 9.7, salt + ridge) - 0.45),
    );
  }

  /** The colour at a pixel, with `ridge` and the ridges behind it. */
  function shade(x: number, y: number, ridge = ridges - 1): Rgb {
    if (ridge < 0) return shadeSky(x, y);
    const line = profiles[ridge]?.[x] as number;
    const cover = Math.min(1, Math.max(0, (y - line) / 1.6 + 0.5));
    if (cover === 0) return shade(x, y, ridge - 1);
    const land = shadeLand(x, y, ridge, line);
    return cover === 1 ? land : mix(shade(x, y, ridge - 1), land, cover);
  }

  function shadeSky(x: number, y: number): Rgb {
    const t = Math.min(1, y / horizon);
    const [zenith, middle, low] = palette.sky;
    const base =
      t < 0.55 ? mix(zenith, middle, smooth(t / 0.55)) : mix(middle, low, smooth((t - 0.55) / 0.45));
    const far = Math.hypot(x - light.x, y - light.y) / light.r;
    const halo = 0.5 * Math.exp(-far / 3.2) + 0.22 * Math.exp(-far / 9);
    const disc = Math.min(1, Math.max(0, (1.04 - far) * 9));
    const cloud = clouds(x, y, t);
    const star = palette.stars ? starAt(x, y) * (1 - t) * (1 - cloud) : 0;
    const lit = mix(base, mix(low, palette.light, 0.45), cloud * 0.55);
    return mix(mix(lit, palette.light, Math.min(1, halo + star)), palette.light, disc * (1 - 0.35 * cloud));
  }

  /** Long banks of cloud, thicker towards the horizon, warped so that no two look alike. */
  function clouds(x: number, y: number, t: number): number {
    const u = (x / unit) * 2.1;
    const v = (y / unit) * 5.2;
    const warp = fbm(u * 0.7, v * 0.5, salt ^ 21);
    const density = fbm(u + warp * 1.5, v + warp, salt ^ 99);
    return smooth((density - 0.47) / 0.28) * (0.35 + 0.65 * t);
  }

  function shadeLand(x: number, y: number, ridge: number, line: number): Rgb {
    const depth = ridge / (ridges - 1);
    const body = mix(palette.sky[2], palette.near, 0.3 + 0.7 * depth ** 0.8);
    const texture = fbm((x / unit) * 14, (y / unit) * 22, salt ^ (ridge + 31)) - 0.5;
    const mist = Math.min(1, (y - line) / (unit * (0.14 + 0.14 * depth))) * (1 - depth) * 0.55;
    const rim =
      Math.exp(-(y - line) / (unit * 0.012)) * Math.exp(-Math.abs(x - light.x) / (unit * 0.5)) * 0.4;
    const shaded: Rgb = [
      body[0] * (1 + texture * 0.35),
      body[1] * (1 + texture * 0.35),
      body[2] * (1 + texture * 0.35),
    ];
    return mix(mix(shaded, palette.sky[2], mist), palette.light, rim);
  }

  function starAt(x: number, y: number): number {
    const cell = 11;
    const [cx, cy] = [Math.floor(x / cell), Math.floor(y / cell)];
    if (hash2(cx, cy, salt ^ 3) < 0.82) return 0;
    const dx = x - (cx + 0.2 + 0.6 * hash2(cx, cy, salt ^ 4)) * cell;
    const dy = y - (cy + 0.2 + 0.6 * hash2(cx, cy, salt ^ 5)) * cell;
    return Math.exp(-(dx * dx + dy * dy) / 0.9) * (0.3 + 0.7 * hash2(cx, cy, salt ^ 6));
  }
}

const mix = (a: Rgb, b: Rgb, t: number): Rgb => [
  a[0] + (b[0] - a[0]) * t,
  a[1] + (b[1] - a[1]) * t,
  a[2] + (b[2] - a[2]) * t,
];
const clampByte = (value: number) => Math.max(0, Math.min(255, Math.round(value)));
