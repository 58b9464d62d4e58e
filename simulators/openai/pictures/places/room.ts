import { fill, glow, shine } from "../easel/canvas.ts";
import { clamp01, mix, type Rgb, smoothstep } from "../easel/color.ts";
import { fbm, swell } from "../easel/noise.ts";
import { box, limb, type Outline, path } from "../easel/path.ts";
import { paintRange } from "../land/paint-mountains.ts";
import type { Scene, Spots } from "../scene.ts";
import { paintSparks } from "../sky/paint-weather.ts";
import { mist, type Stage } from "../stage.ts";
import { paintBed, paintCandle } from "./bed.ts";
import { paintOpenSky } from "./open-sky.ts";

/** A bedroom: a tall window at night, its light on the floor, a bed, a candle. */
export function paintRoom(stage: Stage, scene: Scene): Spots {
  const { width, height, unit, chance, palette, sun } = stage;
  const tall = height > width * 1.2;
  const view = tall
    ? { x: width * 0.5 - unit * 0.26, y: height * 0.1, w: unit * 0.52, h: unit * 0.72 }
    : { x: width * 0.5 - unit * 0.4, y: height * 0.13, w: unit * 0.5, h: unit * 0.5 };
  sun.x = view.x + view.w * chance.between(0.55, 0.75);
  sun.y = view.y + view.h * 0.3;
  stage.horizon = view.y + view.h * 0.86;
  paintOpenSky(stage, scene, false);
  paintRange(stage, {
    base: stage.horizon + unit * 0.1,
    foot: height,
    rise: unit * 0.14,
    near: 0.2,
    rough: 0.5,
  });
  mist(stage, stage.horizon - unit * 0.1, view.y + view.h, palette.mist, 0.5);
  const floor = height * 0.7;
  paintWalls(stage, view, floor);
  paintMoonlight(stage, view, floor);
  paintCurtains(stage, view);
  const bed = paintBed(
    stage,
    width * 0.5 + unit * (tall ? -0.2 : 0.03),
    floor,
    scene.shown.has("sleeping") || scene.shown.has("bed"),
  );
  paintCandle(stage, width * 0.5 - unit * (tall ? 0.36 : 0.53), floor + unit * 0.005);
  paintSparks(stage, height * 0.2, height * 0.75, 12, palette.light);
  return {
    hero: { x: view.x + view.w * 0.42, y: height * 0.8, tall: unit * 0.44 },
    second: { x: bed.x, y: bed.y, tall: unit * 0.42 },
    air: { x: width * 0.5 + unit * 0.32, y: height * 0.3, tall: unit * 0.28 },
  };
}

interface View {
  x: number;
  y: number;
  w: number;
  h: number;
}

function pane({ x, y, w, h }: View, grow: number): Outline {
  const outline: Outline = [x + w + grow, y + h + grow, x - grow, y + h + grow, x - grow, y + h * 0.32];
  for (let i = 0; i <= 20; i++) {
    const a = Math.PI + (i / 20) * Math.PI;
    outline.push(x + w / 2 + Math.cos(a) * (w / 2 + grow), y + h * 0.32 + Math.sin(a) * (h * 0.32 + grow));
  }
  return outline;
}

function paintWalls(stage: Stage, view: View, floor: number): void {
  const { canvas, width, height, unit, palette, chance } = stage;
  const seed = chance.between(0, 1);
  const wall = mix(palette.near, palette.upper, 0.18);
  const board: Rgb = mix(palette.ground, palette.shadow, 0.35);
  const middle = { x: view.x + view.w / 2, y: view.y + view.h * 0.6 };
  const room = { outlines: [box(0, 0, width, height)], holes: [pane(view, 0)] };
  fill(canvas, room, (x, y, out) => {
    const d = Math.hypot(x - middle.x, (y - middle.y) * 0.9) / unit;
    const lit = Math.exp(-d * 2.1) * 0.5;
    if (y < floor) {
      const stripe = Math.sin((x / unit) * 70) * 0.018 + (fbm(seed + x / unit, seed + y / unit) - 0.5) * 0.12;
      const panel = y > floor - unit * 0.13 ? 0.82 : 1;
      const foot = Math.abs(y - floor + unit * 0.13) < unit * 0.004 ? 1.35 : 1;
      for (let k = 0; k < 3; k++) {
        out[k] =
          (wall[k] as number) * (0.85 + stripe) * panel * foot + lit * (palette.light[k] as number) * 0.34;
      }
      return;
    }
    const depth = (unit * 0.3) / (y - floor + unit * 0.06);
    const u = ((x - width / 2) * depth) / unit;
    const plank = u * 5.2;
    const seam = smoothstep(0, 0.05, plank - Math.floor(plank));
    const n = fbm(seed + Math.floor(plank) * 0.37 + u * 0.08, seed + depth * 0.3) - 0.5;
    for (let k = 0; k < 3; k++) {
      out[k] =
        (board[k] as number) * (0.72 + n * 0.6) * (0.6 + 0.4 * seam) +
        lit * (palette.light[k] as number) * 0.16;
    }
  });
  const frame = mix(palette.shadow, palette.near, 0.35);
  fill(canvas, { outlines: [pane(view, unit * 0.016)], holes: [pane(view, 0)] }, frame);
  const bars = [box(view.x + view.w / 2 - unit * 0.005, view.y, unit * 0.01, view.h)];
  for (const t of [0.36, 0.68]) bars.push(box(view.x, view.y + view.h * t, view.w, unit * 0.008));
  for (const t of [0.25, 0.75])
    bars.push(box(view.x + view.w * t - unit * 0.0028, view.y + view.h * 0.05, unit * 0.0056, view.h * 0.95));
  fill(canvas, path(...bars), frame);
  fill(
    canvas,
    path(box(view.x - unit * 0.04, view.y + view.h, view.w + unit * 0.08, unit * 0.022)),
    mix(frame, palette.light, 0.2),
  );
}

