import { glow } from "../easel/canvas.ts";
import { mix, type Rgb } from "../easel/color.ts";
import { ellipse, limb, type Path, path } from "../easel/path.ts";
import { type Look, paintFigure } from "../figures/paint-figure.ts";
import {
  child,
  climbing,
  dancing,
  flying,
  grandmother,
  kneeling,
  lanternHand,
  running,
  sitting,
  sleeping,
  standing,
  walking,
} from "../figures/people.ts";
import { assHeaded, fool, robed } from "../figures/strangers.ts";
import type { Scene, Spot, Spots } from "../scene.ts";
import type { Stage } from "../stage.ts";

/**
 * Paints the people of a scene: those that the prompt names, in the named attitude; else a single dreamer,
 * who shows the size of the place.
 */
export function paintPeople(stage: Stage, scene: Scene, { hero, second, air }: Spots): void {
  const { shown, place } = scene;
  const { chance, width } = stage;
  const flip = hero.x > stage.sun.x;
  if (shown.has("ghost") && place !== "laboratory") paintGhost(stage, { ...second, tall: second.tall * 1.2 });
  if (shown.has("crowd")) paintCrowd(stage, second);
  if (shown.has("child")) person(stage, child(), { ...second, tall: second.tall * 0.95 }, false);
  if (shown.has("flying") || shown.has("falling")) {
    const turn = shown.has("falling") ? 1.9 : -0.16;
    glow(stage.canvas, air.x, air.y, air.tall * 1.1, stage.palette.light, 0.2);
    paintFigure(stage, flying(), { x: air.x, y: air.y, scale: air.tall, turn, flip: air.x > width * 0.55 });
  }
  const lone = shown.has("walking") || chance.whether(0.4);
  const cast: [boolean, () => void][] = [
    [shown.has("grandmother"), () => paintLanternBearer(stage, hero, shown.has("lantern"), flip)],
    [shown.has("ass"), () => person(stage, assHeaded(), hero, flip)],
    [shown.has("fool"), () => paintFool(stage, hero, flip)],
    [
      shown.has("kneeling") || (shown.has("pillow") && place !== "room"),
      () => person(stage, kneeling(), { ...hero, tall: hero.tall * 1.15 }, flip),
    ],
    [
      shown.has("climbing") && (shown.has("mountain") || shown.has("tree")),
      () => person(stage, climbing(), hero, flip),
    ],
    [shown.has("running"), () => person(stage, running(), hero, flip !== shown.has("terror"))],
    [shown.has("dancing"), () => person(stage, dancing(), hero, flip)],
    [place === "room" || place === "laboratory", () => {}],
    [shown.has("sleeping") || shown.has("ladder"), () => paintSleeper(stage, hero)],
    [place === "underwater", () => paintSwimmer(stage, air)],
    [shown.has("boat") && place === "sea", () => person(stage, standing(), aboard(hero), flip)],
    [shown.has("sitting"), () => person(stage, sitting(), hero, flip)],
    [emptyWithoutCall(scene), () => {}],
    [lone, () => person(stage, walking(place === "desert" || place === "mountains"), hero, flip)],
    [true, () => person(stage, standing(), hero, flip)],
  ];
  cast.find(([called]) => called)?.[1]();
  if (shown.has("lantern") && !shown.has("grandmother")) {
    paintLantern(stage, hero.x + hero.tall * (flip ? -0.18 : 0.18), hero.y - hero.tall * 0.5, hero.tall);
  }
}

/** Whether the scene needs no dreamer. */
function emptyWithoutCall({ shown, place }: Scene): boolean {
  if (place === "clouds" || place === "city") return !shown.has("walking");
  return place !== "windows" && (shown.has("flying") || shown.has("falling"));
}

/** Small in a large boat. */
const aboard = ({ x, y, tall }: Spot): Spot => ({ x: x - tall * 0.3, y: y - tall * 0.1, tall: tall * 0.5 });

function paintSwimmer(stage: Stage, { x, y, tall }: Spot): void {
  const { palette, sun, width } = stage;
  const light = { x: sun.x, y: sun.y, color: mix(palette.light, palette.leaf, 0.3), strength: 0.9 };
  paintFigure(
    stage,
    flying(),
    { x, y, scale: tall * 0.9, turn: -0.5, flip: x > width * 0.6 },
    { light, far: 0.1 },
  );
}

function person(stage: Stage, shape: Path, { x, y, tall }: Spot, flip: boolean, look?: Look): void {
  paintShadow(stage, { x, y, tall });
  paintFigure(stage, shape, { x, y, scale: tall, flip }, look);
}

/** A shadow where feet touch the ground. */
function paintShadow({ canvas, palette }: Stage, { x, y, tall }: Spot): void {
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

function paintLanternBearer(stage: Stage, spot: Spot, lit: boolean, flip: boolean): void {
  const { palette } = stage;
  const side = flip ? -1 : 1;
  const x = spot.x + side * lanternHand[0] * spot.tall;
  const y = spot.y + lanternHand[1] * spot.tall + spot.tall * 0.13;
  const light = lit ? { x, y, color: palette.lamp, strength: 1.3 } : undefined;
  if (lit) glow(stage.canvas, x, y, spot.tall * 1.5, palette.lamp, 0.55);
  person(stage, grandmother(), spot, flip, {
    color: mix(palette.shadow, palette.accent, 0.12),
    ...(light && { light }),
  });
  if (lit) paintLantern(stage, x, y, spot.tall);
}

function paintLantern(stage: Stage, x: number, y: number, tall: number): void {
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
  );
  glow(canvas, x, y, s * 1.9, mix(palette.lamp, [1, 1, 1], 0.65), 1.2);
}

function paintFool(stage: Stage, spot: Spot, flip: boolean): void {
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

function paintGhost(stage: Stage, spot: Spot): void {
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

function paintSleeper(stage: Stage, spot: Spot): void {
  const { palette, unit } = stage;
  const tall = spot.tall * 1.15;
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

function paintCrowd(stage: Stage, { x, y, tall }: Spot): void {
  const { chance, width } = stage;
  for (let i = 0; i < 11; i++) {
    const spot = {
      x: x + chance.between(-0.35, 0.35) * width,
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
