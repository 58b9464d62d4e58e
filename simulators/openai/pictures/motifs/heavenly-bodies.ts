/**
 * Round things that hang in the sky: a clock, the world's wheels, a planet with its ring.
 */
import { fill, glow } from "../easel/canvas.ts";
import { clamp01, mix } from "../easel/color.ts";
import { fbm } from "../easel/noise.ts";
import { ellipse, limb, type Outline, path } from "../easel/path.ts";
import { paintFigure } from "../figures/paint-figure.ts";
import { gear } from "../figures/things.ts";
import type { Spot } from "../scene.ts";
import type { Stage } from "../stage.ts";

/** A clock's face, lit from within, with its hands or without. */
export function paintClock(stage: Stage, { x, y, tall }: Spot, hasHands: boolean): void {
  const { canvas, palette, chance } = stage;
  const r = tall * 0.5;
  glow(canvas, x, y, r * 2.4, palette.lamp, 0.4);
  fill(canvas, path(ellipse(x, y, r)), mix(palette.shadow, palette.lamp, 0.35));
  fill(canvas, path(ellipse(x, y, r * 0.92)), mix(palette.light, palette.lamp, 0.3), 0.94);
  const marks: Outline[] = [];
  for (let i = 0; i < 12; i++) {
    const a = (i / 12) * 2 * Math.PI;
    const from = i % 3 === 0 ? 0.7 : 0.78;
    marks.push(
      limb(
        x + Math.cos(a) * r * from,
        y + Math.sin(a) * r * from,
        r * 0.02,
        x + Math.cos(a) * r * 0.85,
        y + Math.sin(a) * r * 0.85,
        r * 0.02,
      ),
    );
  }
  for (const [length, width] of hasHands ? clockHands : []) {
    const a = chance.between(0, 2 * Math.PI);
    marks.push(
      limb(x, y, r * width, x + Math.cos(a) * r * length, y + Math.sin(a) * r * length, r * width * 0.4),
    );
  }
  fill(canvas, path(...marks, ellipse(x, y, r * 0.05)), palette.shadow, 0.92);
}

/** Their lengths and half widths, in parts of the face's radius. */
const clockHands = [
  [0.5, 0.032],
  [0.74, 0.02],
] as const;

/** Wheels within wheels in the sky. */
export function paintWorldWheels(stage: Stage, { x, y, tall }: Spot): void {
  const { palette, canvas, chance } = stage;
  glow(canvas, x, y, tall * 1.7, palette.light, 0.5);
  const brass = mix(palette.lamp, palette.near, 0.45);
  const wheels = [
    [0, 0, 0.62, 44],
    [-0.86, 0.3, 0.36, 26],
    [0.8, -0.34, 0.3, 22],
    [0.66, 0.48, 0.24, 18],
    [-0.62, -0.46, 0.22, 16],
  ] as const;
  for (const [dx, dy, r, teeth] of wheels) {
    paintFigure(
      stage,
      gear(teeth, chance.next()),
      { x: x + dx * tall, y: y + dy * tall, scale: r * tall },
      { color: brass, far: 0.22 },
    );
  }
  glow(canvas, x, y, tall * 0.4, palette.light, 0.9);
}

/** A banded planet with a ring about it. */
export function paintPlanet(stage: Stage, { x, y, tall }: Spot): void {
  const { canvas, palette, chance } = stage;
  const r = tall * 0.44;
  const seed = chance.between(0, 1);
  const light = { x: -0.6, y: -0.5 };
  glow(canvas, x, y, r * 2.3, palette.light, 0.4);
  fill(canvas, path(ellipse(x, y, r)), (px, py, out) => {
    const u = (px - x) / r;
    const v = (py - y) / r;
    const band = fbm(seed + u * 0.1 + v * 0.04, seed + v * 0.55);
    const lit = clamp01(
      (u * light.x + v * light.y) * 0.75 + 0.55 * Math.sqrt(Math.max(0, 1 - u * u - v * v)),
    );
    for (let k = 0; k < 3; k++) {
      const c = (palette.upper[k] as number) * (1 - band) * 1.3 + (palette.accent[k] as number) * band;
      out[k] = c * (0.08 + lit * 1.15) + (palette.light[k] as number) * lit ** 4 * 0.35;
    }
  });
  const ring: Outline = [];
  // The half of the ring that passes in front.
  for (let i = 0; i <= 40; i++) ring.push(...ringPoint(x, y, r * 2.05, (i / 40) * Math.PI));
  for (let i = 40; i >= 0; i--) ring.push(...ringPoint(x, y, r * 1.4, (i / 40) * Math.PI));
  fill(canvas, path(ring), mix(palette.accent, palette.light, 0.5), 0.6);
}

function ringPoint(x: number, y: number, r: number, a: number): [number, number] {
  const [px, py] = [Math.cos(a) * r, Math.sin(a) * r * 0.24];
  return [x + px * 0.95 + py * 0.31, y - px * 0.31 + py * 0.95];
}
