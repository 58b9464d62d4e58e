/** Shapes as closed outlines. Every outline is filled, and overlapping outlines merge. */
export type Outline = number[];
export interface Path {
  outlines: Outline[];
  /** Holes in the shape. */
  holes?: Outline[];
}

/** A path of these outlines. */
export const path = (...outlines: Outline[]): Path => ({ outlines });

/** An ellipse around (x, y), turned clockwise by `turn` radians. */
export function ellipse(x: number, y: number, rx: number, ry = rx, turn = 0): Outline {
  const outline: Outline = [];
  const [cos, sin] = [Math.cos(turn), Math.sin(turn)];
  for (let i = 0; i < 40; i++) {
    const a = (i / 40) * 2 * Math.PI;
    const px = rx * Math.cos(a);
    const py = ry * Math.sin(a);
    outline.push(x + px * cos - py * sin, y + px * sin + py * cos);
  }
  return outline;
}

/** An upright rectangle from its top left corner. */
export const box = (x: number, y: number, w: number, h: number): Outline => [
  x,
  y,
  x + w,
  y,
  x + w,
  y + h,
  x,
  y + h,
];

/** Two circles and the area between them: a limb, a trunk, a thick line. */
export function limb(ax: number, ay: number, ar: number, bx: number, by: number, br: number): Outline {
  const length = Math.hypot(bx - ax, by - ay);
  if (length <= Math.abs(ar - br)) return ar > br ? ellipse(ax, ay, ar) : ellipse(bx, by, br);
  const along = Math.atan2(by - ay, bx - ax);
  const half = Math.acos((ar - br) / length);
  const outline: Outline = [];
  const arc = (x: number, y: number, r: number, from: number, to: number) => {
    for (let i = 0; i <= 8; i++) {
      const a = from + ((to - from) * i) / 8;
      outline.push(x + r * Math.cos(a), y + r * Math.sin(a));
    }
  };
  arc(ax, ay, ar, along + half, along + 2 * Math.PI - half);
  arc(bx, by, br, along - half, along + half);
  return outline;
}

/** A line through points `[x, y, radius]`, as thick as each radius; or the same as text, `x y r, x y r`. */
export function stroke(drawn: string | readonly (readonly [number, number, number])[]): Outline[] {
  const points = typeof drawn === "string" ? readPoints(drawn) : drawn;
  const outlines: Outline[] = [];
  for (let i = 1; i < points.length; i++) {
    const [a, b] = [points[i - 1], points[i]];
    if (a && b) outlines.push(limb(a[0], a[1], a[2], b[0], b[1], b[2]));
  }
  return outlines;
}

/** A round closed line (Catmull-Rom) through points `[x, y]`, or as text, `x y, x y`. */
export function smooth(drawn: string | readonly (readonly [number, number])[]): Outline {
  const points: readonly (readonly number[])[] = typeof drawn === "string" ? readPoints(drawn) : drawn;
  const n = points.length;
  const at = (i: number) => points[(i + n) % n] as readonly [number, number];
  const outline: Outline = [];
  for (let i = 0; i < n; i++) {
    const [p0, p1, p2, p3] = [at(i - 1), at(i), at(i + 1), at(i + 2)];
    for (let k = 0; k < 8; k++) {
      const t = k / 8;
      const curve = (a: number, b: number, c: number, d: number) =>
        0.5 *
        (2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t * t + (3 * b - a - 3 * c + d) * t * t * t);
      outline.push(curve(p0[0], p1[0], p2[0], p3[0]), curve(p0[1], p1[1], p2[1], p3[1]));
    }
  }
  return outline;
}

/** Shapes are long lists of numbers; as text a shape is one line. */
export const readPoints = (text: string) =>
  text.split(", ").map((point) => point.split(" ").map(Number) as [number, number, number]);

export interface Placing {
  x: number;
  y: number;
  scale: number;
  /** Radians, clockwise. */
  turn?: number;
  flip?: boolean;
}

/** The path after a flip, a scale, a rotation and a translation, in this order. */
export function place(shape: Path, { x, y, scale, turn = 0, flip = false }: Placing): Path {
  const cos = Math.cos(turn) * scale;
  const sin = Math.sin(turn) * scale;
  const move = (outline: Outline) => {
    const moved: Outline = new Array(outline.length);
    for (let i = 0; i < outline.length; i += 2) {
      const px = (outline[i] ?? 0) * (flip ? -1 : 1);
      const py = outline[i + 1] ?? 0;
      moved[i] = x + px * cos - py * sin;
      moved[i + 1] = y + px * sin + py * cos;
    }
    return moved;
  };
  return { outlines: shape.outlines.map(move), holes: (shape.holes ?? []).map(move) };
}
