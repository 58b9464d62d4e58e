/** A lantern, and the one who carries it. */
import { dyed } from "../dye.ts";
import { glow } from "../easel/canvas.ts";
import { mix } from "../easel/color.ts";
import { limb, path } from "../easel/path.ts";
import { paintFigure } from "../figures/paint-figure.ts";
import { grandmother, lanternHand } from "../figures/people.ts";
import { clothOf } from "../figures/tint.ts";
import type { Scene, Spot } from "../scene.ts";
import type { Stage } from "../stage.ts";
import { person } from "./person.ts";

/** The grandmother, with a lantern if the prompt has one. */
export function paintLanternBearer(stage: Stage, scene: Scene, spot: Spot, flip: boolean): void {
  const lit = scene.shown.has("lantern");
  const known = scene.people.get("grandmother");
  const colour = scene.attributes.get("lantern")?.colour;
  const lantern = dyed(stage, colour);
  const { palette } = lantern;
  const side = flip ? -1 : 1;
  const x = spot.x + side * lanternHand[0] * spot.tall;
  const y = spot.y + lanternHand[1] * spot.tall + spot.tall * 0.13;
  const light = lit ? { x, y, color: palette.lamp, strength: 1.3 } : undefined;
  if (lit) glow(stage.canvas, x, y, spot.tall * 1.5, palette.lamp, 0.55);
  person(stage, grandmother(), spot, flip, {
    color: known?.coat
      ? clothOf(known.coat, stage.palette)
      : mix(stage.palette.shadow, stage.palette.accent, 0.12),
    face: known?.face,
    ...(light && { light }),
  });
  if (lit) paintLantern(lantern, x, y, spot.tall, colour !== undefined);
}

/**
 * A lit lantern that hangs at (x, y), for a person this tall; its light is white unless it has a colour of
 * its own.
 */
export function paintLantern(stage: Stage, x: number, y: number, tall: number, isColoured: boolean): void {
  const { canvas, palette } = stage;
  const s = tall * 0.05;
  glow(canvas, x, y, tall * 0.55, palette.lamp, 0.75);
  paintFigure(
    stage,
    path(
      limb(0, -2.4, 0.12, 0, -1.2, 0.12),
      [-0.9, -1.1, 0.9, -1.1, 0.65, -1.5, -0.65, -1.5],
      [-0.8, 1.2, 0.8, 1.2, 0.9, 0.95, -0.9, 0.95],
      limb(-0.75, -1.1, 0.1, -0.8, 1, 0.1),
      limb(0.75, -1.1, 0.1, 0.8, 1, 0.1),
    ),
    { x, y, scale: s },
    isColoured ? { color: palette.near } : {},
  );
  glow(canvas, x, y, s * 1.9, mix(palette.lamp, [1, 1, 1], isColoured ? 0.1 : 0.65), 1.2);
}
