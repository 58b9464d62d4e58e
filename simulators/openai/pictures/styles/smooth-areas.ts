import type { Stage } from "../stage.ts";

/**
 * Smooths areas and keeps edges: each pixel takes the mean of that one of its four neighbouring squares that
 * varies least (Kuwahara). Works at half size from running sums; `radius` is in half-size pixels. With
 * `crisp` the edges keep their full resolution.
 */
export function smoothAreas({ canvas }: Stage, radius: number, crisp = true): void {
  const { width, height, rgb } = canvas;
  const w = Math.ceil(width / 2);
  const h = Math.ceil(height / 2);
  const line = w + 1;
  // Sums of r, g, b and squared brightness over everything above and to the left.
  const sums = new Float64Array(line * (h + 1) * 4);
  for (let j = 0; j < h; j++) {
    let [r, g, b, q] = [0, 0, 0, 0];
    const row = Math.min(height - 1, j * 2) * width;
    for (let i = 0; i < w; i++) {
      const at = (row + Math.min(width - 1, i * 2)) * 3;
      const pr = rgb[at] as number;
      const pg = rgb[at + 1] as number;
      const pb = rgb[at + 2] as number;
      const l = 0.3 * pr + 0.59 * pg + 0.11 * pb;
      r += pr;
      g += pg;
      b += pb;
      q += l * l;
      const up = (j * line + i + 1) * 4;
      const to = up + line * 4;
      sums[to] = (sums[up] as number) + r;
      sums[to + 1] = (sums[up + 1] as number) + g;
      sums[to + 2] = (sums[up + 2] as number) + b;
      sums[to + 3] = (sums[up + 3] as number) + q;
    }
  }
  const small = new Float32Array(w * h * 3);
  for (let j = 0; j < h; j++) {
    for (let i = 0; i < w; i++) {
      let least = Infinity;
      const to = (j * w + i) * 3;
      for (let side = 0; side < 4; side++) {
        const x0 = side & 1 ? i : Math.max(0, i - radius);
        const x1 = side & 1 ? Math.min(w, i + radius + 1) : i + 1;
        const y0 = side & 2 ? j : Math.max(0, j - radius);
        const y1 = side & 2 ? Math.min(h, j + radius + 1) : j + 1;
        const n = (x1 - x0) * (y1 - y0);
        const a = (y0 * line + x0) * 4;
        const b = (y0 * line + x1) * 4;
        const c = (y1 * line + x0) * 4;
        const d = (y1 * line + x1) * 4;
        const mr =
          ((sums[d] as number) - (sums[b] as number) - (sums[c] as number) + (sums[a] as number)) / n;
        const mg =
          ((sums[d + 1] as number) -
            (sums[b + 1] as number) -
            (sums[c + 1] as number) +
            (sums[a + 1] as number)) /
          n;
        const mb =
          ((sums[d + 2] as number) -
            (sums[b + 2] as number) -
            (sums[c + 2] as number) +
            (sums[a + 2] as number)) /
          n;
        const mq =
          ((sums[d + 3] as number) -
            (sums[b + 3] as number) -
            (sums[c + 3] as number) +
            (sums[a + 3] as number)) /
          n;
        const l = 0.3 * mr + 0.59 * mg + 0.11 * mb;
        const spread = mq - l * l;
        if (spread >= least) continue;
        least = spread;
        small[to] = mr;
        small[to + 1] = mg;
        small[to + 2] = mb;
      }
    }
  }
  enlarge(small, w, h, rgb, width, height, crisp);
}

function enlarge(
  small: Float32Array,
  w: number,
  h: number,
  rgb: Float32Array,
  width: number,
  height: number,
  crisp: boolean,
): void {
  const laid = [0, 0, 0];
  for (let y = 0; y < height; y++) {
    const j = Math.min(h - 1, y >> 1);
    const below = y & 1 && j + 1 < h ? w * 3 : 0;
    for (let x = 0; x < width; x++) {
      const i = Math.min(w - 1, x >> 1);
      const right = x & 1 && i + 1 < w ? 3 : 0;
      const at = (y * width + x) * 3;
      let off = 0;
      for (let k = 0; k < 3; k++) {
        const p = (j * w + i) * 3 + k;
        const sum =
          (small[p] as number) +
          (small[p + right] as number) +
          (small[p + below] as number) +
          (small[p + right + below] as number);
        laid[k] = sum * 0.25;
        off += Math.abs((rgb[at + k] as number) - sum * 0.25);
      }
      const keep = crisp ? Math.min(1, Math.max(0, (off - 0.09) * 7)) : 0;
      for (let k = 0; k < 3; k++)
        rgb[at + k] = (rgb[at + k] as number) * keep + (laid[k] as number) * (1 - keep);
    }
  }
}
