import type { Outline, Path } from "./path.ts";

/** The coverage of each pixel by a shape, 0 to 1, within the shape's box. */
export interface Mask {
  x: number;
  y: number;
  width: number;
  height: number;
  cover: Float32Array;
}

/** The path's exact coverage of each pixel, clipped to the canvas. Null if no part of it is visible. */
export function cut(shape: Path, canvasWidth: number, canvasHeight: number): Mask | null {
  const frame = frameOf(shape, canvasWidth, canvasHeight);
  if (!frame) return null;
  const stride = frame.width + 2;
  const edges = new Float32Array(stride * frame.height + 2);
  const draw = (outline: Outline, sign: number) => {
    const turn = sign * Math.sign(area(outline));
    const n = outline.length;
    for (let i = 0; i < n; i += 2) {
      const [x0, y0] = [(outline[i] ?? 0) - frame.x, (outline[i + 1] ?? 0) - frame.y];
      const [x1, y1] = [(outline[(i + 2) % n] ?? 0) - frame.x, (outline[(i + 3) % n] ?? 0) - frame.y];
      drawEdge(edges, stride, frame.width, frame.height, x0, y0, x1, y1, turn);
    }
  };
  for (const outline of shape.outlines) draw(outline, 1);
  for (const hole of shape.holes ?? []) draw(hole, -1);
  return { ...frame, cover: gather(edges, stride, frame.width, frame.height) };
}

function frameOf(shape: Path, canvasWidth: number, canvasHeight: number) {
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const outline of shape.outlines) {
    for (let i = 0; i < outline.length; i += 2) {
      const [px, py] = [outline[i] ?? 0, outline[i + 1] ?? 0];
      if (px < left) left = px;
      if (px > right) right = px;
      if (py < top) top = py;
      if (py > bottom) bottom = py;
    }
  }
  const x = Math.max(0, Math.floor(left));
  const y = Math.max(0, Math.floor(top));
  const width = Math.min(canvasWidth, Math.ceil(right)) - x;
  const height = Math.min(canvasHeight, Math.ceil(bottom)) - y;
  return width > 0 && height > 0 ? { x, y, width, height } : null;
}

function area(outline: Outline): number {
  let sum = 0;
  const n = outline.length;
  for (let i = 0; i < n; i += 2) {
    sum +=
      (outline[i] ?? 0) * (outline[(i + 3) % n] ?? 0) - (outline[(i + 2) % n] ?? 0) * (outline[i + 1] ?? 0);
  }
  return sum;
}

/** Adds one edge's change of coverage to every pixel that it crosses; the sum from the left is the fill. */
function drawEdge(
  edges: Float32Array,
  stride: number,
  width: number,
  height: number,
  ax: number,
  ay: number,
  bx: number,
  by: number,
  turn: number,
): void {
  if (ay === by) return;
  const direction = ay < by ? turn : -turn;
  const [x0, y0, x1, y1] = ay < by ? [ax, ay, bx, by] : [bx, by, ax, ay];
  const slope = (x1 - x0) / (y1 - y0);
  let x = y0 < 0 ? x0 - y0 * slope : x0;
  const last = Math.min(height, Math.ceil(y1));
  for (let row = Math.max(0, Math.floor(y0)); row < last; row++) {
    const dy = Math.min(row + 1, y1) - Math.max(row, y0);
    const next = x + slope * dy;
    const d = dy * direction;
    const from = Math.min(width, Math.max(0, Math.min(x, next)));
    const to = Math.min(width, Math.max(0, Math.max(x, next)));
    const first = Math.floor(from);
    const end = Math.ceil(to);
    const at = row * stride + first;
    if (end <= first + 1) {
      const middle = 0.5 * (from + to) - first;
      edges[at] = (edges[at] as number) + d - d * middle;
      edges[at + 1] = (edges[at + 1] as number) + d * middle;
    } else {
      spread(edges, row * stride, from, to, first, end, d);
    }
    x = next;
  }
}

/** An edge that crosses several pixels of a row: each gets the increase of the area to the edge's right. */
function spread(
  edges: Float32Array,
  row: number,
  from: number,
  to: number,
  first: number,
  end: number,
  d: number,
): void {
  const s = 1 / (to - from);
  let given = 0;
  for (let i = first; i <= end; i++) {
    const right = Math.min(to, i + 1);
    const passed = (right - from) * s;
    const inPixel = i < end ? (right - Math.max(from, i)) * s : 0;
    const uncovered = inPixel * (0.5 * (Math.max(from, i) + right) - i);
    const covered = Math.min(1, passed) - uncovered;
    edges[row + i] = (edges[row + i] as number) + d * (covered - given);
    given = covered;
  }
}

function gather(edges: Float32Array, stride: number, width: number, height: number): Float32Array {
  const cover = new Float32Array(width * height);
  for (let row = 0; row < height; row++) {
    let sum = 0;
    for (let i = 0; i < width; i++) {
      sum += edges[row * stride + i] as number;
      const v = Math.abs(sum);
      cover[row * width + i] = v > 1 ? 1 : v < 0.002 ? 0 : v;
    }
  }
  return cover;
}
