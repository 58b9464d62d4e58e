/** Large things in the air: an eye, a hand, an ear, a heart, a clock, wheels, angels. */

import { dyed } from "../dye.ts";
import { fill, glow, shine } from "../easel/canvas.ts";
import { mix, type Rgb } from "../easel/color.ts";
import { ellipse, limb, type Outline, path, place } from "../easel/path.ts";
import { paintFigure } from "../figures/paint-figure.ts";
import { ear, hand, heart } from "../figures/things.ts";
import type { Scene, Spot, Spots } from "../scene.ts";
import type { Stage } from "../stage.ts";
import { paintEye } from "./eye.ts";
import { paintClock, paintPlanet, paintWorldWheels } from "./heavenly-bodies.ts";

/** Paints up to three of the scene's apparitions. */
export function paintApparitions(own: Stage, scene: Scene, { air }: Spots): void {
  const { shown, place: where, attributes } = scene;
  const { unit, width } = own;
  const wanted = (["eye", "ear", "hand", "heart", "clock", "vision"] as const).filter((name) =>
    shown.has(name),
  );
  const several = wanted.length > 1;
  for (const [i, name] of wanted.slice(0, 3).entries()) {
    const stage = dyed(own, attributes.get(name)?.colour);
    const spot: Spot = several
      ? {
          x: width * ((i + 1) / (Math.min(3, wanted.length) + 1)),
          y: air.y + (i % 2 ? unit * 0.06 : 0),
          tall: air.tall * 0.85,
        }
      : air;
    if (name === "eye") paintEye(stage, spot);
    if (name === "vision" && !several) paintVision(stage, spot);
    if (name === "ear")
      paintPale(stage, spot, place(ear(), { x: spot.x, y: spot.y, scale: spot.tall }), true);
    if (name === "hand")
      paintPale(
        stage,
        { ...spot, y: spot.y + spot.tall * 0.3 },
        place(hand(), { x: spot.x, y: spot.y + spot.tall * 0.5, scale: spot.tall * 1.15 }),
        false,
      );
    if (name === "heart") paintHeart(stage, spot);
    if (name === "clock") paintClock(stage, spot, attributes.get(name)?.lacksPart !== true);
  }
  if (shown.has("engine") && where !== "laboratory")
    paintWorldWheels(dyed(own, attributes.get("engine")?.colour), air);
  if (where === "cosmos" && wanted.length === 0 && !shown.has("engine")) paintPlanet(own, air);
}

/** A translucent body of light, brighter toward its edge. */
function paintPale(
  stage: Stage,
  { x, y, tall }: Spot,
  shape: ReturnType<typeof path>,
  spiral: boolean,
): void {
  const { canvas, palette } = stage;
  glow(canvas, x, y, tall * 1.1, palette.light, 0.42);
  const flesh = mix(mix(palette.light, palette.accent, 0.3), palette.horizon, 0.3);
  const origin = { x: 0, y: 0, scale: 1 };
  paintFigure(stage, shape, origin, {
    color: mix(flesh, palette.upper, 0.18),
    light: { x: x - tall * 0.6, y: y - tall * 0.8, color: mix(palette.light, [1, 1, 1], 0.3), strength: 1.1 },
    pattern: (_u, v, color) => mix(color, palette.upper, v * 0.55),
  });
  if (!spiral) return;
  const folds: Outline[] = [];
  for (let i = 0; i < 26; i++) {
    const a = 2.4 + i * 0.2;
    const r = tall * (0.34 - i * 0.0105);
    const b = a + 0.2;
    const s = tall * (0.34 - (i + 1) * 0.0105);
    folds.push(
      limb(
        x + Math.cos(a) * r * 0.72,
        y - tall * 0.12 + Math.sin(a) * r,
        tall * 0.016,
        x + Math.cos(b) * s * 0.72,
        y - tall * 0.12 + Math.sin(b) * s,
        tall * 0.016,
      ),
    );
  }
  fill(canvas, path(...folds), mix(palette.near, flesh, 0.35), 0.6);
}

/** A heart with rings of light around it. */
function paintHeart(stage: Stage, { x, y, tall }: Spot): void {
  const { canvas, palette } = stage;
  const red: Rgb = mix(palette.accent, [0.86, 0.2, 0.22], 0.5);
  glow(canvas, x, y, tall * 1.6, mix(red, palette.lamp, 0.4), 0.6);
  for (let i = 0; i < 4; i++) {
    const r = tall * (0.42 + i * 0.15);
    shine(
      canvas,
      { outlines: [ellipse(x, y, r)], holes: [ellipse(x, y, r - tall * 0.012)] },
      mix(red, palette.light, 0.5),
      0.4 - i * 0.09,
    );
  }
  paintFigure(
    stage,
    heart(),
    { x, y, scale: tall * 0.5, turn: 0.1 },
    {
      color: mix(red, palette.shadow, 0.45),
      light: { x: x - tall, y: y - tall, color: mix(palette.lamp, [1, 1, 1], 0.2), strength: 0.9 },
      pattern: (u, v, color) =>
        mix(color, palette.lamp, 0.95 * Math.exp(-((u - 0.5) ** 2 + (v - 0.45) ** 2) * 11)),
    },
  );
  glow(canvas, x, y - tall * 0.03, tall * 0.34, mix(palette.lamp, [1, 1, 1], 0.4), 0.75);
}

/** A vision: rings of light around a bright core. */
function paintVision(stage: Stage, { x, y, tall }: Spot): void {
  const { canvas, palette } = stage;
  glow(canvas, x, y, tall * 1.8, palette.light, 0.7);
  glow(canvas, x, y, tall * 0.8, mix(palette.accent, palette.light, 0.5), 0.8);
  for (let i = 0; i < 5; i++) {
    const r = tall * (0.2 + i * 0.13);
    const ring = { outlines: [ellipse(x, y, r)], holes: [ellipse(x, y, r * (0.972 - i * 0.004))] };
    shine(canvas, ring, i % 2 ? palette.accent : palette.light, 0.6 - i * 0.09);
  }
}
