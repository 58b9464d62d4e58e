/** Figures that are no one's reference sheet: a fool, a ghost, a crowd. */
import { glow } from "../easel/canvas.ts";
import { mix, type Rgb } from "../easel/color.ts";
import { paintFigure } from "../figures/paint-figure.ts";
import { standing, walking } from "../figures/people.ts";
import { fool, robed } from "../figures/strangers.ts";
import type { Spot } from "../scene.ts";
import type { Stage } from "../stage.ts";
import { person } from "./person.ts";

/** A fool in a coat of two colours. */
export function paintFool(stage: Stage, spot: Spot, flip: boolean): void {
  const { palette } = stage;
  const [a, b]: [Rgb, Rgb] = [
    mix(palette.accent, palette.shadow, 0.42),
    mix(palette.leaf, palette.shadow, 0.5),
  ];
  const face = mix(palette.light, palette.near, 0.35);
  const pattern = (u: number, v: number): Rgb => {
    if (v > 0.155 && v < 0.25 && Math.abs(u - 0.485) < 0.1) return face;
    // Hose of two colours, the coat in lozenges.
    if (v > 0.62) return u < 0.5 ? a : b;
    const lozenge = (Math.floor(u * 9 + v * 11) + Math.floor(u * 9 - v * 11 + 40)) & 1;
    return lozenge ? a : b;
  };
  person(stage, fool(), spot, flip, { color: a, pattern });
}

/** A pale robe in its own light. */
export function paintGhost(stage: Stage, spot: Spot): void {
  const { canvas, palette } = stage;
  glow(canvas, spot.x, spot.y - spot.tall * 0.55, spot.tall * 0.9, palette.light, 0.4);
  paintFigure(
    stage,
    robed(),
    { x: spot.x, y: spot.y, scale: spot.tall },
    {
      color: mix(palette.light, palette.upper, 0.45),
      far: 0.25,
      pattern: (_u, v, color) => mix(color, palette.mist, v),
    },
  );
}

/** Eleven people, farther away than the hero. */
export function paintCrowd(stage: Stage, { x, y, tall }: Spot): void {
  const { chance, width } = stage;
  for (let i = 0; i < 11; i++) {
    const spot = {
      x: width * (0.5 + chance.between(-0.4, 0.4)) * 0.9 + x * 0.1,
      y: y - tall * chance.between(0, 0.12),
      tall: tall * chance.between(0.6, 0.75),
    };
    const shape = chance.whether(0.5) ? standing() : walking();
    paintFigure(
      stage,
      shape,
      { x: spot.x, y: spot.y, scale: spot.tall, flip: chance.whether(0.5) },
      { far: 0.3 },
    );
  }
}
