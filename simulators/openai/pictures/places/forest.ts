import { fill, glow, wash } from "../easel/canvas.ts";
import { clamp01, mix, smoothstep } from "../easel/color.ts";
import { washHalf } from "../easel/half.ts";
import { fbm, ridge, swell } from "../easel/noise.ts";
import { limb, type Outline, path, stroke } from "../easel/path.ts";
import { paintGround } from "../land/paint-ground.ts";
import { grass } from "../land/plants.ts";
import type { Scene, Spots } from "../scene.ts";
import { paintMoon } from "../sky/paint-lights.ts";
import { paintRays } from "../sky/paint-rays.ts";
import { paintSparks } from "../sky/paint-weather.ts";
import { mist, type Stage } from "../stage.ts";

/** Deep woods: ranks of trunks that fade into a lit mist, shafts of light, leaves overhead. */
export function paintForest(stage: Stage, scene: Scene): Spots {
  const { canvas, width, height, unit, chance, palette, sun } = stage;
  const heart = { x: width * chance.between(0.34, 0.66), y: height * chance.between(0.36, 0.52) };
  sun.x = heart.x;
  sun.y = heart.y - height * 0.16;
  const bright = mix(mix(palette.horizon, palette.light, 0.5), palette.leaf, 0.2);
  const deep = mix(palette.upper, palette.leaf, 0.35);
  washHalf(canvas, height, (x, y, out) => {
    const d = Math.hypot((x - heart.x) / width, (y - heart.y) / height / 0.9);
    const t = smoothstep(0.62, 0, d + (swell(x / unit / 3, y / unit / 3) - 0.5) * 0.2);
    for (let k = 0; k < 3; k++)
      out[k] = (deep[k] as number) * 0.6 + ((bright[k] as number) - (deep[k] as number) * 0.6) * t;
  });
  if (palette.hour === "night") paintMoon(stage, unit * (scene.shown.has("moon") ? 0.12 : 0.075));
  for (const [i, near] of [0.06, 0.22, 0.42, 0.66].entries()) {
    paintTrunks(stage, near, height * (0.62 + near * 0.16), heart.x);
    if (i % 2 === 1) paintCanopy(stage, near, i);
    mist(
      stage,
      height * 0.35,
      height * (0.66 + near * 0.14),
      mix(bright, deep, 0.25 + near * 0.3),
      0.62 * (1 - near),
    );
  }
  const ground = mix(palette.ground, palette.leaf, 0.35);
  paintGround(stage, { top: height * 0.7, swing: unit * 0.02, near: 0.62, color: ground });
  paintRays(stage, sun, {
    reach: unit * 1.15,
    color: bright,
    strength: palette.hour === "night" ? 0.4 : 0.6,
    fine: 1.6,
  });
  glow(canvas, heart.x, height * 0.7, unit * 0.5, bright, 0.35, 0.35);
  paintTrunks(stage, 1, height * 1.02, heart.x);
  paintCanopy(stage, 1, 5);
  fill(
    canvas,
    grass(chance, width, height * 0.72, height * 1.03, unit),
    mix(palette.shadow, palette.leaf, 0.22),
  );
  paintSparks(stage, height * 0.35, height * 0.9, scene.shown.has("fairy") ? 60 : 26, palette.lamp);
  return {
    hero: { x: heart.x + chance.between(-0.12, 0.12) * unit, y: height * 0.83, tall: unit * 0.42 },
    second: { x: heart.x + unit * 0.24, y: height * 0.8, tall: unit * 0.34 },
    air: { x: heart.x - unit * 0.05, y: height * 0.32, tall: unit * 0.3 },
  };
}

