import type { Mask } from "./mask.ts";

/** Three running means, which together come close to a Gaussian of about `radius`. In place. */
export function blurPlane(
  plane: Float32Array,
  width: number,
  height: number,
  radius: number,
  rounds = 3,
): void {
  const r = Math.max(1, Math.round(radius));
  const line = new Float32Array(Math.max(width, height));
  for (let round = 0; round < rounds; round++) {
    for (let y = 0; y < height; y++) slide(plane, y * width, 1, width, r, line);
    for (let x = 0; x < width; x++) slide(plane, x, width, height, r, line);
  }
}

function slide(
  plane: Float32Array,
  start: number,
  step: number,
  count: number,
  r: number,
  line: Float32Array,
): void {
  for (let i = 0; i < count; i++) line[i] = plane[start + i * step] as number;
  const first = line[0] as number;
  const last = line[count - 1] as number;
  let sum = first * r;
  for (let i = 0; i < r; i++) sum += i < count ? (line[i] as number) : last;
  const share = 1 / (2 * r + 1);
  for (let i = 0; i < count; i++) {
    sum += i + r < count ? (line[i + r] as number) : last;
    plane[start + i * step] = sum * share;
    sum -= i - r >= 0 ? (line[i - r] as number) : first;
  }
}

/** The mask's softened copy, on a frame that has room for the softness. */
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
