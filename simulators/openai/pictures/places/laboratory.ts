import { fill, glow, wash } from "../easel/canvas.ts";
import { clamp01, mix, oklch, type Rgb, smoothstep } from "../easel/color.ts";
import { fbm } from "../easel/noise.ts";
import { ellipse, limb, type Outline, path } from "../easel/path.ts";
import { paintFigure } from "../figures/paint-figure.ts";
import { lying } from "../figures/people.ts";
import type { Scene, Spots } from "../scene.ts";
import { paintBolt, paintSparks } from "../sky/paint-weather.ts";
import { mist, type Stage } from "../stage.ts";
import { paintCoil, paintShelf, paintTable, paintWheels } from "./apparatus.ts";

/** A vault with a round window, wheels, coils with sparks, flasks, and a table with a sheet. */
export function paintLaboratory(stage: Stage, scene: Scene): Spots {
  const { canvas, width, height, unit, palette, sun } = stage;
  const floor = height * 0.8;
  const middle = width * 0.5 + stage.chance.between(-0.1, 0.1) * Math.max(0, width - unit * 0.9);
  const arc: Rgb = mix(oklch(0.9, 0.09, 205), palette.light, 0.35);
  const round = { x: middle + unit * 0.02, y: height * 0.3, r: unit * 0.21 };
  sun.x = round.x;
  sun.y = round.y;
  paintVault(stage, round, floor);
  paintRose(stage, round);
  paintWheels(stage, middle, floor);
  const aside = Math.min(unit * 0.5, width * 0.36);
  const coils = [middle - aside, middle + aside].map((x) => paintCoil(stage, x, floor + unit * 0.05, arc));
  paintShelf(stage, floor, arc);
  const table = paintTable(stage, middle + unit * 0.1, floor + unit * 0.045);
  paintFigure(
    stage,
    lying(),
    { x: table.x, y: table.y, scale: unit * 0.46 },
    {
      color: mix(palette.near, palette.leaf, 0.3),
      light: { x: table.x, y: table.y - unit * 0.4, color: arc, strength: 1 },
    },
  );
  const alive = scene.shown.has("engine") || scene.shown.has("lightning") || scene.shown.has("life");
  const [left, right] = coils as [[number, number], [number, number]];
  const body: [number, number] = [table.x - unit * 0.02, table.y - unit * 0.05];
  paintBolt(stage, left, alive ? body : [round.x - unit * 0.05, round.y + unit * 0.1], {
    color: arc,
    wild: 0.8,
  });
  if (alive) {
    paintBolt(stage, right, body, { color: arc, wild: 0.9 });
    paintBolt(stage, left, right, { color: arc, wild: 0.7, branches: 5 });
    glow(canvas, body[0], body[1], unit * 0.42, arc, 0.55);
  }
  mist(stage, floor - unit * 0.06, height, mix(palette.mist, arc, 0.25), 0.3);
  paintSparks(stage, height * 0.3, height * 0.85, alive ? 44 : 14, alive ? arc : palette.lamp);
  sun.x = body[0];
  sun.y = body[1] - unit * 0.1;
  return {
    hero: { x: table.x - unit * 0.33, y: height * 0.9, tall: unit * 0.56 },
    second: { x: table.x + unit * 0.36, y: height * 0.9, tall: unit * 0.5 },
    air: { x: middle, y: height * 0.34, tall: unit * 0.3 },
  };
}

function paintVault(stage: Stage, round: { x: number; y: number; r: number }, floor: number): void {
  const { canvas, unit, palette, chance } = stage;
  const seed = chance.between(0, 1);
  const stone = mix(palette.near, palette.shadow, 0.25);
  wash(canvas, (x, y, out) => {
    const d = Math.hypot(x - round.x, y - round.y) / unit;
    const row = Math.floor(y / (unit * 0.045));
    const along = x / (unit * 0.1) + (row & 1) * 0.5;
    const joint = Math.min(
      smoothstep(0, 0.08, along - Math.floor(along)),
      smoothstep(0, 0.12, y / (unit * 0.045) - row),
    );
    const n = fbm(seed + Math.floor(along) * 0.31 + x / unit / 1.5, seed + row * 0.17 + y / unit / 1.5) - 0.5;
    const rib = Math.abs(d - 0.46) < 0.022 || Math.abs(d - 0.72) < 0.03 ? 1.35 : 1;
    const lit = Math.exp(-d * 2.7) * 0.5;
    const below = y > floor ? 0.62 : 1;
    for (let k = 0; k < 3; k++) {
      out[k] =
        (stone[k] as number) * (0.72 + n * 0.7) * (0.78 + 0.22 * joint) * rib * below +
        lit * (palette.mist[k] as number) * 0.6;
    }
  });
}

/** The round window and the moonlit night in it. */
function paintRose(stage: Stage, { x, y, r }: { x: number; y: number; r: number }): void {
  const { canvas, unit, palette, chance } = stage;
  const seed = chance.between(0, 1);
  const night = mix(palette.upper, palette.horizon, 0.45);
  fill(canvas, path(ellipse(x, y, r * 1.1)), mix(palette.shadow, palette.near, 0.4));
  fill(canvas, path(ellipse(x, y, r)), (px, py, out) => {
    const cloud = smoothstep(0.4, 0.75, fbm(seed + px / unit / 1.6, seed + py / unit / 0.9));
    const moon = Math.exp(-Math.hypot(px - x - r * 0.3, py - y + r * 0.3) / (r * 0.42));
    for (let k = 0; k < 3; k++) {
      const c = (night[k] as number) * (0.75 + cloud * 0.55);
      out[k] = 1 - (1 - clamp01(c)) * (1 - clamp01(moon * (palette.light[k] as number)));
    }
  });
  const bars: Outline[] = [];
  for (let i = 0; i < 4; i++) {
    const a = (i / 4) * Math.PI;
    bars.push(
      limb(
        x - Math.cos(a) * r,
        y - Math.sin(a) * r,
        unit * 0.004,
        x + Math.cos(a) * r,
        y + Math.sin(a) * r,
        unit * 0.004,
      ),
    );
  }
  fill(canvas, path(...bars), palette.shadow);
  fill(canvas, { outlines: [ellipse(x, y, r * 0.45)], holes: [ellipse(x, y, r * 0.42)] }, palette.shadow);
  glow(canvas, x, y, r * 2.6, palette.horizon, 0.4);
}
