/** Animals that stand on the ground: each as often and in the colour that the prompt tells. */
import { fill } from "../easel/canvas.ts";
import { ellipse, type Path, path } from "../easel/path.ts";
import { cat, deer, dog, donkey, elephant, horse, owl, owlEyes, rabbit, wolf } from "../figures/animals.ts";
import { paintFigure } from "../figures/paint-figure.ts";
import { tintOf } from "../figures/tint.ts";
import type { Scene, Spot, Spots } from "../scene.ts";
import type { Stage } from "../stage.ts";
import { hasHero } from "./people.ts";

/** The height of the back, as a part of a person's height, and half the width, as a part of that. */
const walkers: readonly [name: string, shape: () => Path, tall: number, half: number][] = [
  ["horse", horse, 0.62, 1],
  ["deer", deer, 0.55, 0.8],
  ["wolf", wolf, 0.42, 1],
  ["dog", dog, 0.34, 1],
  ["elephant", elephant, 1, 1],
  ["cat", cat, 0.26, 0.7],
  ["donkey", donkey, 0.58, 0.9],
  ["rabbit", rabbit, 0.22, 0.6],
  ["owl", owl, 0.42, 0.45],
];

/** Paints the scene's animals side by side, away from the dreamer if the picture has one. */
export function paintWalkers(stage: Stage, scene: Scene, spots: Spots): void {
  const { width, palette } = stage;
  const herd = walkers
    .filter(([name]) => scene.shown.has(name))
    .flatMap((walker) => Array.from({ length: scene.attributes.get(walker[0])?.count ?? 1 }, () => walker));
  const places = placeAll(
    stage,
    herd.map(([, , tall, half]) => tall * half),
    spots,
    hasHero(scene),
  );
  for (const [i, [name, shape, tall]] of herd.entries()) {
    const { x, y, tall: person } = places[i] as Spot;
    const colour = scene.attributes.get(name)?.colour;
    stage.motif = name;
    const placing = { x, y, scale: person * tall, flip: x > width / 2 };
    paintFigure(stage, shape(), placing, colour ? { color: tintOf(colour, palette) } : {});
    if (name === "owl") paintEyes(stage, placing);
  }
}

/** Ground for figures of these half widths: one large spot, or a row that keeps clear of the dreamer. */
function placeAll(
  { width, unit }: Stage,
  halves: readonly number[],
  { hero, second }: Spots,
  besideHero: boolean,
): Spot[] {
  if (halves.length === 0) return [];
  const [only = 0] = halves;
  const margin = width * 0.05;
  if (!besideHero && halves.length === 1) {
    // It is what the picture is about.
    const tall = Math.max(second.tall, Math.min(unit * 0.42, second.tall * 1.5));
    const x = Math.min(
      Math.max(second.x * 0.4 + width * 0.3, margin + only * tall),
      width - margin - only * tall,
    );
    return [{ x, y: hero.y, tall }];
  }
  const row = halves.reduce((sum, half) => sum + 2 * half, 0);
  const onLeft = hero.x > width / 2;
  const clear = besideHero ? unit * 0.12 : 0;
  const [from, to] = besideHero
    ? onLeft
      ? [margin, hero.x - clear]
      : [hero.x + clear, width - margin]
    : [margin, width - margin];
  const tall = Math.min(second.tall * (halves.length === 1 ? 1.15 : 1), (to - from) / (row * 1.06));
  const gap = Math.min(unit * 0.08, Math.max(0, to - from - row * tall) / (halves.length + 1));
  const used = row * tall + gap * (halves.length - 1);
  let at = besideHero ? (onLeft ? Math.max(from, to - used) : from) : (from + to - used) / 2;
  return halves.map((half, i) => {
    const x = at + half * tall;
    at += 2 * half * tall + gap;
    return { x, y: second.y + (i % 2 ? unit * 0.014 : 0), tall };
  });
}

function paintEyes(
  { canvas, palette }: Stage,
  { x, y, scale, flip }: { x: number; y: number; scale: number; flip: boolean },
) {
  for (const [dx, dy] of owlEyes) {
    const eye = { x: x + (flip ? -dx : dx) * scale, y: y + dy * scale };
    fill(canvas, path(ellipse(eye.x, eye.y, scale * 0.115)), palette.lamp);
    fill(canvas, path(ellipse(eye.x, eye.y, scale * 0.05)), palette.shadow);
  }
}
