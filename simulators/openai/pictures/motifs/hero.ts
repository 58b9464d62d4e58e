/** The person whom a picture is about, and those beside: who they are and what they do. */
import type { ColourName } from "../../text/find-attributes.ts";
import { mix } from "../easel/color.ts";
import {
  child,
  climbing,
  dancing,
  flying,
  kneeling,
  running,
  sitting,
  standing,
  walking,
} from "../figures/people.ts";
import { assHeaded } from "../figures/strangers.ts";
import type { Scene, Spot } from "../scene.ts";
import type { Stage } from "../stage.ts";
import { dressOf, dressOfOther } from "./dress.ts";
import { paintLanternBearer } from "./lantern.ts";
import { paintPerson, person } from "./person.ts";
import { paintSleeper } from "./sleeper.ts";
import { paintFool } from "./strangers.ts";

/** A person other than the hero. `place`: how many of the same kind the picture shows before. */
export interface Other {
  name: "man" | "woman" | "child" | "dreamer";
  coat: ColourName | null;
  place: number;
}

/** Paints a person who is not the hero, in the scene's attitude. */
export function paintOther(stage: Stage, scene: Scene, other: Other, spot: Spot, flip: boolean): void {
  const { shown } = scene;
  const { name, coat, place } = other;
  const { dress: look, hair } =
    name === "dreamer"
      ? { dress: dressOf(stage, scene), hair: scene.dreamer.hair }
      : dressOfOther(stage, scene, { name, coat, place });
  if (name !== "child" && (shown.has("flying") || shown.has("falling")))
    paintPerson(stage, flying(hair), { x: spot.x, y: spot.y, scale: spot.tall, turn: -0.16, flip }, look);
  else if (name === "child") person(stage, child(), spot, flip, look);
  else if (shown.has("running")) person(stage, running(hair), spot, flip, look);
  else if (shown.has("dancing")) person(stage, dancing(hair), spot, !flip, look);
  else if (shown.has("sitting")) person(stage, sitting(hair), spot, flip, look);
  else if (shown.has("walking")) person(stage, walking(false, hair), spot, flip, look);
  else person(stage, standing(hair), spot, flip, look);
}

/**
 * Paints who has the hero's place, in the attitude that the prompt tells. `leads`: another than the dreamer.
 */
export function paintHero(
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
    [leads !== null, () => leads && paintOther(stage, scene, leads, spot, flip)],
    [shown.has("grandmother"), () => paintLanternBearer(stage, scene, hero, flip)],
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
  stage.motif = leads?.name ?? "person";
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
  const { color, face } = dressOf(stage, scene);
  const light = { x: sun.x, y: sun.y, color: mix(palette.light, palette.leaf, 0.3), strength: 0.9 };
  paintPerson(
    stage,
    flying(scene.dreamer.hair),
    { x, y, scale: tall * 0.9, turn: -0.5, flip: x > width * 0.6 },
    { ...(color && { color }), light, far: 0.1, face },
  );
}
