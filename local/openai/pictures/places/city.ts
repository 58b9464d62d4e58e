import { fill, glow } from "../easel/canvas.ts";
import { clamp01, mix, type Rgb, smoothstep } from "../easel/color.ts";
import { fbm } from "../easel/noise.ts";
import { type Outline, path } from "../easel/path.ts";
import { paintWater } from "../land/paint-water.ts";
import type { Scene, Spots } from "../scene.ts";
import { paintCumulus } from "../sky/paint-cumulus.ts";
import type { Stage } from "../stage.ts";
import { mist } from "../stage.ts";
import { paintOpenSky } from "./open-sky.ts";

/** Towers in ranks against the light, glass if asked: above clouds for those who fly, else beside water. */
export function paintCity(stage: Stage, scene: Scene): Spots {
  const { width, height, unit, horizon, chance, palette } = stage;
  const above = scene.shown.has("flying") || scene.shown.has("cloud");
  const glass = scene.shown.has("glass") || chance.whether(0.5);
  paintOpenSky(stage, scene);
  for (const [rank, near] of [0.08, 0.32, 0.62].entries()) {
    paintRank(stage, { near, rank, glass, base: horizon + unit * (above ? 0.22 + near * 0.26 : 0.005) });
    const veil = mix(palette.mist, palette.horizon, 0.5);
    mist(
      stage,
      horizon - unit * 0.26 * (1 - near),
      horizon + unit * (above ? 0.2 : 0.03),
      veil,
      above ? 0.5 : 0.5 - near * 0.3,
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
}

function paintRank(stage: Stage, { near, rank, glass, base }: Rank): void {
  const { width, unit, chance } = stage;
  const step = unit * (0.055 + 0.05 * near);
  let x = -step;
  while (x < width + step) {
    const wide = step * chance.between(0.65, 1.5);
    const middle = 1 - Math.abs((x + wide / 2) / width - 0.5) * 1.1;
    const high = unit * (0.1 + 0.36 * chance.next() ** 1.7) * (0.55 + 0.75 * middle) * (1.05 - near * 0.12);
    paintTower(stage, { x, wide, base, top: base - high - (rank === 0 ? unit * 0.04 : 0), near, glass });
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

function paintTower(stage: Stage, { x, wide, base, top, near, glass }: Tower): void {
  const { canvas, sun, palette, chance, unit } = stage;
  const body = mix(mix(palette.far, palette.near, near), palette.horizon, glass ? 0.22 * (1 - near) : 0);
  const edge = x + wide * (sun.x > x + wide / 2 ? chance.between(0.3, 0.45) : chance.between(0.55, 0.7));
  const kind = chance.whole(0, 4);
  const seed = chance.between(0, 1);
  const floor = Math.max(3, unit * (0.006 + 0.004 * near));
  const bay = Math.max(3, wide / Math.max(3, Math.round(wide / (floor * 1.1))));
  const face = (from: number, to: number, lit: number) => {
    const width = to - from;
    const roof: Outline = roofOf(kind, from, to, top, wide, edge === to);
    fill(canvas, path([...roof, to, base, from, base]), (px, py, out) => {
      const v = (py - top) / (base - top);
      const u = (px - from) / Math.max(1, width);
      const streak = glass
        ? smoothstep(0.5, 0.62, fbm(seed + (px - py * 0.35) / unit / 1.3, seed + (px + py * 0.4) / unit / 5))
        : 0;
      const sky = glass ? 0.5 * (1 - v) + streak * 0.4 : 0.1;
      const line = glass && near > 0.2 && py % floor < 1 ? 0.86 : 1;
      const cell = Math.floor(px / bay) * 7919 + Math.floor(py / (floor * 1.6)) * 104729 + Math.floor(x);
      const window = ((Math.imul(cell, 2654435761) >>> 8) & 255) / 255;
      const inWindow = (px % bay) / bay > 0.28 && (py % (floor * 1.6)) / (floor * 1.6) > 0.35;
      const burning =
        inWindow && window > (palette.hour === "day" ? 0.97 : 0.83) && v > 0.03 ? 0.25 + 0.75 * near : 0;
      for (let k = 0; k < 3; k++) {
        let c = (body[k] as number) * (0.72 + lit * 0.3) * line;
        c +=
          ((palette.horizon[k] as number) * 0.95 + (palette.light[k] as number) * 0.05 - c) *
          clamp01(sky * (0.45 + lit * 0.4));
        c += (palette.light[k] as number) * lit * 0.2 * (1 - v * 0.5) * (edge === from ? 1 - u : u);
        c += ((palette.lamp[k] as number) - c) * burning;
        out[k] = c;
      }
    });
  };
  const sunIsRight = sun.x > x + wide / 2;
  face(x, edge, sunIsRight ? 0.15 : 1);
  face(edge, x + wide, sunIsRight ? 1 : 0.15);
  const ridge: Rgb = mix(palette.light, [1, 1, 1], 0.3);
  if (glass)
    fill(
      canvas,
      path([edge - 0.8, top, edge + 0.8, top, edge + 0.8, base, edge - 0.8, base]),
      ridge,
      0.4 * (0.3 + near),
    );
  if (kind === 2) {
    fill(canvas, path([edge - unit * 0.0012, top, edge, top - wide * 0.9, edge + unit * 0.0012, top]), body);
    if (palette.hour !== "day") glow(canvas, edge, top - wide * 0.9, unit * 0.02, palette.accent, 0.9);
  }
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
