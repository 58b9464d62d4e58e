/** The equipment of a laboratory: wheels, coils, glass and a table. */
import { fill, glow, shine } from "../easel/canvas.ts";
import { clamp01, mix, oklch, type Rgb } from "../easel/color.ts";
import { box, ellipse, limb, path, smooth, stroke } from "../easel/path.ts";
import { paintFigure } from "../figures/paint-figure.ts";
import { gear } from "../figures/things.ts";
import type { Stage } from "../stage.ts";

/** Toothed wheels on either side, and the rod between two of them. */
export function paintWheels(stage: Stage, middle: number, floor: number): void {
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

/** A coil on a stand with a ball on top. Returns the ball's position. */
export function paintCoil(stage: Stage, x: number, floor: number, arc: Rgb): [number, number] {
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
export function paintShelf(stage: Stage, floor: number, arc: Rgb): void {
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

/** A stone table with a sheet over it. Returns the position of its top. */
export function paintTable(stage: Stage, x: number, floor: number): { x: number; y: number } {
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
