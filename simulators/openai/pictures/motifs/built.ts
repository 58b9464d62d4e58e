/**
 * Things that stand in a place: ladder, stairs, door, tree, house, lighthouse, bridge, boat, stones, fire,
 * mirror, book, key.
 */

import { dyed } from "../dye.ts";
import { glow } from "../easel/canvas.ts";
import { mix, oklch, type Rgb } from "../easel/color.ts";
import { paintFigure } from "../figures/paint-figure.ts";
import { balloon, book, key, umbrella } from "../figures/things.ts";
import { tintOf } from "../figures/tint.ts";
import { paintBoulder } from "../land/paint-ground.ts";
import { broadTree } from "../land/plants.ts";
import { paintTree } from "../places/paint-tree.ts";
import type { Scene, Spot, Spots } from "../scene.ts";
import { paintFire } from "../sky/paint-weather.ts";
import type { Stage } from "../stage.ts";
import { paintBoat, paintDoor, paintHouse, paintLighthouse, paintMirror, paintStairs } from "./buildings.ts";
import { angelsInAir, paintAngels, paintLadder } from "./ladder.ts";

/** Paints the scene's built things that fit its place. */
export function paintBuilt(stage: Stage, scene: Scene, { hero, second, air }: Spots): void {
  const { shown, place: where } = scene;
  const { unit, width, palette, canvas } = stage;
  const colourOf = (name: string): Rgb | undefined => {
    const colour = scene.attributes.get(name)?.colour;
    return colour && tintOf(colour, palette);
  };
  const named = (name: string) => {
    const color = colourOf(name);
    return color ? { color } : {};
  };
  const within = (x: number) => Math.min(Math.max(x, width * 0.16), width * 0.84);
  const on = (name: string) => dyed(stage, scene.attributes.get(name)?.colour);
  const lacks = (name: string) => scene.attributes.get(name)?.lacksPart === true;
  const open = where !== "laboratory" && where !== "windows";
  const outside = open && where !== "underwater";
  const watery = where === "sea";
  if (outside && where !== "room" && shown.has("ladder")) paintLadder(on("ladder"), scene, hero);
  else if (shown.has("angel") && where !== "room") paintAngels(stage, angelsInAir(air, unit));
  if (open && where !== "room" && shown.has("stairs")) paintStairs(on("stairs"), { ...hero, x: width * 0.5 });
  const isTreePlace = where === "meadow" || where === "forest";
  if (outside && !watery && shown.has("tree") && !(isTreePlace && (where === "meadow" || !lacks("tree")))) {
    const told = colourOf("tree");
    const own = shown.has("autumn") ? oklch(0.62, 0.15, 55) : mix(palette.leaf, palette.near, 0.2);
    const leaves = shown.has("winter") || lacks("tree") ? null : (told ?? own);
    paintTree(
      stage,
      broadTree(stage.chance, second.x + unit * 0.08, second.y + unit * 0.03, unit * 0.5),
      leaves,
    );
  }
  const each = (name: string, spot: Spot, paint: (spot: Spot) => void) =>
    spread(spot, scene.attributes.get(name)?.count ?? 1, width).forEach(paint);
  if (outside && !watery && shown.has("house"))
    each("house", second, (spot) =>
      paintHouse(stage, spot, { color: colourOf("house"), isLit: !lacks("house") }),
    );
  if (watery && shown.has("lighthouse")) paintLighthouse(on("lighthouse"));
  if (outside && shown.has("boat"))
    each("boat", watery ? hero : second, (spot) =>
      paintBoat(stage, spot, { own: colourOf("boat"), hasSails: !lacks("boat") }),
    );
  if (outside && (shown.has("stone") || shown.has("pillow")) && where !== "sea")
    paintStones(on("stone"), hero);
  if (open && shown.has("fire")) paintFire(stage, second.x, second.y, unit * 0.15, colourOf("fire"));
  if (open && shown.has("door"))
    each("door", { ...second, x: within(second.x), tall: second.tall * 1.25 }, (spot) =>
      paintDoor(stage, spot, colourOf("door")),
    );
  if (shown.has("mirror")) each("mirror", second, (spot) => paintMirror(on("mirror"), spot));
  if (shown.has("balloon"))
    each("balloon", air, ({ x, y, tall }) =>
      paintFigure(
        stage,
        balloon(),
        { x, y: y + tall * 0.4, scale: tall * 0.85 },
        {
          color: colourOf("balloon") ?? mix(palette.accent, palette.near, 0.25),
          pattern: stripes(palette.light),
        },
      ),
    );
  if (shown.has("book") || shown.has("key")) {
    const name = shown.has("book") ? "book" : "key";
    // Pale things are not seen before a light.
    const isPale = /^(?:white|silver|yellow)$/u.test(scene.attributes.get(name)?.colour ?? "");
    glow(canvas, air.x, air.y, air.tall * 1.1, isPale ? palette.shadow : palette.lamp, 0.55);
    each(name, air, ({ x, y, tall }) =>
      paintFigure(
        stage,
        name === "book" ? book() : key(),
        { x, y: y + tall * 0.2, scale: tall * 0.42 },
        { color: colourOf(name) ?? mix(palette.lamp, palette.near, 0.3) },
      ),
    );
  }
  if (shown.has("umbrella"))
    each("umbrella", { ...air, x: air.x + unit * 0.2 }, ({ x, y, tall }) =>
      paintFigure(stage, umbrella(), { x, y, scale: tall * 0.5, turn: 0.3 }, named("umbrella")),
    );
}

/** As many places beside each other around a spot, within the picture; smaller where they are many. */
function spread(spot: Spot, count: number, width: number): Spot[] {
  if (count === 1) return [spot];
  const tall = spot.tall * Math.max(0.4, count ** -0.35);
  const step = Math.min(tall * 2, (width * 0.9) / count);
  const half = ((count - 1) / 2) * step + tall * 0.8;
  const middle = Math.min(Math.max(spot.x, half), Math.max(half, width - half));
  return Array.from({ length: count }, (_, i) => ({
    x: middle + (i - (count - 1) / 2) * step,
    y: spot.y - (i % 2) * tall * 0.06,
    tall,
  }));
}

const stripes =
  (light: readonly [number, number, number]) =>
  (u: number, v: number, color: readonly [number, number, number]) =>
    v < 0.78 && Math.sin(u * 20) > 0 ? mix(color, light, 0.35) : color;

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
