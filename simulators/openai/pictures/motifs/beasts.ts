import { glow } from "../easel/canvas.ts";
import { mix, type Rgb } from "../easel/color.ts";
import type { Path } from "../easel/path.ts";
import {
  bird,
  butterfly,
  cat,
  deer,
  donkey,
  elephant,
  fish,
  horse,
  whale,
  wolf,
} from "../figures/animals.ts";
import { paintFigure } from "../figures/paint-figure.ts";
import type { Scene, Spots } from "../scene.ts";
import type { Stage } from "../stage.ts";

/** Paints animals on the ground beside the dreamer, and whales and fish in water or in the air. */
export function paintBeasts(stage: Stage, { shown, place }: Scene, { second, air }: Spots): void {
  const { unit, width, height, chance, palette, sun } = stage;
  const walkers: [string, () => Path, number][] = [
    ["horse", horse, 0.62],
    ["deer", deer, 0.55],
    ["wolf", wolf, 0.42],
    ["elephant", elephant, 1],
    ["cat", cat, 0.26],
    ["donkey", donkey, 0.58],
  ];
  for (const [name, shape, tall] of walkers) {
    if (!shown.has(name)) continue;
    paintFigure(stage, shape(), {
      x: second.x,
      y: second.y,
      scale: second.tall * tall,
      flip: second.x > width / 2,
    });
  }
  if (shown.has("whale")) {
    glow(stage.canvas, air.x, air.y, air.tall * 1.6, palette.light, 0.22);
    const own = mix(palette.near, palette.upper, 0.35);
    paintFigure(
      stage,
      whale(),
      { x: shown.has("lighthouse") ? width * 0.36 : air.x, y: air.y, scale: air.tall * 0.85, turn: -0.12 },
      {
        color: own,
        pattern: (_u, v, color): Rgb => (v > 0.62 ? mix(color, palette.horizon, 0.5) : color),
      },
    );
  }
  if (shown.has("fish") && place !== "underwater") {
    for (let i = 0; i < 14; i++) {
      const scale = unit * chance.between(0.012, 0.045);
      paintFigure(
        stage,
        fish(),
        {
          x: air.x + chance.between(-0.4, 0.4) * unit,
          y: air.y + chance.between(-0.16, 0.16) * unit,
          scale,
          turn: chance.between(-0.25, 0.25),
        },
        { color: mix(palette.accent, palette.near, 0.4) },
      );
    }
  }
  if (shown.has("butterfly")) {
    for (let i = 0; i < 12; i++) {
      const x = width * chance.between(0.15, 0.85);
      const y = height * chance.between(0.25, 0.75);
      const scale = unit * chance.between(0.012, 0.034);
      glow(stage.canvas, x, y, scale * 3, palette.accent, 0.35);
      paintFigure(
        stage,
        butterfly(),
        { x, y, scale, turn: chance.between(-0.8, 0.8) },
        { color: mix(palette.accent, palette.light, 0.25) },
      );
    }
  }
  if (shown.has("bird") && place !== "underwater") {
    const flock = { x: width * chance.between(0.3, 0.65), y: height * chance.between(0.2, 0.34) };
    for (let i = 0; i < 17; i++) {
      const off = i - 8;
      const x = flock.x + off * unit * 0.036 + chance.between(-0.02, 0.02) * unit;
      const y = flock.y + Math.abs(off) * unit * 0.016 + chance.between(-0.02, 0.02) * unit;
      const scale = unit * chance.between(0.02, 0.042);
      paintFigure(stage, bird(chance.between(-0.5, 1)), { x, y, scale, flip: sun.x < x }, { far: 0.15 });
    }
  }
}
