/**
 * What is built or stands: ladder, stairs, door, tree, house, tower by the sea, bridge, boat, stones, fire, and what
 * is held up to be seen: mirror, book, key.
 */
import { fill, glow, shine } from "../easel/canvas.ts";
import { clamp01, mix, oklch } from "../easel/color.ts";
import { box, ellipse, limb, type Outline, path, place, stroke } from "../easel/path.ts";
import { paintFigure } from "../figures/paint-figure.ts";
import { robed, wings } from "../figures/people.ts";
import { balloon, boat, book, doorFrame, house, key, lighthouse, umbrella } from "../figures/things.ts";
import { paintBoulder } from "../land/paint-ground.ts";
import { broadTree } from "../land/plants.ts";
import { paintTree } from "../places/paint-tree.ts";
import type { Scene, Spot, Spots } from "../scene.ts";
import { paintRays } from "../sky/paint-rays.ts";
import { paintFire } from "../sky/paint-weather.ts";
import type { Stage } from "../stage.ts";

export function paintBuilt(stage: Stage, scene: Scene, { hero, second, air }: Spots): void {
  const { shown, place: where } = scene;
  const { unit, width, palette, canvas } = stage;
  const open = !["room", "laboratory", "windows"].includes(where);
  const outside = open && where !== "hall" && where !== "underwater";
  const watery = where === "sea";
  if (outside && shown.has("ladder")) paintLadder(stage, scene, hero);
  else if (shown.has("angel") && where !== "room") paintAngels(stage, angelsInAir(air, unit));
  if (open && shown.has("stairs")) paintStairs(stage, { ...hero, x: width * 0.5 });
  if (outside && !watery && shown.has("tree") && where !== "meadow" && where !== "forest") {
    const leaves = shown.has("winter")
      ? null
      : shown.has("autumn")
        ? oklch(0.62, 0.15, 55)
        : mix(palette.leaf, palette.near, 0.2);
    paintTree(
      stage,
      broadTree(stage.chance, second.x + unit * 0.08, second.y + unit * 0.03, unit * 0.5),
      leaves,
    );
  }
  if (outside && !watery && shown.has("house")) paintHouse(stage, second);
  if (watery && shown.has("lighthouse")) paintLighthouse(stage);
  if (shown.has("boat") && (watery || where === "city" || where === "street"))
    paintBoat(stage, watery ? hero : second);
  if (outside && (shown.has("stone") || shown.has("pillow")) && where !== "sea") paintStones(stage, hero);
  if (open && shown.has("fire")) paintFire(stage, second.x, second.y, unit * 0.15);
  if (open && shown.has("door")) paintDoor(stage, { ...second, tall: second.tall * 1.25 });
  if (shown.has("mirror")) paintMirror(stage, second);
  if (shown.has("balloon"))
    paintFigure(
      stage,
      balloon(),
      { x: air.x, y: air.y + air.tall * 0.4, scale: air.tall * 0.85 },
      { color: mix(palette.accent, palette.near, 0.25), pattern: stripes(palette.light) },
    );
  if (shown.has("book") || shown.has("key")) {
    const thing = shown.has("book") ? book() : key();
    glow(canvas, air.x, air.y, air.tall * 1.1, palette.lamp, 0.55);
    paintFigure(
      stage,
      thing,
      { x: air.x, y: air.y + air.tall * 0.2, scale: air.tall * 0.42 },
      { color: mix(palette.lamp, palette.near, 0.3) },
    );
  }
  if (shown.has("umbrella"))
    paintFigure(stage, umbrella(), { x: air.x + unit * 0.2, y: air.y, scale: air.tall * 0.5, turn: 0.3 });
}

const stripes =
  (light: readonly [number, number, number]) =>
  (u: number, v: number, color: readonly [number, number, number]) =>
    v < 0.78 && Math.sin(u * 20) > 0 ? mix(color, light, 0.35) : color;

/** From the ground into an opening in the sky, with angels on it if any are told of. */
function paintLadder(stage: Stage, { shown }: Scene, hero: Spot): void {
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

/** Angels stand in their own light; wings feathered, robes that fade below. */
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

/** Three that come down out of the light, the middle one nearest. */
function angelsInAir({ x, y, tall }: Spot, unit: number): Spot[] {
  return [
    { x: x - unit * 0.3, y: y + tall * 0.1, tall: tall * 0.42 },
    { x: x + unit * 0.27, y: y - tall * 0.02, tall: tall * 0.36 },
    { x, y: y + tall * 0.5, tall: tall * 0.78 },
  ];
}

/** Steps that rise from the ground and narrow into the light. */
function paintStairs(stage: Stage, { x, y }: Spot): void {
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

function paintHouse(stage: Stage, { x, y, tall }: Spot): void {
  const { canvas, palette } = stage;
  const scale = tall * 1.1;
  paintFigure(stage, house(), { x, y, scale }, { color: mix(palette.near, palette.shadow, 0.4) });
  const panes = [
    box(x - scale * 0.34, y - scale * 0.38, scale * 0.17, scale * 0.17),
    box(x + scale * 0.17, y - scale * 0.38, scale * 0.17, scale * 0.17),
    box(x - scale * 0.07, y - scale * 0.3, scale * 0.14, scale * 0.3),
  ];
  fill(canvas, path(...panes), palette.lamp);
  glow(canvas, x, y - scale * 0.25, scale * 1.2, palette.lamp, 0.5);
}

function paintLighthouse(stage: Stage): void {
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

function paintBoat(stage: Stage, { x, y, tall }: Spot): void {
  const { canvas, palette, unit } = stage;
  const scale = tall * 0.85;
  const mirrored = place(boat(), { x, y, scale });
  const flipped = {
    outlines: mirrored.outlines.map((outline) =>
      outline.map((v, i) => (i % 2 ? 2 * y - v * 0.75 - y * 0.25 : v)),
    ),
  };
  fill(canvas, flipped, palette.shadow, 0.3);
  paintFigure(
    stage,
    boat(),
    { x, y, scale },
    {
      pattern: (_u, v, color) => (v < 0.82 ? mix(color, palette.horizon, 0.35) : color),
    },
  );
  glow(canvas, x - scale * 0.7, y - scale * 0.2, unit * 0.09, palette.lamp, 0.9);
}

function paintStones(stage: Stage, { x, y, tall }: Spot): void {
  const { chance, unit } = stage;
  for (const [dx, size] of [
    [-0.6, 0.1],
    [-0.4, 0.13],
    [-0.5, 0.085],
    [0.75, 0.17],
    [0.95, 0.1],
    [-0.9, 0.2],
  ] as const) {
    paintBoulder(stage, x + dx * tall, y + unit * chance.between(0.005, 0.03), tall * size);
  }
}

/** A door that stands alone, ajar, with brightness behind it that falls out on the ground. */
function paintDoor(stage: Stage, { x, y, tall }: Spot): void {
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
      color: mix(palette.shadow, palette.ground, 0.5),
      light: { x, y: y - tall * 0.5, color: bright, strength: 0.9 },
    },
  );
  fill(canvas, path(ellipse(x + w * 1.02, y - tall * 0.48, tall * 0.018)), palette.lamp);
}

function paintMirror(stage: Stage, { x, y, tall }: Spot): void {
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
