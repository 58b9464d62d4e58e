import type { Mask } from "./mask.ts";

/** Blurs in place by repeated running means; three passes are close to a Gaussian of about `radius`. */
export function blurPlane(
  plane: Float32Array,
  width: number,
  height: number,
  radius: number,
  rounds = 3,
): void {
  const r = Math.max(1, Math.round(radius));
  const before = new Float32Array(plane.length);
  for (let round = 0; round < rounds; round++) {
    before.set(plane);
    blurRows(before, plane, width, height, r);
    before.set(plane);
    blurColumns(before, plane, width, height, r);
  }
}

function blurRows(from: Float32Array, to: Float32Array, width: number, height: number, r: number): void {
  const share = 1 / (2 * r + 1);
  for (let start = 0; start < width * height; start += width) {
    const first = from[start] as number;
    const last = from[start + width - 1] as number;
    let sum = first * r;
    for (let i = 0; i < r; i++) sum += i < width ? (from[start + i] as number) : last;
    for (let i = 0; i < width; i++) {
      sum += i + r < width ? (from[start + i + r] as number) : last;
      to[start + i] = sum * share;
      sum -= i >= r ? (from[start + i - r] as number) : first;
    }
  }
}

/** Works row by row with one sum per column, so that memory is read in order. */
function blurColumns(from: Float32Array, to: Float32Array, width: number, height: number, r: number): void {
  const share = 1 / (2 * r + 1);
  const row = (y: number) => Math.min(height - 1, Math.max(0, y)) * width;
  const sums = new Float32Array(width);
  for (let y = -r; y < r; y++) {
    const at = row(y);
    for (let x = 0; x < width; x++) sums[x] = (sums[x] as number) + (from[at + x] as number);
  }
  for (let y = 0; y < height; y++) {
    const next = row(y + r);
    const past = row(y - r);
    const at = y * width;
    for (let x = 0; x < width; x++) {
      const sum = (sums[x] as number) + (from[next + x] as number);
      to[at + x] = sum * share;
      sums[x] = sum - (from[past + x] as number);
    }
  }
}

/** A blurred copy of the mask, on a frame that has room for the blur. */
export function soften(mask: Mask, radius: number, canvasWidth: number, canvasHeight: number): Mask {
  const room = Math.ceil(radius * 2.5);
  const x = Math.max(0, mask.x - room);
  const y = Math.max(0, mask.y - room);
  const width = Math.min(canvasWidth, mask.x + mask.width + room) - x;
  const height = Math.min(canvasHeight, mask.y + mask.height + room) - y;
  const cover = new Float32Array(width * height);
  for (let row = 0; row < mask.height; row++) {
    const from = row * mask.width;
    cover.set(mask.cover.subarray(from, from + mask.width), (row + mask.y - y) * width + mask.x - x);
  }
  blurPlane(cover, width, height, radius);
  return { x, y, width, height, cover };
}
