import type { Canvas, Shader } from "./canvas.ts";

/**
 * Paints soft things (skies, clouds, light) at half size and enlarges them: a quarter of the work, without a
 * visible difference. The shader gets full-size coordinates. Rows from `bottom` on do not change.
 */
export function washHalf(canvas: Canvas, bottom: number, shader: Shader): void {
  const { width, height, rgb } = canvas;
  const rows = Math.min(height, Math.ceil(bottom));
  const w = Math.ceil(width / 2) + 1;
  const h = Math.ceil(rows / 2) + 1;
  const half = new Float32Array(w * h * 3);
  const pixel = new Float32Array(3);
  for (let j = 0; j < h; j++) {
    for (let i = 0; i < w; i++) {
      const at = (Math.min(height - 1, j * 2) * width + Math.min(width - 1, i * 2)) * 3;
      pixel[0] = rgb[at] as number;
      pixel[1] = rgb[at + 1] as number;
      pixel[2] = rgb[at + 2] as number;
      shader(i * 2, j * 2, pixel);
      half.set(pixel, (j * w + i) * 3);
    }
  }
  const line = w * 3;
  for (let y = 0; y < rows; y++) {
    const from = (y >> 1) * line;
    const below = y & 1 ? line : 0;
    let at = y * width * 3;
    for (let x = 0; x < width; x++) {
      const a = from + (x >> 1) * 3;
      const right = x & 1 ? 3 : 0;
      for (let k = 0; k < 3; k++, at++) {
        const p = a + k;
        rgb[at] =
          0.25 *
          ((half[p] as number) +
            (half[p + right] as number) +
            (half[p + below] as number) +
            (half[p + right + below] as number));
      }
    }
  }
}
