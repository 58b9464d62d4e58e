import { clamp01, type Rgb } from "./color.ts";
import { cut, type Mask } from "./mask.ts";
import type { Path } from "./path.ts";

/** The picture that is painted: three floats per pixel. */
export interface Canvas {
  width: number;
  height: number;
  rgb: Float32Array;
}

/** Writes the colour of pixel (x, y) into `out`, which holds the canvas's own colour on the way in. */
export type Shader = (x: number, y: number, out: Float32Array) => void;

/** A black canvas of this size in pixels. */
export const newCanvas = (width: number, height: number): Canvas => ({
  width,
  height,
  rgb: new Float32Array(width * height * 3),
});

const pixel = new Float32Array(3);

/** Sets every pixel by the shader. */
export function wash(canvas: Canvas, shader: Shader, top = 0, bottom = canvas.height): void {
  const { width, rgb } = canvas;
  let at = Math.max(0, Math.floor(top)) * width * 3;
  for (let y = Math.max(0, Math.floor(top)); y < Math.min(canvas.height, bottom); y++) {
    for (let x = 0; x < width; x++, at += 3) {
      pixel[0] = rgb[at] as number;
      pixel[1] = rgb[at + 1] as number;
      pixel[2] = rgb[at + 2] as number;
      shader(x, y, pixel);
      rgb[at] = pixel[0] as number;
      rgb[at + 1] = pixel[1] as number;
      rgb[at + 2] = pixel[2] as number;
    }
  }
}

/** Fills a shape with one colour or a shader, weighted by the coverage of each pixel. */
export function fill(canvas: Canvas, shape: Path | Mask | null, paint: Rgb | Shader, opacity = 1): void {
  const mask = shape && "outlines" in shape ? cut(shape, canvas.width, canvas.height) : shape;
  if (!mask) return;
  const { rgb, width } = canvas;
  const flat = typeof paint === "function" ? null : paint;
  for (let row = 0; row < mask.height; row++) {
    let at = ((mask.y + row) * width + mask.x) * 3;
    for (let i = 0; i < mask.width; i++, at += 3) {
      const cover = (mask.cover[row * mask.width + i] as number) * opacity;
      if (cover <= 0) continue;
      const r = rgb[at] as number;
      const g = rgb[at + 1] as number;
      const b = rgb[at + 2] as number;
      if (flat) {
        pixel[0] = flat[0];
        pixel[1] = flat[1];
        pixel[2] = flat[2];
      } else {
        pixel[0] = r;
        pixel[1] = g;
        pixel[2] = b;
        (paint as Shader)(mask.x + i, mask.y + row, pixel);
      }
      rgb[at] = r + ((pixel[0] as number) - r) * cover;
      rgb[at + 1] = g + ((pixel[1] as number) - g) * cover;
      rgb[at + 2] = b + ((pixel[2] as number) - b) * cover;
    }
  }
}

/** Adds light that falls off from a point, as film adds light: it approaches white slowly. */
export function glow(
  canvas: Canvas,
  x: number,
  y: number,
  radius: number,
  color: Rgb,
  strength: number,
  squash = 1,
): void {
  const { width, height, rgb } = canvas;
  const x0 = Math.max(0, Math.floor(x - radius));
  const x1 = Math.min(width, Math.ceil(x + radius));
  const y0 = Math.max(0, Math.floor(y - radius * squash));
  const y1 = Math.min(height, Math.ceil(y + radius * squash));
  for (let py = y0; py < y1; py++) {
    const dy = (py - y) / (radius * squash);
    let at = (py * width + x0) * 3;
    for (let px = x0; px < x1; px++, at += 3) {
      const dx = (px - x) / radius;
      const d = dx * dx + dy * dy;
      if (d >= 1) continue;
      const fall = 1 - d;
      const light = (strength * fall * fall * fall) / (1 + 14 * d);
      screen(rgb, at, color, light);
    }
  }
}

/** Adds light to the pixel at index `at`, so that it approaches white and never clips. */
export function screen(rgb: Float32Array, at: number, color: Rgb, light: number): void {
  rgb[at] = 1 - (1 - clamp01(rgb[at] as number)) * (1 - clamp01(color[0] * light));
  rgb[at + 1] = 1 - (1 - clamp01(rgb[at + 1] as number)) * (1 - clamp01(color[1] * light));
  rgb[at + 2] = 1 - (1 - clamp01(rgb[at + 2] as number)) * (1 - clamp01(color[2] * light));
}

/** Adds light in the form of a shape. */
export function shine(
  canvas: Canvas,
  shape: Path | Mask | null,
  color: Rgb,
  strength: number | ((x: number, y: number) => number),
): void {
  const mask = shape && "outlines" in shape ? cut(shape, canvas.width, canvas.height) : shape;
  if (!mask) return;
  for (let row = 0; row < mask.height; row++) {
    for (let i = 0; i < mask.width; i++) {
      const cover = mask.cover[row * mask.width + i] as number;
      if (cover <= 0) continue;
      const [x, y] = [mask.x + i, mask.y + row];
      const light = cover * (typeof strength === "number" ? strength : strength(x, y));
      if (light > 0) screen(canvas.rgb, (y * canvas.width + x) * 3, color, light);
    }
  }
}
