import { clamp01 } from "../easel/color.ts";
import { fbm, swell } from "../easel/noise.ts";
import type { Stage } from "../stage.ts";
import { finish } from "./finish.ts";

/**
 * Oil on canvas: paints the picture again with thousands of brush strokes along its contours, large ones
 * first, small ones in detailed areas; then lights the relief of the paint.
 */
export function asOil(stage: Stage): void {
  const { canvas, width, height, unit } = stage;
  const source = canvas.rgb.slice();
  const relief = new Float32Array(width * height);
  for (const [size, cover] of [
    [0.036, 1],
    [0.019, 0.7],
    [0.0095, 0.55],
  ] as const) {
    layStrokes(stage, source, relief, size * unit, cover);
  }
  light(stage, relief);
  finish(stage, {
    saturation: 1.18,
    contrast: 1.16,
    lift: 0.012,
    vignette: 0.2,
    lights: [0.012, 0.004, -0.012],
  });
}

/** One layer of strokes on a jittered grid; finer layers skip areas without detail. */
function layStrokes(
  { canvas, width, height, chance }: Stage,
  source: Float32Array,
  relief: Float32Array,
  length: number,
  cover: number,
): void {
  const { rgb } = canvas;
  const step = length * 0.46;
  const breadth = length * 0.3;
  const bright = (x: number, y: number) => {
    const at =
      (Math.min(height - 1, Math.max(0, Math.round(y))) * width +
        Math.min(width - 1, Math.max(0, Math.round(x)))) *
      3;
    return (
      0.3 * (source[at] as number) + 0.59 * (source[at + 1] as number) + 0.11 * (source[at + 2] as number)
    );
  };
  const reach = Math.max(1.5, breadth * 0.6);
  for (let gy = -step; gy < height + step; gy += step) {
    for (let gx = -step; gx < width + step; gx += step) {
      const x = gx + chance.between(-0.5, 0.5) * step;
      const y = gy + chance.between(-0.5, 0.5) * step;
      const dx = bright(x + reach, y) - bright(x - reach, y);
      const dy = bright(x, y + reach) - bright(x, y - reach);
      const steep = Math.hypot(dx, dy);
      if (cover < 1 && steep < 0.045 && chance.next() > cover * 0.4) continue;
      const drift = (swell(x / width / 1.3, y / height / 1.3) - 0.5) * 5 + 0.35;
      const turn = steep > 0.03 ? Math.atan2(dx, -dy) : drift;
      const at =
        (Math.min(height - 1, Math.max(0, Math.round(y))) * width +
          Math.min(width - 1, Math.max(0, Math.round(x)))) *
        3;
      const tint = 1 + chance.between(-0.055, 0.055);
      const color: [number, number, number] = [
        clamp01((source[at] as number) * tint + chance.between(-0.012, 0.012)),
        clamp01((source[at + 1] as number) * tint),
        clamp01((source[at + 2] as number) * tint + chance.between(-0.012, 0.012)),
      ];
      const long = steep > 0.12 ? length * 0.62 : length;
      drag(rgb, relief, width, height, { x, y, turn, long, breadth, color, seed: chance.next() });
    }
  }
}

interface Stroke {
  x: number;
  y: number;
  turn: number;
  long: number;
  breadth: number;
  color: readonly [number, number, number];
  seed: number;
}

/** Paints one stroke: the bristles leave furrows along it and end at different points. */
function drag(rgb: Float32Array, relief: Float32Array, width: number, height: number, stroke: Stroke): void {
  const { x, y, turn, long, breadth, color, seed } = stroke;
  const [cos, sin] = [Math.cos(turn), Math.sin(turn)];
  const box =
    Math.ceil(
      Math.max(
        Math.abs(cos) * long + Math.abs(sin) * breadth,
        Math.abs(sin) * long + Math.abs(cos) * breadth,
      ) / 2,
    ) + 1;
  const x0 = Math.max(0, Math.floor(x - box));
  const x1 = Math.min(width, Math.ceil(x + box));
  const y0 = Math.max(0, Math.floor(y - box));
  const y1 = Math.min(height, Math.ceil(y + box));
  for (let py = y0; py < y1; py++) {
    for (let px = x0; px < x1; px++) {
      const u = ((px - x) * cos + (py - y) * sin) / long + 0.5;
      if (u < 0 || u > 1) continue;
      const v = (-(px - x) * sin + (py - y) * cos) / breadth + 0.5;
      if (v < 0 || v > 1) continue;
      const bristle = fbm(seed + v * 0.11 * (breadth / 10 + 0.6), seed * 7 + u * 0.025);
      const side = Math.min(v, 1 - v) * 5;
      const end = Math.min(u * 7, (1 - u) * 3.2);
      const load = Math.min(side, end, 1) * 1.25 - (1 - bristle) * (0.25 + u * 0.55);
      if (load <= 0.04) continue;
      const alpha = load > 0.5 ? 0.94 : load * 1.88;
      const i = py * width + px;
      const at = i * 3;
      const shade = 1 + (bristle - 0.5) * 0.16;
      rgb[at] = (rgb[at] as number) + (color[0] * shade - (rgb[at] as number)) * alpha;
      rgb[at + 1] = (rgb[at + 1] as number) + (color[1] * shade - (rgb[at + 1] as number)) * alpha;
      rgb[at + 2] = (rgb[at + 2] as number) + (color[2] * shade - (rgb[at + 2] as number)) * alpha;
      relief[i] = (relief[i] as number) * (1 - alpha) + (bristle + load * 0.4) * alpha;
    }
  }
}

/** Lights the relief from above left, and shows the weave of the canvas under thin paint. */
function light({ canvas, width, height }: Stage, relief: Float32Array): void {
  const { rgb } = canvas;
  for (let y = 1; y < height - 1; y++) {
    for (let x = 1; x < width - 1; x++) {
      const i = y * width + x;
      const slope = (relief[i] as number) * 2 - (relief[i - 1] as number) - (relief[i - width] as number);
      const weave =
        ((x & 3) === 0 || (y & 3) === 0 ? -0.012 : 0.006) * (1 - Math.min(1, relief[i] as number));
      const shade = 1 + Math.max(-0.2, Math.min(0.26, slope * 0.4)) + weave;
      const at = i * 3;
      for (let k = 0; k < 3; k++) rgb[at + k] = clamp01((rgb[at + k] as number) * shade);
    }
  }
}
