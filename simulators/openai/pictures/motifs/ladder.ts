/** The ladder between earth and heaven, and its angels. */
import { fill, glow, shine } from "../easel/canvas.ts";
import { clamp01, mix } from "../easel/color.ts";
import { ellipse, limb, type Outline, path, stroke } from "../easel/path.ts";
import { paintFigure } from "../figures/paint-figure.ts";
import { robed, wings } from "../figures/strangers.ts";
import type { Scene, Spot } from "../scene.ts";
import { paintRays } from "../sky/paint-rays.ts";
import type { Stage } from "../stage.ts";

/** A ladder from the ground into an opening in the sky, with angels on it if the prompt names any. */
export function paintLadder(stage: Stage, { shown }: Scene, hero: Spot): void {
  const { canvas, unit, width, palette } = stage;
  const foot = { x: hero.x + unit * 0.13, y: hero.y + unit * 0.01, half: unit * 0.062 };
  const head = { x: width * 0.5 + (foot.x - width * 0.5) * -0.35, y: -unit * 0.03, half: unit * 0.012 };
  stage.sun.x = head.x;
  stage.sun.y = unit * 0.04;
  glow(canvas, head.x, unit * 0.02, unit * 0.62, palette.light, 0.95);
  paintRays(
    stage,
    { x: head.x, y: -unit * 0.05 },
    { reach: unit * 1.15, color: palette.light, strength: 0.6 },
  );
  const at = (t: number, side: number): [number, number, number] => {
    const near = (1 - t) ** 1.25;
    const half = head.half + (foot.half - head.half) * near;
    const bend = Math.sin(t * Math.PI) * unit * 0.035;
    return [
      head.x + (foot.x - head.x) * near + side * half + bend,
      head.y + (foot.y - head.y) * near,
      unit * (0.0014 + 0.0052 * near),
    ];
  };
  const parts: Outline[] = [];
  for (const side of [-1, 1]) parts.push(...stroke(Array.from({ length: 31 }, (_, i) => at(i / 30, side))));
  for (let i = 1; i < 44; i++) {
    const t = i / 44;
    const [l, r] = [at(t, -1), at(t, 1)];
    parts.push(limb(l[0], l[1], l[2] * 0.8, r[0], r[1], r[2] * 0.8));
  }
  const ladder = path(...parts);
  for (let i = 0; i < 9; i++) {
    const [x, y, r] = at(i / 9, 0);
    glow(canvas, x, y, r * 26 + unit * 0.03, palette.light, 0.24);
  }
  fill(canvas, ladder, (_x, y, out) => {
    const t = clamp01(y / foot.y);
    const c = mix(mix(palette.light, [1, 1, 1], 0.5), palette.lamp, t * 0.75);
    for (let k = 0; k < 3; k++) out[k] = c[k] as number;
  });
  if (!shown.has("angel")) return;
  const angels: Spot[] = [0.16, 0.33, 0.48, 0.62, 0.74, 0.85].map((t, i) => {
    const side = i % 2 ? 1 : -1;
    const [x, y, r] = at(t, side * 2.3);
    return { x, y, tall: r * 31 };
  });
  paintAngels(stage, angels.toReversed());
}

/** Angels in their own light, with feathered wings and robes that fade at the bottom. */
export function paintAngels(stage: Stage, spots: readonly Spot[]): void {
  const { canvas, palette, sun } = stage;
  for (const [i, { x, y, tall }] of spots.entries()) {
    glow(canvas, x, y - tall * 0.6, tall * 1.15, palette.light, 0.55);
    const white = mix(palette.light, [1, 1, 1], 0.45);
    const placing = { x, y: y + tall * 0.12, scale: tall, flip: i % 2 === 1 };
    const light = { x: sun.x, y: sun.y, color: white, strength: 1.15 };
    paintFigure(stage, wings(0.62), placing, {
      color: mix(white, palette.upper, 0.5),
      light,
      pattern: (u, v, color) => mix(color, palette.light, 0.55 * (1 - v) * Math.abs(u - 0.5) * 2),
    });
    paintFigure(stage, robed(), placing, {
      color: mix(white, palette.upper, 0.14),
      light,
      pattern: (_u, v, color) => mix(color, palette.upper, v * v * 0.6),
    });
    shine(
      canvas,
      {
        outlines: [ellipse(x, y - tall * 0.9, tall * 0.085, tall * 0.028)],
        holes: [ellipse(x, y - tall * 0.9, tall * 0.065, tall * 0.018)],
      },
      palette.lamp,
      1,
    );
  }
}

/** Three angels that come down from the light, the middle one nearest. */
export function angelsInAir({ x, y, tall }: Spot, unit: number): Spot[] {
  return [
    { x: x - unit * 0.3, y: y + tall * 0.1, tall: tall * 0.42 },
    { x: x + unit * 0.27, y: y - tall * 0.02, tall: tall * 0.36 },
    { x, y: y + tall * 0.5, tall: tall * 0.78 },
  ];
}
