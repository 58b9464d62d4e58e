/**
 * Trees and grass as paths, in pixels.
 */
import type { Chance } from "../../chance.ts";
import { ellipse, limb, type Outline, type Path, stroke } from "../easel/path.ts";

/** A pine that stands on the line `base`. */
export function pine(chance: Chance, x: number, base: number, height: number): Outline[] {
  const outlines: Outline[] = [limb(x, base, height * 0.022, x, base - height * 0.96, height * 0.004)];
  const tiers = 11;
  for (let i = 0; i < tiers; i++) {
    const t = i / (tiers - 1);
    const y = base - height * (0.1 + 0.82 * t);
    const half = height * 0.2 * (1 - t) ** 0.85 * chance.between(0.8, 1.15) + height * 0.012;
    const droop = height * 0.055 * (1 - t * 0.5);
    const up = height * 0.12;
    outlines.push([
      x,
      y - up,
      x + half * 0.55,
      y - droop * 0.2,
      x + half,
      y + droop,
      x + half * 0.4,
      y + droop * 0.35,
      x,
      y + droop * 0.7,
      x - half * 0.4,
      y + droop * 0.35,
      x - half,
      y + droop,
      x - half * 0.55,
      y - droop * 0.2,
    ]);
  }
  return outlines;
}

export interface Tree {
  wood: Path;
  crown: Path;
}

/** A broad tree: trunk, boughs that fork, and a crown of leaf clumps at their ends. */
export function broadTree(chance: Chance, x: number, base: number, height: number, lean = 0): Tree {
  const wood: Outline[] = [];
  const crown: Outline[] = [];
  const grow = (px: number, py: number, angle: number, length: number, r: number, depth: number) => {
    const bend = chance.between(-0.22, 0.22);
    const mx = px + Math.cos(angle) * length * 0.5;
    const my = py + Math.sin(angle) * length * 0.5;
    const ex = mx + Math.cos(angle + bend) * length * 0.5;
    const ey = my + Math.sin(angle + bend) * length * 0.5;
    wood.push(
      ...stroke([
        [px, py, r],
        [mx, my, r * 0.82],
        [ex, ey, r * 0.64],
      ]),
    );
    if (depth <= 2) {
      const clump = height * chance.between(0.05, 0.1);
      crown.push(
        ellipse(ex + chance.between(-1, 1) * clump * 0.4, ey - clump * 0.2, clump * 1.15, clump * 0.85),
      );
    }
    if (depth === 0) return;
    const forks = depth > 3 ? 2 : chance.whole(2, 3);
    for (let i = 0; i < forks; i++) {
      const spread = (i - (forks - 1) / 2) * chance.between(0.55, 0.85) + chance.between(-0.18, 0.18);
      grow(ex, ey, angle + spread, length * chance.between(0.66, 0.82), r * 0.62, depth - 1);
    }
  };
  wood.push(
    ...stroke([
      [x - height * 0.055, base + height * 0.015, height * 0.018],
      [x, base - height * 0.06, height * 0.04],
    ]),
    ...stroke([
      [x + height * 0.06, base + height * 0.015, height * 0.016],
      [x, base - height * 0.06, height * 0.04],
    ]),
  );
  grow(x, base, -Math.PI / 2 + lean, height * 0.3, height * 0.042, 5);
  return { wood: { outlines: wood }, crown: { outlines: crown } };
}

/** Blades of grass from the bottom up to about `top`, tallest in front. */
export function grass(chance: Chance, width: number, top: number, bottom: number, unit: number): Path {
  const outlines: Outline[] = [];
  const count = Math.round((width / unit) * 420);
  for (let i = 0; i < count; i++) {
    const near = chance.next() ** 0.7;
    const x = chance.between(-0.02, 1.02) * width;
    const y = top + (bottom - top) * near + unit * 0.02;
    const high = unit * (0.018 + 0.085 * near * near) * chance.between(0.5, 1.2);
    const sway = high * chance.between(-0.45, 0.55);
    const r = unit * (0.0007 + 0.0016 * near);
    outlines.push([
      x - r,
      y,
      x - r * 0.5 + sway * 0.35,
      y - high * 0.6,
      x + sway,
      y - high,
      x + r * 0.6 + sway * 0.35,
      y - high * 0.6,
      x + r,
      y,
    ]);
  }
  return { outlines };
}

/** A boulder on the line `base`. */
export function boulder(chance: Chance, x: number, base: number, size: number): Outline {
  const outline: Outline = [];
  const corners = 11;
  for (let i = 0; i < corners; i++) {
    const a = (i / corners) * 2 * Math.PI + chance.between(-0.12, 0.12);
    const r = size * chance.between(0.82, 1.08);
    outline.push(x + Math.cos(a) * r, base - size * 0.45 + Math.sin(a) * r * (Math.sin(a) > 0 ? 0.5 : 0.72));
  }
  return outline;
}
