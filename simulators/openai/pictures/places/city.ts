import { fill, glow } from "../easel/canvas.ts";
import { clamp01, mix, type Rgb, smoothstep } from "../easel/color.ts";
import { fbm } from "../easel/noise.ts";
import { box, type Outline, path } from "../easel/path.ts";
import { paintWater } from "../land/paint-water.ts";
import type { Scene, Spots } from "../scene.ts";
import { paintCumulus } from "../sky/paint-cumulus.ts";
import type { Stage } from "../stage.ts";
import { mist } from "../stage.ts";
import { paintOpenSky } from "./open-sky.ts";

/**
 * Rows of towers against the light, optionally of glass: above clouds in flying dreams, else beside water.
 */
export function paintCity(stage: Stage, scene: Scene): Spots {
  const { width, height, unit, horizon, chance, palette } = stage;
  const above = scene.shown.has("flying") || scene.shown.has("cloud");
  const glass = scene.shown.has("glass") || chance.whether(0.5);
  paintOpenSky(stage, scene, false);
  for (const [rank, near] of [0.08, 0.32, 0.62].entries()) {
    paintRank(stage, {
      near,
      rank,
      glass,
      base: horizon + unit * (above ? 0.22 + near * 0.26 : 0.005),
      foot: above ? height : horizon + unit * 0.005,
    });
    const veil = mix(palette.mist, palette.horizon, 0.5);
    mist(
      stage,
      horizon - unit * 0.26 * (1 - near),
      above ? height : horizon + unit * 0.03,
      veil,
      above ? 0.85 : 0.5 - near * 0.3,
    );
  }
  if (above) paintCumulus(stage, horizon + unit * 0.24, height + unit * 0.1, 3, 0.85);
  else paintWater(stage, { top: horizon, waves: 0.25 });
  return {
    hero: { x: width * 0.5, y: height * 0.9, tall: unit * 0.22 },
    second: { x: width * 0.66, y: height * 0.88, tall: unit * 0.2 },
    air: { x: width * chance.between(0.34, 0.48), y: height * 0.25, tall: unit * 0.34 },
  };
}

interface Rank {
  near: number;
  rank: number;
  glass: boolean;
  base: number;
  /** Row down to which the towers are drawn. */
  foot: number;
}

function paintRank(stage: Stage, { near, rank, glass, base, foot }: Rank): void {
  const { width, unit, chance } = stage;
  const step = unit * (0.055 + 0.05 * near);
  let x = -step;
  while (x < width + step) {
    const wide = step * chance.between(0.65, 1.5);
    const middle = 1 - Math.abs((x + wide / 2) / width - 0.5) * 1.1;
    const high = unit * (0.1 + 0.36 * chance.next() ** 1.7) * (0.55 + 0.75 * middle) * (1.05 - near * 0.12);
    paintTower(stage, {
      x,
      wide,
      base: foot,
      top: base - high - (rank === 0 ? unit * 0.04 : 0),
      near,
      glass,
    });
    x += wide * chance.between(near > 0.5 ? 1.1 : 0.82, near > 0.5 ? 2.1 : 1.25);
  }
}

interface Tower {
  x: number;
  wide: number;
  base: number;
  top: number;
  near: number;
  glass: boolean;
}

/**
 * A tower's two faces, one toward the light. Glass reflects the sky: zenith above, horizon below, streaks of
 * sun.
 */
