import { dyed } from "../dye.ts";
import { glow } from "../easel/canvas.ts";
import { flying } from "../figures/people.ts";
import type { Scene, Spots } from "../scene.ts";
import type { Stage } from "../stage.ts";
import { dressOf } from "./dress.ts";
import { groundFigures } from "./ground-figures.ts";
import { type Other, paintHero, paintOther } from "./hero.ts";
import { paintLantern } from "./lantern.ts";
import { paintPerson } from "./person.ts";
import { paintCrowd, paintGhost } from "./strangers.ts";

/** Whom the prompt names besides the dreamer. */
const named = ["man", "woman", "child"] as const;
/** The dreamer beside another person who has the hero's place. */
const self: Other = { name: "dreamer", coat: null, place: 0 };
/** Who has the hero's place; the dreamer then stands beside. */
const special = ["grandmother", "ass", "fool"];
const creatures = [
  ...groundFigures.map(({ name }) => name),
  ..."whale fish bird butterfly balloon clock eye hand ear heart ghost angel crowd".split(" "),
];

/**
 * Whether a figure stands at the hero's spot. A picture without people and animals gets one, for scale,
 * unless its prompt says that no person is there.
 */
export function hasHero({ shown, isDeserted }: Scene): boolean {
  if (shown.has("dreamer") || [...named, ...special].some((name) => shown.has(name))) return true;
  return !isDeserted && !creatures.some((name) => shown.has(name));
}

/**
 * Paints the people of a scene: the dreamer in the attitude that the prompt tells, and beside the dreamer the
 * others whom it names, as many as it tells.
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
    const { color, face } = dressOf(stage, scene);
    paintPerson(stage, flying(dreamer.hair), placing, { ...(color && { color }), face });
  }
  const company = scene.company.filter(({ name }) => !(name === "man" && shown.has("ass")));
  const others: Other[] = company.map((one, i) => ({
    ...one,
    place: company.slice(0, i).filter(({ name }) => name === one.name).length,
  }));
  if (shown.has("dreamer") && special.some((name) => shown.has(name))) others.unshift(self);
  const isTold = shown.has("dreamer") || special.some((name) => shown.has(name));
  // The first of those named stands where the dreamer would.
  const leads = isTold || !hasHero(scene) ? null : (others.shift() ?? null);
  if (hasHero(scene)) paintHero(stage, scene, { hero, air, flip, leads });
  for (const [i, other] of others.entries()) {
    // Behind a lantern's bearer, and else toward the middle.
    const near = shown.has("grandmother") ? (flip ? 1 : -1) : hero.x > stage.width / 2 ? -1 : 1;
    const x = hero.x + (i % 2 ? -near : near) * hero.tall * 0.4 * (1 + Math.floor(i / 2));
    stage.motif = other.name === "dreamer" ? "person" : other.name;
    const isFlying = isAloft && shown.has("dreamer") && other.name !== "child";
    const beside = { ...air, x: air.x + (i % 2 ? -1 : 1) * air.tall * 0.75, y: air.y + air.tall * 0.35 };
    const ground = { ...hero, x, y: hero.y + stage.unit * 0.006 };
    paintOther(stage, scene, other, isFlying ? beside : ground, flip);
  }
  if (shown.has("lantern") && !shown.has("grandmother")) {
    stage.motif = "thing";
    const lit = dyed(stage, scene.attributes.get("lantern")?.colour);
    const { x, y, tall } = hero;
    const isColoured = scene.attributes.get("lantern")?.colour !== undefined;
    if (hasHero(scene)) paintLantern(lit, x + tall * (flip ? -0.18 : 0.18), y - tall * 0.5, tall, isColoured);
    else paintLantern(lit, x, y - tall * 0.21, tall * 3.5, isColoured);
  }
}
