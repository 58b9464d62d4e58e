/** A person on the ground or in the air, with the face that belongs to it. */
import type { Placing } from "../easel/path.ts";
import type { Person } from "../figures/body.ts";
import { paintFace } from "../figures/paint-face.ts";
import { paintFigure } from "../figures/paint-figure.ts";
import type { Spot } from "../scene.ts";
import type { Stage } from "../stage.ts";
import type { Dress } from "./dress.ts";

/** Paints a person who stands, with its shadow. */
export function person(
  stage: Stage,
  shape: Person,
  { x, y, tall }: Spot,
  flip: boolean,
  dress: Dress = {},
): void {
  paintShadow(stage, { x, y, tall });
  paintPerson(stage, shape, { x, y, scale: tall, flip }, dress);
}

/** Paints a person anywhere. */
export function paintPerson(stage: Stage, shape: Person, placing: Placing, { face, ...look }: Dress): void {
  paintFigure(stage, shape, placing, look);
  if (face && shape.head) paintFace(stage, face, shape.head, placing);
}

/** A shadow where feet touch the ground. */
export function paintShadow({ canvas, palette }: Stage, { x, y, tall }: Spot): void {
  const { rgb, width, height } = canvas;
  const [rx, ry] = [tall * 0.3, tall * 0.04];
  for (let py = Math.max(0, Math.floor(y - ry)); py < Math.min(height, y + ry); py++) {
    for (let px = Math.max(0, Math.floor(x - rx)); px < Math.min(width, x + rx); px++) {
      const d = ((px - x) / rx) ** 2 + ((py - y) / ry) ** 2;
      if (d >= 1) continue;
      const dark = 0.55 * (1 - d) ** 1.5;
      const at = (py * width + px) * 3;
      for (let k = 0; k < 3; k++)
        rgb[at + k] = (rgb[at + k] as number) * (1 - dark) + (palette.shadow[k] as number) * dark;
    }
  }
}
