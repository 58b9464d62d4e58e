/** Houses, doors, stairs and other built things. */
import { fill, glow, shine } from "../easel/canvas.ts";
import { clamp01, mix, type Rgb } from "../easel/color.ts";
import { box, ellipse, path, place } from "../easel/path.ts";
import { paintFigure } from "../figures/paint-figure.ts";
import { boat, doorFrame, house, lighthouse, rowingBoat } from "../figures/things.ts";
import { paintBoulder } from "../land/paint-ground.ts";
import type { Spot } from "../scene.ts";
import type { Stage } from "../stage.ts";

/** Steps that rise from the ground and become narrower toward the light. */
export function paintStairs(stage: Stage, { x, y }: Spot): void {
  const { canvas, unit, palette, sun } = stage;
  const top = { x: sun.x * 0.4 + x * 0.6, y: unit * 0.12 };
  glow(canvas, top.x, top.y, unit * 0.55, palette.light, 0.75);
  const steps = 26;
  for (let i = steps; i >= 0; i--) {
    const t = i / steps;
    const near = (1 - t) ** 1.6;
    const next = (1 - Math.min(1, (i + 1) / steps)) ** 1.6;
    const at = (n: number) => ({
      x: top.x + (x - top.x) * n,
      y: top.y + (y + unit * 0.08 - top.y) * n,
      half: unit * (0.018 + 0.22 * n),
    });
    const [a, b] = [at(near), at(next)];
    const riser = (a.y - b.y) * 0.62;
    const stone = mix(mix(palette.light, palette.horizon, 0.5), palette.near, near * 0.82);
    fill(
      canvas,
      path([a.x - a.half, a.y, a.x + a.half, a.y, a.x + a.half, a.y - riser, a.x - a.half, a.y - riser]),
      mix(stone, palette.shadow, 0.42),
    );
    fill(
      canvas,
      path([a.x - a.half, a.y - riser, a.x + a.half, a.y - riser, b.x + b.half, b.y, b.x - b.half, b.y]),
      mix(stone, palette.light, 0.28),
    );
  }
}

/** A small house with all its windows lit, or without windows. */
export function paintHouse(
  stage: Stage,
  { x, y, tall }: Spot,
  { color, isLit }: { color: Rgb | undefined; isLit: boolean },
): void {
  const { canvas, palette } = stage;
  const scale = tall * 1.1;
  paintFigure(stage, house(), { x, y, scale }, { color: color ?? mix(palette.near, palette.shadow, 0.4) });
  if (!isLit) return;
  const panes = [
    box(x - scale * 0.34, y - scale * 0.38, scale * 0.17, scale * 0.17),
    box(x + scale * 0.17, y - scale * 0.38, scale * 0.17, scale * 0.17),
    box(x - scale * 0.07, y - scale * 0.3, scale * 0.14, scale * 0.3),
  ];
  fill(canvas, path(...panes), palette.lamp);
  glow(canvas, x, y - scale * 0.25, scale * 1.2, palette.lamp, 0.5);
}

/** A lighthouse on its rocks, its beams over the sea. */
export function paintLighthouse(stage: Stage): void {
  const { canvas, width, unit, horizon, palette, chance } = stage;
  const x = width * 0.76;
  const y = horizon + unit * 0.03;
  for (let i = 0; i < 5; i++)
    paintBoulder(
      stage,
      x + chance.between(-0.1, 0.1) * unit,
      y + unit * 0.03,
      unit * chance.between(0.03, 0.06),
    );
  const lamp = { x, y: y - unit * 0.45 * 0.885 };
  for (const [dx, dy] of [
    [-1, -0.1],
    [-1, 0.1],
    [0.7, -0.12],
    [0.7, 0.02],
  ] as const) {
    const beam = path([
      lamp.x,
      lamp.y,
      lamp.x + dx * unit * 1.2,
      lamp.y + (dy - 0.05) * unit,
      lamp.x + dx * unit * 1.2,
      lamp.y + (dy + 0.05) * unit,
    ]);
    shine(canvas, beam, palette.lamp, (px) => 0.28 * (1 - clamp01(Math.abs(px - lamp.x) / (unit * 1.1))));
  }
  paintFigure(
    stage,
    lighthouse(),
    { x, y, scale: unit * 0.45 },
    {
      color: mix(palette.mist, palette.near, 0.4),
      pattern: (_u, v, color) =>
        v > 0.25 && Math.floor(v * 7) % 2 ? mix(color, palette.accent, 0.55) : color,
    },
  );
  glow(canvas, lamp.x, lamp.y, unit * 0.22, palette.lamp, 1);
}