function paintTower(stage: Stage, { x, wide, base, top, near, glass }: Tower): void {
  const { canvas, sun, palette, chance, unit } = stage;
  const body = mix(palette.far, palette.near, 0.25 + near * 0.75);
  const sunIsRight = sun.x > x + wide / 2;
  const edge = x + wide * (sunIsRight ? chance.between(0.3, 0.45) : chance.between(0.55, 0.7));
  const kind = chance.whole(0, 4);
  const seed = chance.between(0, 1);
  const cool = chance.between(0.15, 0.6);
  const floor = Math.max(4, unit * (0.007 + 0.005 * near));
  const lights = palette.hour === "day" ? 0.04 : glass ? 0.16 : 0.3;
  const face = (from: number, to: number, lit: number) => {
    const bays = Math.max(2, Math.round((to - from) / (floor * (glass ? 1.5 : 0.8))));
    const bay = (to - from) / bays;
    const roof = roofOf(kind, from, to, top, wide, edge === to);
    fill(canvas, path([...roof, to, base, from, base]), (px, py, out) => {
      const v = clamp01((py - top) / (unit * 0.62));
      const u = (px - from) / bay;
      const storey = (py - top) / floor;
      const inU = u - Math.floor(u);
      const inV = storey - Math.floor(storey);
      const code = Math.imul(Math.floor(u) + 7 * Math.floor(storey) + Math.floor(x) * 31, 2654435761);
      const dice = ((Math.imul(code ^ (code >>> 15), 2246822519) >>> 9) & 1023) / 1023;
      const soft = 1.1 / floor;
      const pane =
        clamp01((0.36 - Math.abs(inU - 0.5)) / (1.1 / bay) + 0.5) *
        clamp01((0.27 - Math.abs(inV - 0.5)) / soft + 0.5);
      const burning = storey > 1 && dice < lights * (0.5 + near) ? pane * (0.3 + 0.7 * near) : 0;
      const streak = glass
        ? smoothstep(0.52, 0.66, fbm(seed + (px - py * 0.35) / unit / 1.5, seed + (px + py * 0.4) / unit / 5))
        : 0;
      const mullion = glass ? 1 - 0.1 * near * clamp01((0.09 - inV) / soft + 0.5) : 1;
      for (let k = 0; k < 3; k++) {
        const high = (palette.upper[k] as number) * cool + (palette.horizon[k] as number) * (1 - cool);
        const sky = high + ((palette.horizon[k] as number) - high) * v;
        let c = (body[k] as number) * (0.7 + lit * 0.35);
        if (glass) c += (sky * (0.72 + lit * 0.3) - c) * (0.62 - near * 0.22);
        c = c * mullion + (palette.light[k] as number) * (streak * (0.1 + lit * 0.26) + lit * 0.1 * (1 - v));
        c += ((palette.lamp[k] as number) - c) * burning;
        out[k] = c;
      }
    });
  };
  face(x, edge, sunIsRight ? 0.1 : 1);
  face(edge, x + wide, sunIsRight ? 1 : 0.1);
  paintCrown(stage, { x: edge, top, base, wide, near, glass, spire: kind === 2, body });
}

interface Crown {
  x: number;
  top: number;
  base: number;
  wide: number;
  near: number;
  glass: boolean;
  spire: boolean;
  body: Rgb;
}

/** The lit edge between the faces; some towers have a glint at the top, or a mast with a lamp. */
function paintCrown(stage: Stage, { x, top, base, wide, near, glass, spire, body }: Crown): void {
  const { canvas, palette, chance, unit } = stage;
  const bright: Rgb = mix(palette.light, [1, 1, 1], 0.3);
  if (glass) {
    fill(canvas, path(box(x - 0.8, top, 1.6, base - top)), bright, 0.45 * (0.3 + near));
    if (chance.whether(0.16)) {
      const y = top + unit * chance.between(0.005, 0.06);
      glow(canvas, x, y, unit * 0.06, bright, 0.8);
      glow(canvas, x, y, unit * 0.045, bright, 0.9, 0.06);
      glow(canvas, x, y, unit * 0.0035, bright, 0.9, 14);
    }
  }
  if (!spire) return;
  fill(canvas, path([x - unit * 0.0012, top, x, top - wide * 0.9, x + unit * 0.0012, top]), body);
  if (palette.hour !== "day") glow(canvas, x, top - wide * 0.9, unit * 0.02, palette.accent, 0.9);
}

/** The two faces of a tower meet at the top in one of five ways. */
function roofOf(kind: number, from: number, to: number, top: number, wide: number, left: boolean): Outline {
  const rise = wide * 0.5;
  switch (kind) {
    case 0:
      return [from, top, to, top];
    case 1:
      return left ? [from, top + rise * 0.6, to, top] : [from, top, to, top + rise * 0.9];
    case 2:
      return left ? [from, top + rise * 0.3, to, top] : [from, top, to, top + rise * 0.3];
    case 3:
      return left
        ? [from, top + rise * 1.7, to, top - rise * 0.4]
        : [from, top - rise * 0.4, to, top + rise * 1.2];
    default:
      return left
        ? [from, top + rise * 0.2, to, top + rise * 0.2]
        : [from, top - rise * 0.5, to, top - rise * 0.5];
  }
}
