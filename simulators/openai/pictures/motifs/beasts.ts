import { glow } from "../easel/canvas.ts";
import { mix, type Rgb } from "../easel/color.ts";
import { bird, butterfly, fish, whale } from "../figures/animals.ts";
import { paintFigure } from "../figures/paint-figure.ts";
import { tintOf } from "../figures/tint.ts";
import type { Scene, Spots } from "../scene.ts";
import type { Stage } from "../stage.ts";
import { paintWalkers } from "./walkers.ts";

/** Paints animals on the ground, and whales, fish, butterflies and birds in water or in the air. */
export function paintBeasts(stage: Stage, scene: Scene, spots: Spots): void {
  const { shown, place, attributes } = scene;
  const { air } = spots;
  const { unit, width, height, chance, palette, sun } = stage;
  const dyed = (name: string): { color: Rgb } | null => {
    const colour = attributes.get(name)?.colour;
    return colour ? { color: tintOf(colour, palette) } : null;
  };
  const countOf = (name: string, many: number) => attributes.get(name)?.count ?? many;
  paintWalkers(stage, scene, spots);
  if (shown.has("whale")) {
    stage.motif = "whale";
    glow(stage.canvas, air.x, air.y, air.tall * 1.6, palette.light, 0.22);
    const own = dyed("whale")?.color ?? mix(palette.near, palette.upper, 0.35);
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
  if (shown.has("fish")) {
    stage.motif = "fish";
    const count = countOf("fish", 14);
    const isFew = count <= 7;
    for (let i = 0; i < count; i++) {
      const scale = unit * (isFew ? chance.between(0.05, 0.07) : chance.between(0.02, 0.045));
      const across = isFew ? ((i + 0.5) / count - 0.5) * 0.9 : chance.between(-0.4, 0.4);
      const x = air.x + across * unit;
      const y = air.y + (isFew ? (i % 2 ? 0.07 : -0.04) : chance.between(-0.16, 0.16)) * unit;
      const look = dyed("fish") ?? { color: mix(palette.accent, palette.near, 0.4) };
      paintFigure(stage, fish(), { x, y, scale, turn: chance.between(-0.25, 0.25) }, look);
    }
  }
  if (shown.has("butterfly")) {
    stage.motif = "butterfly";
    const count = countOf("butterfly", 12);
    const size = count <= 7 ? 2.2 : 1;
    for (let i = 0; i < count; i++) {
      const x = width * (count <= 7 ? 0.2 + (0.6 * (i + 0.5)) / count : chance.between(0.15, 0.85));
      const y = height * chance.between(0.25, count <= 7 ? 0.5 : 0.75);
      const scale = unit * chance.between(0.012, 0.034) * size;
      glow(stage.canvas, x, y, scale * 3, palette.accent, 0.35);
      paintFigure(
        stage,
        butterfly(),
        { x, y, scale, turn: chance.between(-0.8, 0.8) },
        dyed("butterfly") ?? { color: mix(palette.accent, palette.light, 0.25) },
      );
    }
  }
  if (shown.has("bird") && place !== "underwater") {
    stage.motif = "bird";
    const count = countOf("bird", 17);
    const isFew = count <= 7;
    const flock = { x: width * chance.between(0.3, 0.65), y: height * chance.between(0.2, 0.34) };
    for (let i = 0; i < count; i++) {
      const off = i - (count - 1) / 2;
      const x = flock.x + (off * (isFew ? 0.17 : 0.036) + chance.between(-0.02, 0.02)) * unit;
      const y = flock.y + (Math.abs(off) * 0.016 + chance.between(-0.02, 0.02)) * unit;
      const scale = unit * (isFew ? chance.between(0.07, 0.09) : chance.between(0.02, 0.042));
      paintFigure(
        stage,
        bird(chance.between(-0.5, 1)),
        { x, y, scale, flip: sun.x < x },
        dyed("bird") ?? { far: 0.15 },
      );
    }
  }
}