/** The window's light on the floor, with the shadow of its bars. */
function paintMoonlight(stage: Stage, view: View, floor: number): void {
  const { canvas, unit, palette, height } = stage;
  const cells: Outline[] = [];
  const skew = -0.42;
  for (let i = 0; i < 4; i++) {
    for (let j = 0; j < 3; j++) {
      const at = (u: number, v: number): [number, number] => {
        const y = floor + (height - floor) * (0.16 + v * 0.72);
        const spread = 1 + v * 0.5;
        return [view.x + view.w / 2 + (u - 0.5) * view.w * spread + skew * (y - floor), y];
      };
      const [u0, u1, v0, v1] = [i / 4 + 0.018, (i + 1) / 4 - 0.018, j / 3 + 0.025, (j + 1) / 3 - 0.025];
      cells.push([...at(u0, v0), ...at(u1, v0), ...at(u1, v1), ...at(u0, v1)]);
    }
  }
  shine(canvas, path(...cells), palette.light, 0.34);
  glow(canvas, view.x + view.w * 0.3, floor + unit * 0.16, unit * 0.4, palette.light, 0.22, 0.45);
  const beam = path([
    view.x,
    view.y + view.h * 0.2,
    view.x + view.w,
    view.y + view.h * 0.2,
    view.x + view.w * 0.95,
    height * 0.95,
    view.x - view.w * 0.45,
    height * 0.95,
  ]);
  shine(
    canvas,
    beam,
    palette.light,
    (_x, y) =>
      0.12 * (1 - clamp01((y - view.y) / (height * 0.85))) * smoothstep(0.2, 0.75, (y - view.y) / view.h),
  );
}

function paintCurtains(stage: Stage, view: View): void {
  const { canvas, unit, palette, height } = stage;
  const cloth = mix(palette.accent, palette.shadow, 0.55);
  const lit = mix(cloth, palette.light, 0.45);
  for (const side of [-1, 1]) {
    const x = side < 0 ? view.x - unit * 0.1 : view.x + view.w + unit * 0.1;
    const inner = side < 0 ? view.x + unit * 0.06 : view.x + view.w - unit * 0.06;
    const top = view.y - unit * 0.05;
    const outline: Outline = [x, top, inner, top, inner - side * -unit * 0.0, view.y + view.h * 0.4];
    outline.push(
      inner + side * unit * 0.075,
      view.y + view.h * 0.75,
      inner + side * unit * 0.04,
      height * 0.72,
      x,
      height * 0.725,
    );
    fill(canvas, path(outline), (px, py, out) => {
      const fold = Math.sin((px / unit) * 95 + swell(px / unit, py / unit / 3) * 9) * 0.5 + 0.5;
      const light = clamp01(fold * 0.55 + 0.35 * Math.exp(-Math.abs(px - inner) / (unit * 0.035)));
      for (let k = 0; k < 3; k++) {
        out[k] =
          (cloth[k] as number) * (0.5 + fold * 0.4) +
          ((lit[k] as number) - (cloth[k] as number)) * light * 0.75;
      }
    });
  }
  fill(
    canvas,
    path(
      limb(
        view.x - unit * 0.13,
        view.y - unit * 0.055,
        unit * 0.007,
        view.x + view.w + unit * 0.13,
        view.y - unit * 0.055,
        unit * 0.007,
      ),
    ),
    mix(palette.lamp, palette.shadow, 0.5),
  );
}
