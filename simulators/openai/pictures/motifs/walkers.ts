/** Animals and things that stand on the ground: each as often and in the colour that the prompt tells. */
import { fill } from "../easel/canvas.ts";
import { ellipse, path } from "../easel/path.ts";
import { owlEyes } from "../figures/animals.ts";
import { paintFigure } from "../figures/paint-figure.ts";
import { tintOf } from "../figures/tint.ts";
import type { Scene, Spot, Spots } from "../scene.ts";
import type { Stage } from "../stage.ts";
import { groundFigures } from "./ground-figures.ts";
import { hasHero } from "./people.ts";

/** Paints the scene's animals and things side by side, away from the dreamer if the picture has one. */
export function paintWalkers(stage: Stage, scene: Scene, spots: Spots): void {
  const { width, palette } = stage;
  const herd = groundFigures
    .filter(({ name }) => scene.shown.has(name))
    .flatMap((one) =>
      Array.from({ length: scene.attributes.get(one.name)?.count ?? one.many ?? 1 }, () => one),
    );
  const places = placeAll(
    stage,
    herd.map(({ tall, half }) => tall * half),
    spots,
    hasHero(scene),
  );
  for (const [i, { name, shape, tall, colour: own }] of herd.entries()) {
    const { x, y, tall: person } = places[i] as Spot;
    const colour = scene.attributes.get(name)?.colour ?? own;
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