/** A sailing boat or a rowing boat, its mirror image, and a lamp at the stern. */
export function paintBoat(
  stage: Stage,
  { x, y, tall }: Spot,
  { own, hasSails }: { own: Rgb | undefined; hasSails: boolean },
): void {
  const { canvas, palette, unit } = stage;
  const scale = tall * 0.85;
  const shape = hasSails ? boat() : rowingBoat();
  const mirrored = place(shape, { x, y, scale });
  const flipped = {
    outlines: mirrored.outlines.map((outline) =>
      outline.map((v, i) => (i % 2 ? 2 * y - v * 0.75 - y * 0.25 : v)),
    ),
  };
  fill(canvas, flipped, palette.shadow, 0.3);
  paintFigure(
    stage,
    shape,
    { x, y, scale },
    {
      ...(own && { color: own }),
      pattern: (_u, v, color) =>
        hasSails && v < 0.82 ? mix(color, palette.horizon, own ? 0.15 : 0.35) : color,
    },
  );
  glow(canvas, x - scale * 0.7, y - scale * 0.2, unit * 0.09, palette.lamp, 0.9);
}

/** A free-standing door, ajar, with light behind it that falls on the ground. */
export function paintDoor(stage: Stage, { x, y, tall }: Spot, own?: Rgb): void {
  const { canvas, palette } = stage;
  const w = tall * 0.46;
  glow(canvas, x, y - tall * 0.5, tall * 1.25, palette.light, 0.6);
  const bright = mix(palette.light, [1, 1, 1], 0.4);
  fill(canvas, path(box(x - w / 2, y - tall, w, tall)), bright);
  shine(
    canvas,
    path([x - w / 2, y, x + w / 2, y, x + w * 1.5, y + tall * 0.45, x - w * 1.3, y + tall * 0.45]),
    palette.light,
    (_px, py) => 0.5 * (1 - clamp01((py - y) / (tall * 0.45))),
  );
  paintFigure(
    stage,
    doorFrame(),
    { x, y, scale: tall },
    {
      color: mix(palette.shadow, palette.ground, 0.35),
      light: { x, y: y - tall * 0.5, color: bright, strength: 1 },
    },
  );
  const leaf = path([
    x + w / 2,
    y - tall,
    x + w * 1.12,
    y - tall * 1.05,
    x + w * 1.12,
    y + tall * 0.06,
    x + w / 2,
    y,
  ]);
  paintFigure(
    stage,
    leaf,
    { x: 0, y: 0, scale: 1 },
    {
      color: own ?? mix(palette.shadow, palette.ground, 0.5),
      light: { x, y: y - tall * 0.5, color: bright, strength: 0.9 },
    },
  );
  fill(canvas, path(ellipse(x + w * 1.02, y - tall * 0.48, tall * 0.018)), palette.lamp);
}

/** A tall mirror in a gilt frame, with the sky in it. */
export function paintMirror(stage: Stage, { x, y, tall }: Spot): void {
  const { canvas, palette } = stage;
  const cy = y - tall * 0.62;
  paintFigure(
    stage,
    { outlines: [ellipse(0, 0, 0.36, 0.6)], holes: [ellipse(0, 0, 0.31, 0.54)] },
    { x, y: cy, scale: tall },
    { color: mix(palette.lamp, palette.shadow, 0.45) },
  );
  fill(canvas, path(ellipse(x, cy, tall * 0.31, tall * 0.54)), (px, py, out) => {
    const t = clamp01((py - cy) / tall + 0.5);
    const streak =
      Math.exp(-(((px - x) * 0.8 + (py - cy) * 0.4 + tall * 0.08) ** 2) / (tall * 0.06) ** 2) * 0.5;
    for (let k = 0; k < 3; k++) {
      out[k] =
        (palette.upper[k] as number) * t +
        (palette.horizon[k] as number) * (1 - t) +
        streak * (palette.light[k] as number);
    }
  });
  glow(canvas, x, cy, tall * 0.8, palette.light, 0.25);
}
