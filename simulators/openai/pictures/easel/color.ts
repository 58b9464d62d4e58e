/** Colours are gamma-encoded sRGB from 0 to 1; values above 1 occur until the picture is finished. */
export type Rgb = readonly [number, number, number];

/** OKLCH as in CSS: lightness 0-1, chroma 0-0.37, hue in degrees. Equal lightness looks equally light. */
export function oklch(lightness: number, chroma: number, hue: number): Rgb {
  const a = chroma * Math.cos((hue * Math.PI) / 180);
  const b = chroma * Math.sin((hue * Math.PI) / 180);
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
  return [
    encode(4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s),
    encode(-1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s),
    encode(-0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s),
  ];
}

const encode = (light: number) => {
  const v = Math.min(1, Math.max(0, light));
  return v <= 0.0031308 ? 12.92 * v : 1.055 * v ** (1 / 2.4) - 0.055;
};

/** The colour between `a` (`t` = 0) and `b` (`t` = 1). */
export const mix = (a: Rgb, b: Rgb, t: number): Rgb => [
  a[0] + (b[0] - a[0]) * t,
  a[1] + (b[1] - a[1]) * t,
  a[2] + (b[2] - a[2]) * t,
];

/** The value, limited to 0..1. */
export const clamp01 = (v: number) => Math.min(1, Math.max(0, v));

/** 0 below `low`, 1 above `high`, with a smooth transition between. */
export function smoothstep(low: number, high: number, v: number): number {
  const t = clamp01((v - low) / (high - low));
  return t * t * (3 - 2 * t);
}
