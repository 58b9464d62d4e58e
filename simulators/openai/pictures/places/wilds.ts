/**
 * Open country: mountains, desert, meadow, sea.
 */
import { fill, glow } from "../easel/canvas.ts";
import { mix, oklch, type Rgb } from "../easel/color.ts";
import { ellipse, limb, type Outline, path } from "../easel/path.ts";
import { tintOf } from "../figures/tint.ts";
import { paintBoulder, paintGround } from "../land/paint-ground.ts";
import { paintRange } from "../land/paint-mountains.ts";
import { paintWater } from "../land/paint-water.ts";
import { broadTree, grass, pine } from "../land/plants.ts";
import type { Scene, Spots } from "../scene.ts";
import { mist, type Stage } from "../stage.ts";
import { paintOpenSky } from "./open-sky.ts";
import { paintTree } from "./paint-tree.ts";

/** Ranges behind ranges, a lake or a river of mist between, pines, and a ledge in front. */
export function paintMountains(stage: Stage, scene: Scene): Spots {
  const { canvas, width, height, unit, chance, palette } = stage;
  stage.horizon = height * 0.6;
  paintOpenSky(stage, scene);
  const { horizon } = stage;
  const snow = scene.shown.has("snow") ? 0.8 : 0.32;
  paintRange(stage, { base: horizon, rise: unit * 0.34, near: 0.05, rough: 0.9, snow });
  paintRange(stage, {
    base: horizon + unit * 0.02,
    rise: unit * 0.2,
    near: 0.34,
    rough: 0.8,
    snow: snow * 0.6,
  });
  const lake = scene.shown.has("water") || scene.shown.has("river") || chance.whether(0.5);
  if (lake) paintWater(stage, { top: horizon + unit * 0.005, waves: 0.15 });
  else mist(stage, horizon - unit * 0.1, horizon + unit * 0.1, palette.mist, 0.7);
  const hill = paintRange(stage, {
    base: height * (lake ? 0.76 : 0.8),
    foot: height,
    rise: unit * 0.13,
    near: 0.66,
    rough: 0.2,
  });
  const trees: Outline[] = [];
  for (let i = 0; i < 46 * (width / unit); i++) {
    const x = chance.next() * width;
    if (Math.abs(x / width - 0.5) < 0.12 && chance.whether(0.8)) continue;
    trees.push(...pine(chance, x, hill(x) + unit * 0.02, unit * chance.between(0.05, 0.12)));
  }
  fill(canvas, path(...trees), mix(palette.near, palette.leaf, 0.22));
  mist(stage, height * 0.66, height * 0.84, palette.mist, 0.55);
  const ledge = paintGround(stage, {
    top: height * 0.85,
    swing: unit * 0.045,
    near: 1,
    ...(scene.shown.has("snow") && { color: snowOf(palette.light) }),
  });
  const heroX = width * chance.between(0.28, 0.7);
  fill(
    canvas,
    grass(chance, width, height * 0.86, height * 1.02, unit),
    mix(palette.shadow, palette.leaf, 0.15),
  );
  return {
    hero: { x: heroX, y: ledge(heroX) + unit * 0.012, tall: unit * 0.3 },
    second: { x: heroX + unit * 0.2, y: ledge(heroX + unit * 0.2) + unit * 0.01, tall: unit * 0.28 },
    air: { x: width * 0.6, y: height * 0.28, tall: unit * 0.34 },
  };
}

const snowOf = (light: Rgb): Rgb => mix([0.78, 0.82, 0.9], light, 0.25);

/** Bare hills and stones under a wide sky. */
export function paintDesert(stage: Stage, scene: Scene): Spots {
  const { width, height, unit, chance, palette } = stage;
  stage.horizon = height * 0.66;
  paintOpenSky(stage, scene, false);
  const { horizon } = stage;
  paintRange(stage, { base: horizon, rise: unit * 0.13, near: 0.1, rough: 0.7 });
  paintRange(stage, { base: horizon + unit * 0.02, rise: unit * 0.07, near: 0.3, rough: 0.15 });
  paintGround(stage, { top: horizon + unit * 0.015, swing: unit * 0.02, near: 0.45, wide: 1.6 });
  mist(stage, horizon - unit * 0.05, horizon + unit * 0.06, palette.mist, 0.35);
  const ground = paintGround(stage, { top: height * 0.79, swing: unit * 0.03, near: 0.95 });
  for (let i = 0; i < 16; i++) {
    const near = chance.next() ** 1.5;
    const x = chance.next() * width;
    if (Math.abs(x / width - 0.5) < 0.16) continue;
    paintBoulder(
      stage,
      x,
      ground(x) + unit * (0.015 + 0.16 * near),
      unit * (0.01 + 0.05 * near * chance.next()),
      0.6 + near * 0.4,
    );
  }
  const x = width * chance.between(0.3, 0.66);
  return {
    hero: { x, y: ground(x) + unit * 0.05, tall: unit * 0.3 },
    second: { x: x + unit * 0.24, y: ground(x) + unit * 0.03, tall: unit * 0.27 },
    air: { x: width * 0.6, y: height * 0.28, tall: unit * 0.32 },
  };
}

