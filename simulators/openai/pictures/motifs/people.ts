import type { ColourName } from "../../text/find-attributes.ts";
import { glow } from "../easel/canvas.ts";
import { mix, type Rgb, smoothstep } from "../easel/color.ts";
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
import { clothOf } from "../figures/tint.ts";
import type { Scene, Spot, Spots } from "../scene.ts";
import type { Stage } from "../stage.ts";
import { groundFigures } from "./ground-figures.ts";

/** Whom the prompt names besides the dreamer. */
const named = ["man", "woman", "child"] as const;
type Other = (typeof named)[number] | "dreamer";
/** Who has the hero's place; the dreamer then stands beside. */
const special = ["grandmother", "ass", "fool"];
const creatures = [
  ...groundFigures.map(({ name }) => name),
  ..."whale fish bird butterfly balloon clock eye hand ear heart ghost angel crowd".split(" "),
];

/**
 * Whether a figure stands at the hero's spot. A picture without people and animals gets one, for scale, unless its
 * prompt says that nobody is there.
 */
export function hasHero({ shown, isDeserted }: Scene): boolean {
  if (shown.has("dreamer") || [...named, ...special].some((name) => shown.has(name))) return true;
  return !isDeserted && !creatures.some((name) => shown.has(name));
}

/**
 * Paints the people of a scene: the dreamer in the attitude that the prompt tells, and beside the dreamer the others
 * whom it names, as many as it tells.
 */
export function paintPeople(stage: Stage, scene: Scene, { hero, second, air }: Spots): void {
  const { shown, place, dreamer } = scene;
  const flip = hero.x > stage.sun.x;
  stage.motif = "person";
  if (shown.has("ghost") && place !== "laboratory") paintGhost(stage, { ...second, tall: second.tall * 1.2 });
  if (shown.has("crowd")) paintCrowd(stage, second);
  const isAloft = shown.has("flying") || shown.has("falling");
  const hasPerson = shown.has("dreamer") || (!scene.isDeserted && !creatures.some((name) => shown.has(name)));
  if (isAloft && hasPerson) {
    const turn = shown.has("falling") ? 1.9 : -0.16;
    glow(stage.canvas, air.x, air.y, air.tall * 1.1, stage.palette.light, 0.2);
    const placing = { x: air.x, y: air.y, scale: air.tall, turn, flip: air.x > stage.width * 0.55 };
    const { color } = dressOf(stage, scene);
    paintFigure(stage, flying(dreamer.hair), placing, color ? { color } : {});
  }
  const company = named.flatMap((name): Other[] =>
    shown.has(name) && !(name === "man" && shown.has("ass"))
      ? Array.from({ length: scene.attributes.get(name)?.count ?? 1 }, () => name)
      : [],
  );
  const others: Other[] = [...company];
  if (shown.has("dreamer") && special.some((name) => shown.has(name))) others.unshift("dreamer");
  const isTold = shown.has("dreamer") || special.some((name) => shown.has(name));
  // The first of those named stands where the dreamer would.
  const leads = isTold || !hasHero(scene) ? null : (others.shift() ?? null);
  if (hasHero(scene)) paintHero(stage, scene, { hero, air, flip, leads });
  for (const [i, name] of others.entries()) {
    // Behind a lantern's bearer, and else toward the middle.
    const near = shown.has("grandmother") ? (flip ? 1 : -1) : hero.x > stage.width / 2 ? -1 : 1;
    const x = hero.x + (i % 2 ? -near : near) * hero.tall * 0.4 * (1 + Math.floor(i / 2));
    stage.motif = name === "dreamer" ? "person" : name;
    paintOther(stage, scene, name, { ...hero, x, y: hero.y + stage.unit * 0.006 }, flip);
  }
  if (shown.has("lantern") && !shown.has("grandmother")) {
    paintLantern(stage, hero.x + hero.tall * (flip ? -0.18 : 0.18), hero.y - hero.tall * 0.5, hero.tall);
  }
}

/** The coat's colour of the one who dreams. */
const dressOf = (stage: Stage, { dreamer }: Scene): Look => (dreamer.coat ? wear(stage, dreamer.coat) : {});

/** A coat in this colour; hair and legs are dark. */
function wear({ palette }: Stage, colour: ColourName): Look {
  const color = clothOf(colour, palette);
  const dark = mix(color, palette.shadow, 0.75);
  return {
    color,
    pattern: (_u, v) => mix(dark, color, smoothstep(0.08, 0.15, v) * smoothstep(0.86, 0.62, v)),
  };
}

