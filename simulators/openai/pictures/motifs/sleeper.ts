import { glow } from "../easel/canvas.ts";
import { mix } from "../easel/color.ts";
import { ellipse, path } from "../easel/path.ts";
import { paintFigure } from "../figures/paint-figure.ts";
import { sleeping } from "../figures/people.ts";
import type { Spot } from "../scene.ts";
import type { Stage } from "../stage.ts";
import { paintShadow } from "./person.ts";

/** A person who sleeps on the ground, the head on a pillow. */
export function paintSleeper(stage: Stage, { x: wanted, y, tall: person }: Spot): void {
  const { palette, unit, width } = stage;
  const tall = person * 1.15;
  const room = Math.min(width / 2, width * 0.1 + tall * 0.55);
  const spot = { x: Math.min(Math.max(wanted, room), width - room), y, tall: person };
  const head = { x: spot.x - tall * 0.43, y: spot.y - tall * 0.03 };
  paintFigure(
    stage,
    path(ellipse(0, 0, 1, 0.5)),
    { x: head.x, y: head.y, scale: tall * 0.1 },
    { color: mix(palette.far, palette.near, 0.5) },
  );
  paintShadow(stage, { ...spot, tall: tall * 1.6 });
  paintFigure(
    stage,
    sleeping(),
    { x: spot.x, y: spot.y, scale: tall },
    { color: mix(palette.shadow, palette.accent, 0.25) },
  );
  glow(stage.canvas, head.x, head.y - tall * 0.1, unit * 0.1, palette.light, 0.2);
}