/** One row of trunks; the nearest stand at the sides and frame the glade. */
function paintTrunks(stage: Stage, near: number, base: number, clear: number): void {
  const { canvas, width, height, unit, chance, palette, sun } = stage;
  const count = Math.round((width / unit) * (near > 0.9 ? 3 : 15 - near * 12));
  const bark = mix(mix(palette.horizon, palette.leaf, 0.4), palette.shadow, 0.3 + near * 0.7);
  const lit = mix(bark, palette.light, 0.42 * (1 - near * 0.45));
  for (let i = 0; i < count; i++) {
    let x = ((i + chance.between(0.05, 0.95)) / count) * width;
    if (near > 0.9)
      x = i % 2 ? width - chance.between(-0.02, 0.13) * width : chance.between(-0.02, 0.13) * width;
    else if (Math.abs(x - clear) < unit * (0.06 + near * 0.2)) continue;
    const r = unit * (0.006 + 0.042 * near ** 1.35) * chance.between(0.7, 1.3);
    const outlines = trunk(stage, x, base + unit * 0.02 * chance.next(), r, height);
    const toSun = Math.sign(sun.x - x || 1);
    const seed = chance.between(0, 1);
    fill(canvas, path(...outlines), (px, py, out) => {
      const u = clamp01(((px - x) / r) * toSun * 0.5 + 0.5);
      const n = near < 0.4 ? 0 : fbm(seed + px / unit / 0.7, seed + py / unit / 4.5) - 0.5;
      const light = clamp01(smoothstep(0.55, 1.05, u) * 0.85 + n * 0.55 * near);
      for (let k = 0; k < 3; k++)
        out[k] = (bark[k] as number) * (1 + n * 0.5) + ((lit[k] as number) - (bark[k] as number)) * light;
    });
  }
}

function trunk({ chance, unit }: Stage, x: number, base: number, r: number, height: number): Outline[] {
  const sway = chance.between(-0.06, 0.06) * unit;
  const outlines = stroke([
    [x - r * 0.2, base + r, r * 1.7],
    [x, base - r * 3.4, r * 1.05],
    [x + sway * 0.5, base - height * 0.35, r * 0.9],
    [x + sway, base - height * 0.75, r * 0.72],
    [x + sway * 1.4, -r * 2, r * 0.6],
  ]);
  for (let i = 0; i < 5; i++) {
    const y = base - height * chance.between(0.3, 0.75);
    const side = chance.whether(0.5) ? 1 : -1;
    const length = unit * chance.between(0.05, 0.16) * (0.5 + r / unit / 0.03);
    outlines.push(
      limb(x + sway * 0.6, y, r * 0.3, x + side * length, y - length * chance.between(0.3, 0.9), r * 0.06),
    );
  }
  return outlines;
}

/** Leaves overhead: dark masses with ragged lower edges. */
function paintCanopy(stage: Stage, near: number, index: number): void {
  const { canvas, width, height, unit, chance, palette } = stage;
  const seed = chance.between(1, 90);
  const color = mix(mix(palette.horizon, palette.leaf, 0.75), palette.shadow, 0.22 + near * 0.72);
  const low = height * (0.34 - near * 0.16);
  const edges = Float32Array.from({ length: width }, (_, x) => {
    const side = Math.abs(x / width - 0.5) * 2;
    return low * (0.45 + 0.75 * side ** 1.5) + unit * 0.09 * ridge(x / unit / 0.42, seed, 4, 0.5);
  });
  wash(
    canvas,
    (x, y, out) => {
      const above = ((edges[x] as number) - y) / unit;
      if (above < -0.19) return;
      const n = fbm(x / unit / 0.8 + index * 0.37, y / unit / 0.8 + seed);
      const cover = smoothstep(-0.02, 0.05, above + (n - 0.52) * 0.34);
      if (cover <= 0) return;
      const light = 0.75 + (n - 0.5) * 1.4;
      for (let k = 0; k < 3; k++) {
        const c = (color[k] as number) * light;
        out[k] = (out[k] as number) + (c - (out[k] as number)) * cover * 0.94;
      }
    },
    0,
    low * 1.4 + unit * 0.25,
  );
}