const ownCoats = { man: "grey", woman: "pink", child: "yellow" } as const;

function paintOther(stage: Stage, scene: Scene, name: Other, spot: Spot, flip: boolean): void {
  const { shown, attributes } = scene;
  const isDreamer = name === "dreamer";
  const look = isDreamer
    ? dressOf(stage, scene)
    : wear(stage, attributes.get(name)?.colour ?? ownCoats[name]);
  const hair = isDreamer ? scene.dreamer.hair : name === "woman" ? "long" : "short";
  if (name === "child") person(stage, child(), spot, flip, look);
  else if (shown.has("running")) person(stage, running(hair), spot, flip, look);
  else if (shown.has("dancing")) person(stage, dancing(hair), spot, !flip, look);
  else if (shown.has("sitting")) person(stage, sitting(hair), spot, flip, look);
  else if (shown.has("walking")) person(stage, walking(false, hair), spot, flip, look);
  else person(stage, standing(hair), spot, flip, look);
}

function paintHero(
  stage: Stage,
  scene: Scene,
  { hero, air, flip, leads }: { hero: Spot; air: Spot; flip: boolean; leads: Other | null },
): void {
  const { shown, place } = scene;
  const { hair } = scene.dreamer;
  const look = dressOf(stage, scene);
  const isClimbing =
    shown.has("climbing") && (shown.has("mountain") || shown.has("tree") || place === "mountains");
  const isKneeling = shown.has("kneeling") || (shown.has("pillow") && place !== "room");
  const inBoat = shown.has("boat") && place === "sea";
  const spot = inBoat ? aboard(hero) : hero;
  const cast: [boolean, () => void][] = [
    [leads !== null, () => paintOther(stage, scene, leads ?? "man", spot, flip)],
    [shown.has("grandmother"), () => paintLanternBearer(stage, hero, shown.has("lantern"), flip)],
    [shown.has("ass"), () => person(stage, assHeaded(), hero, flip)],
    [shown.has("fool"), () => paintFool(stage, hero, flip)],
    [isKneeling, () => person(stage, kneeling(hair), { ...hero, tall: hero.tall * 1.15 }, flip, look)],
    [isClimbing, () => person(stage, climbing(hair), hero, flip, look)],
    [shown.has("running"), () => person(stage, running(hair), hero, flip !== shown.has("terror"), look)],
    [shown.has("dancing"), () => person(stage, dancing(hair), hero, flip, look)],
    [(place === "room" && shown.has("sleeping")) || place === "laboratory", () => {}],
    [shown.has("sleeping") || shown.has("ladder"), () => paintSleeper(stage, hero)],
    [place === "underwater", () => paintSwimmer(stage, scene, air)],
    [inBoat, () => person(stage, standing(hair), spot, flip, look)],
    [shown.has("sitting"), () => person(stage, sitting(hair), hero, flip, look)],
    [emptyWithoutCall(scene), () => {}],
    [
      shown.has("walking"),
      () => person(stage, walking(place === "desert" || place === "mountains", hair), hero, flip, look),
    ],
    [true, () => person(stage, standing(hair), hero, flip, look)],
  ];
  stage.motif = leads ?? "person";
  cast.find(([called]) => called)?.[1]();
}

/** Whether the scene needs no dreamer. */
function emptyWithoutCall({ shown, place }: Scene): boolean {
  if (shown.has("flying") || shown.has("falling")) return place !== "windows";
  if (shown.has("dreamer")) return false;
  return place === "clouds" || place === "city" || place === "room";
}

/** Small in a large boat. */
const aboard = ({ x, y, tall }: Spot): Spot => ({ x: x - tall * 0.3, y: y - tall * 0.1, tall: tall * 0.5 });

function paintSwimmer(stage: Stage, scene: Scene, { x, y, tall }: Spot): void {
  const { palette, sun, width } = stage;
  const { color } = dressOf(stage, scene);
  const light = { x: sun.x, y: sun.y, color: mix(palette.light, palette.leaf, 0.3), strength: 0.9 };
  paintFigure(
    stage,
    flying(scene.dreamer.hair),
    { x, y, scale: tall * 0.9, turn: -0.5, flip: x > width * 0.6 },
    { ...(color && { color }), light, far: 0.1 },
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