/** Rolling green, one great tree, flowers in the grass. */
export function paintMeadow(stage: Stage, scene: Scene): Spots {
  const { canvas, width, height, unit, chance, palette } = stage;
  stage.horizon = height * 0.62;
  paintOpenSky(stage, scene);
  const { horizon } = stage;
  const snowy = scene.shown.has("snow") || scene.shown.has("winter");
  const green = snowy ? snowOf(palette.light) : mix(palette.ground, palette.leaf, 0.7);
  paintRange(stage, { base: horizon + unit * 0.02, rise: unit * 0.1, near: 0.12, rough: 0.25 });
  paintGround(stage, {
    top: horizon,
    swing: unit * 0.035,
    near: 0.3,
    color: mix(green, palette.mist, 0.3),
    wide: 0.8,
  });
  mist(stage, horizon - unit * 0.06, horizon + unit * 0.08, palette.mist, 0.4);
  const middle = paintGround(stage, { top: height * 0.7, swing: unit * 0.04, near: 0.62, color: green });
  const treeX = width * (chance.whether(0.5) ? chance.between(0.16, 0.3) : chance.between(0.7, 0.84));
  const tree = broadTree(chance, treeX, middle(treeX) + unit * 0.02, unit * 0.42);
  paintTree(stage, tree, leavesOf(stage, scene, snowy));
  const front = paintGround(stage, {
    top: height * 0.8,
    swing: unit * 0.02,
    near: 0.95,
    color: mix(green, palette.shadow, 0.15),
  });
  if (!snowy) {
    fill(
      canvas,
      grass(chance, width, height * 0.79, height * 1.02, unit),
      mix(palette.leaf, palette.shadow, 0.55),
    );
    scatterFlowers(stage, height * 0.8, scene.shown.has("flower") ? 260 : 90);
  }
  const heroX = width - treeX * 0.9 - width * 0.05;
  return {
    hero: { x: heroX, y: front(heroX) + unit * 0.02, tall: unit * 0.3 },
    second: { x: treeX + unit * 0.16, y: middle(treeX) + unit * 0.05, tall: unit * 0.2 },
    air: { x: width * 0.55, y: height * 0.27, tall: unit * 0.34 },
  };
}

/** The colour of the great tree's leaves; null where it is bare. */
function leavesOf({ palette }: Stage, { shown, attributes }: Scene, snowy: boolean): Rgb | null {
  const told = attributes.get("tree");
  if (snowy || told?.lacksPart) return null;
  if (told?.colour) return tintOf(told.colour, palette);
  return shown.has("autumn") ? oklch(0.62, 0.15, 55) : mix(palette.leaf, palette.near, 0.25);
}

function scatterFlowers(stage: Stage, top: number, count: number): void {
  const { canvas, width, height, unit, chance, palette } = stage;
  const colors = [palette.accent, palette.lamp, mix(palette.light, [1, 1, 1], 0.5)] as const;
  for (const color of colors) {
    const heads: Outline[] = [];
    for (let i = 0; i < count / 3; i++) {
      const near = chance.next();
      const x = chance.next() * width;
      const y = top + (height - top) * near;
      const r = unit * (0.0022 + 0.0085 * near * near);
      for (let p = 0; p < 5; p++) {
        const a = (p / 5) * 2 * Math.PI + chance.next();
        heads.push(ellipse(x + Math.cos(a) * r, y + Math.sin(a) * r * 0.7, r * 0.75, r * 0.55, a));
      }
    }
    fill(canvas, path(...heads), mix(color, palette.shadow, 0.12), 0.92);
  }
}

/** The sea to the horizon, an island or two, and a shore of rocks or a jetty. */
export function paintSea(stage: Stage, scene: Scene): Spots {
  const { canvas, width, height, unit, chance, palette } = stage;
  stage.horizon = height * 0.56;
  paintOpenSky(stage, scene);
  const { horizon } = stage;
  if (chance.whether(0.7)) paintRange(stage, { base: horizon, rise: unit * 0.09, near: 0.1, rough: 0.6 });
  const stormy = scene.shown.has("storm");
  paintWater(stage, { top: horizon, waves: stormy ? 1.5 : chance.between(0.35, 0.8) });
  const ashore = !scene.shown.has("boat");
  if (ashore) {
    for (let i = 0; i < 9; i++) {
      const side = chance.whether(0.65) ? chance.between(-0.02, 0.26) : chance.between(0.86, 1.04);
      paintBoulder(
        stage,
        side * width,
        height * chance.between(0.93, 1.08),
        unit * chance.between(0.05, 0.13),
      );
    }
    const jetty: Outline[] = [];
    const y = height * 0.87;
    jetty.push([
      width * 0.08,
      y + unit * 0.03,
      width * 0.5,
      y - unit * 0.004,
      width * 0.5,
      y + unit * 0.012,
      width * 0.1,
      y + unit * 0.075,
    ]);
    for (let i = 0; i < 6; i++) {
      const x = width * (0.14 + i * 0.07);
      jetty.push(limb(x, y - unit * 0.02, unit * 0.006, x, y + unit * 0.09, unit * 0.006));
    }
    fill(canvas, path(...jetty), mix(palette.shadow, palette.near, 0.4));
    glow(canvas, width * 0.5, y, unit * 0.1, palette.light, 0.12);
  }
  return {
    hero: { x: width * 0.44, y: height * 0.872, tall: unit * 0.27 },
    second: { x: width * 0.58, y: height * 0.75, tall: unit * 0.3 },
    air: { x: width * 0.6, y: height * 0.25, tall: unit * 0.34 },
  };
}
