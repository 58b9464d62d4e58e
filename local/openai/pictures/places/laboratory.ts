import { fill, glow, shine, wash } from "../easel/canvas.ts";
import { clamp01, mix, oklch, type Rgb, smoothstep } from "../easel/color.ts";
import { fbm } from "../easel/noise.ts";
import { box, ellipse, limb, type Outline, path, smooth, stroke } from "../easel/path.ts";
import { paintFigure } from "../figures/paint-figure.ts";
import { lying } from "../figures/people.ts";
import { gear } from "../figures/things.ts";
import type { Scene, Spots } from "../scene.ts";
import { paintBolt, paintSparks } from "../sky/paint-weather.ts";
import { mist, type Stage } from "../stage.ts";

/** A vault with a round window, wheels, coils that spit light, flasks, and a table with something on it. */
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

function paintWheels(stage: Stage, middle: number, floor: number): void {
  const { canvas, unit, palette, chance } = stage;
  const brass = mix(palette.lamp, palette.shadow, 0.62);
  const wheels = [
    [middle - unit * 0.66, floor - unit * 0.34, 0.2],
    [middle - unit * 0.4, floor - unit * 0.2, 0.11],
    [middle + unit * 0.62, floor - unit * 0.4, 0.22],
    [middle + unit * 0.36, floor - unit * 0.52, 0.1],
    [middle + unit * 0.33, floor - unit * 0.24, 0.08],
  ] as const;
  for (const [x, y, r] of wheels) {
    const shape = gear(Math.round(r * 110), chance.between(0, 1));
    paintFigure(stage, shape, { x, y, scale: unit * r }, { color: brass });
  }
  fill(
    canvas,
    path(
      ...stroke([
        [middle - unit * 0.66, floor - unit * 0.34, unit * 0.006],
        [middle - unit * 0.4, floor - unit * 0.2, unit * 0.006],
      ]),
    ),
    palette.shadow,
  );
}

/** A coil on a stand with a ball on top. Gives the ball's place. */
function paintCoil(stage: Stage, x: number, floor: number, arc: Rgb): [number, number] {
  const { canvas, unit, palette } = stage;
  const top = floor - unit * 0.52;
  const copper = mix(palette.lamp, palette.shadow, 0.45);
  fill(
    canvas,
    path(
      box(x - unit * 0.075, floor - unit * 0.07, unit * 0.15, unit * 0.07),
      limb(x, floor - unit * 0.07, unit * 0.01, x, top, unit * 0.008),
    ),
    mix(palette.shadow, palette.near, 0.3),
  );
  for (let i = 0; i < 15; i++) {
    const y = floor - unit * 0.1 - i * unit * 0.022;
    const r = unit * (0.058 - i * 0.0016);
    fill(canvas, path(ellipse(x, y, r, unit * 0.0095)), (px, _py, out) => {
      const u = (px - x) / r;
      const light = 0.45 + 0.75 * Math.exp(-((u + 0.35) ** 2) * 6);
      for (let k = 0; k < 3; k++) out[k] = (copper[k] as number) * light;
    });
  }
  const ball: [number, number] = [x, top];
  paintFigure(
    stage,
    path(ellipse(0, 0, 1)),
    { x, y: top, scale: unit * 0.048 },
    {
      color: mix(palette.near, arc, 0.3),
      light: { x: x - unit * 0.2, y: top - unit * 0.3, color: arc, strength: 1.2 },
    },
  );
  glow(canvas, x, top, unit * 0.24, arc, 0.6);
  return ball;
}

/** Glass on a bench along the back wall, each with something alight in it. */
function paintShelf(stage: Stage, floor: number, arc: Rgb): void {
  const { canvas, width, unit, palette, chance } = stage;
  const y = floor - unit * 0.1;
  const inks: Rgb[] = [oklch(0.75, 0.17, 150), palette.accent, arc, oklch(0.7, 0.16, 320)];
  fill(
    canvas,
    path(
      box(width * 0.5 - unit * 0.36, y, unit * 0.72, unit * 0.02),
      box(width * 0.5 - unit * 0.33, y, unit * 0.02, unit * 0.16),
      box(width * 0.5 + unit * 0.31, y, unit * 0.02, unit * 0.16),
    ),
    mix(palette.shadow, palette.ground, 0.35),
  );
  for (let i = 0; i < 8; i++) {
    const x = width * 0.5 - unit * 0.31 + i * unit * 0.088 + chance.between(-0.01, 0.01) * unit;
    const s = unit * chance.between(0.026, 0.045);
    const ink = inks[chance.whole(0, 3)] as Rgb;
    const flask = chance.whether(0.5)
      ? smooth([
          [x - s * 0.22, y - s * 2.3],
          [x + s * 0.22, y - s * 2.3],
          [x + s * 0.24, y - s * 1.5],
          [x + s * 0.85, y - s * 0.5],
          [x + s * 0.6, y],
          [x - s * 0.6, y],
          [x - s * 0.85, y - s * 0.5],
          [x - s * 0.24, y - s * 1.5],
        ])
      : box(x - s * 0.35, y - s * 2.4, s * 0.7, s * 2.4);
    fill(canvas, path(flask), mix(palette.mist, palette.near, 0.4), 0.55);
    const level = y - s * chance.between(0.7, 1.6);
    fill(canvas, path(flask), (_px, py, out) => {
      if (py < level) return;
      const t = clamp01((py - level) / s);
      for (let k = 0; k < 3; k++) out[k] = (ink[k] as number) * (0.95 - t * 0.25);
    });
    glow(canvas, x, y - s * 0.6, s * 3.6, ink, 0.5);
  }
}

function paintTable(stage: Stage, x: number, floor: number): { x: number; y: number } {
  const { canvas, unit, palette } = stage;
  const y = floor - unit * 0.12;
  const slab = mix(palette.far, palette.near, 0.5);
  fill(canvas, path(ellipse(x, floor + unit * 0.06, unit * 0.36, unit * 0.03)), palette.shadow, 0.6);
  fill(
    canvas,
    path(
      box(x - unit * 0.22, y, unit * 0.07, unit * 0.17),
      box(x + unit * 0.15, y, unit * 0.07, unit * 0.17),
    ),
    mix(slab, palette.shadow, 0.6),
  );
  fill(canvas, path(box(x - unit * 0.29, y, unit * 0.58, unit * 0.034)), slab);
  shine(canvas, path(box(x - unit * 0.29, y, unit * 0.58, unit * 0.006)), palette.light, 0.5);
  const cloth = smooth([
    [x - unit * 0.1, y + unit * 0.002],
    [x + unit * 0.24, y],
    [x + unit * 0.25, y + unit * 0.07],
    [x + unit * 0.2, y + unit * 0.12],
    [x + unit * 0.1, y + unit * 0.06],
    [x, y + unit * 0.11],
    [x - unit * 0.08, y + unit * 0.05],
  ]);
  fill(canvas, path(cloth), mix(palette.light, palette.near, 0.5));
  return { x, y };
}
