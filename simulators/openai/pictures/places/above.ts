/**
 * Places without ground: over the clouds, between the stars, under the sea.
 */
import { fill, glow, wash } from "../easel/canvas.ts";
import { clamp01, mix, smoothstep } from "../easel/color.ts";
import { washHalf } from "../easel/half.ts";
import { curl, fbm } from "../easel/noise.ts";
import { ellipse, type Path, path, place } from "../easel/path.ts";
import { fish } from "../figures/animals.ts";
import { paintGround } from "../land/paint-ground.ts";
import type { Scene, Spots } from "../scene.ts";
import { paintCumulus } from "../sky/paint-cumulus.ts";
import { paintStars } from "../sky/paint-lights.ts";
import { paintRays } from "../sky/paint-rays.ts";
import { mist, type Stage } from "../stage.ts";
import { paintOpenSky } from "./open-sky.ts";

/** A sea of clouds to the horizon under an open sky. */
export function paintClouds(stage: Stage, scene: Scene): Spots {
  const { width, height, unit, palette } = stage;
  stage.horizon = height * 0.58;
  paintOpenSky(stage, scene, false);
  paintRays(stage, stage.sun, { reach: unit * 1.2, color: palette.light, strength: 0.42 });
  paintCumulus(stage, height * 0.56, height * 1.04, 5);
  return {
    hero: { x: width * 0.5, y: height * 0.8, tall: unit * 0.34 },
    second: { x: width * 0.66, y: height * 0.76, tall: unit * 0.28 },
    air: { x: width * 0.46, y: height * 0.36, tall: unit * 0.38 },
  };
}

/** Stars, a nebula, and a world to stand on. */
export function paintCosmos(stage: Stage, _scene: Scene): Spots {
  const { canvas, width, height, unit, palette, chance, sun } = stage;
  const seed = chance.between(0, 1);
  sun.x = width * chance.between(0.38, 0.62);
  sun.y = height * 0.4;
  const night = mix(palette.zenith, palette.shadow, 0.55);
  washHalf(canvas, height, (x, y, out) => {
    const u = x / unit / 2.4;
    const v = y / unit / 2.4;
    const a = curl(seed + u, seed + v, 0.35);
    const b = curl(seed + u * 0.8 + 0.4, seed * 2 + v * 0.8, 0.5);
    const d = Math.hypot(x - sun.x, y - sun.y) / unit;
    const veil = smoothstep(0.36, 0.82, a) * Math.exp(-d * 1.5) * 1.15;
    const warm = smoothstep(0.48, 0.9, b) * Math.exp(-d * 2.2);
    const core = Math.exp(-d * 5) * 0.5;
    for (let k = 0; k < 3; k++) {
      const c =
        (night[k] as number) +
        veil * (palette.upper[k] as number) * 1.25 +
        warm * (palette.accent[k] as number) * 0.9;
      out[k] = 1 - (1 - clamp01(c)) * (1 - clamp01(core * (palette.light[k] as number)));
    }
  });
  paintStars(stage, height * 1.6, 1.1);
  const ground = paintGround(stage, { top: height * 0.86, swing: unit * 0.03, near: 1, color: palette.near });
  const x = width * 0.5;
  return {
    hero: { x, y: ground(x) + unit * 0.015, tall: unit * 0.24 },
    second: { x: x + unit * 0.2, y: ground(x + unit * 0.2) + unit * 0.01, tall: unit * 0.22 },
    air: { x: sun.x, y: height * 0.4, tall: unit * 0.4 },
  };
}

/** Below the surface: light from above in moving bars, weed, fish, the bottom in the dusk. */
export function paintUnderwater(stage: Stage, _scene: Scene): Spots {
  const { canvas, width, height, unit, palette, chance, sun } = stage;
  sun.x = width * chance.between(0.35, 0.65);
  sun.y = -height * 0.12;
  const top = mix(mix(palette.water, palette.leaf, 0.5), palette.light, 0.35);
  const deep = mix(palette.water, palette.shadow, 0.6);
  const seed = chance.between(0, 1);
  wash(canvas, (x, y, out) => {
    const d = Math.hypot((x - sun.x) / width, (y - sun.y) / height);
    const t = smoothstep(1.15, 0.05, d);
    const surface =
      y < height * 0.16
        ? smoothstep(0.5, 0.72, fbm(seed + x / unit / 1.2, seed + (height * 0.04) / (y + 8))) *
          (1 - y / (height * 0.16))
        : 0;
    for (let k = 0; k < 3; k++) {
      const c = (deep[k] as number) + ((top[k] as number) - (deep[k] as number)) * t;
      out[k] = c + (palette.light[k] as number) * surface * 0.45;
    }
  });
  paintRays(stage, sun, { reach: height * 1.25, color: mix(top, [1, 1, 1], 0.4), strength: 0.62, fine: 2.2 });
  paintGround(stage, {
    top: height * 0.86,
    swing: unit * 0.05,
    near: 0.7,
    color: mix(palette.ground, palette.water, 0.5),
  });
  mist(stage, height * 0.62, height * 1.05, deep, 0.75);
  const shoal: Path[] = [];
  const middle = { x: width * chance.between(0.2, 0.8), y: height * chance.between(0.3, 0.5) };
  for (let i = 0; i < 26; i++) {
    const x = middle.x + chance.between(-0.2, 0.2) * width;
    shoal.push(
      place(fish(), {
        x,
        y: middle.y + chance.between(-0.1, 0.1) * height,
        scale: unit * chance.between(0.008, 0.02),
        turn: chance.between(-0.2, 0.2),
      }),
    );
  }
  for (const one of shoal) fill(canvas, one, mix(deep, palette.shadow, 0.4), 0.8);
  for (let i = 0; i < 34; i++) {
    const r = unit * chance.between(0.002, 0.008);
    const [x, y] = [chance.next() * width, chance.next() * height];
    fill(
      canvas,
      { outlines: [ellipse(x, y, r)], holes: [ellipse(x, y, r * 0.72)] },
      mix(top, [1, 1, 1], 0.5),
      0.5,
    );
    glow(canvas, x - r * 0.3, y - r * 0.3, r * 1.2, [1, 1, 1], 0.5);
  }
  fill(canvas, path(...weeds(stage)), mix(palette.leaf, palette.shadow, 0.7));
  return {
    hero: { x: width * 0.5, y: height * 0.87, tall: unit * 0.28 },
    second: { x: width * 0.3, y: height * 0.84, tall: unit * 0.26 },
    air: { x: width * 0.52, y: height * 0.46, tall: unit * 0.42 },
  };
}

function weeds({ width, height, unit, chance }: Stage) {
  return Array.from({ length: 42 }, () => {
    const side = chance.whether(0.5) ? chance.between(0, 0.3) : chance.between(0.7, 1);
    const x = side * width;
    const high = unit * chance.between(0.08, 0.3);
    const sway = chance.between(-0.06, 0.06) * unit;
    const base = height * 1.01;
    const r = unit * 0.006;
    return [
      x - r,
      base,
      x - r + sway,
      base - high * 0.5,
      x - sway * 0.3,
      base - high,
      x + r + sway,
      base - high * 0.5,
      x + r,
      base,
    ];
  });
}
