/** Chooses the height of words so that they do not cover what the picture shows. */

/** A rectangle of the film, in pixels. */
export interface Area {
  x: number;
  y: number;
  width: number;
  height: number;
}

/** Words that are shown together, in pixels. */
export interface TextBlock {
  width: number;
  /** Its left edge; absent or null: it stands around the middle of the film's width. */
  left?: number | null;
  /** From the block's top to the baseline of its lowest line, and from there to its bottom. */
  above: number;
  below: number;
}

/** The space between words and the subject, as a part of the block's height. */
const gap = 0.15;
/** The part of a subject from its top that is its head: to cover it is this many times as bad. */
const head = { part: 0.4, weight: 4 };
const towardsTop = 0.01;
/**
 * The space between a title and the captions, as a part of the captions' height, so that they are not read as
 * one.
 */
export const apart = 0.3;

/** The film that the words stand in, in pixels. */
export interface Screen {
  width: number;
  height: number;
  safe: { top: number; bottom: number };
  /** How much attracts the eye in each of the equal bands of the film, from the top. Empty: not known. */
  busy?: readonly number[];
  /** Where other words stand: never covered if there is another place. */
  taken?: Area | null;
}

/**
 * The baseline, in pixels from the top, at which the block covers none of `areas`: the usual one if that is
 * free, or else the lowest possible one, the highest one, or one just below or above an area. If there is no
 * free place, the least busy one of the first three, or if that is not known the one that covers the least,
 * heads counting most.
 */
export function keepClear(
  block: TextBlock,
  usual: number,
  areas: readonly Area[],
  { width, height, safe, busy = [], taken = null }: Screen,
): number {
  const distance = (block.above + block.below) * gap;
  const [highest, lowest] = [safe.top + block.above, safe.bottom - block.below];
  const placesBeside = ({ y, height: tall }: Area, away: number) => [
    y + tall + away + block.above,
    y - away - block.below,
  ];
  const beside = [
    ...areas.flatMap((area) => placesBeside(area, distance)),
    ...(taken ? placesBeside(taken, Math.max(distance, taken.height * apart)) : []),
  ];
  const at = (baseline: number) => areaOf(block, baseline, width);
  const all = [usual, lowest, highest, ...beside.filter((one) => one >= highest && one <= lowest)];
  const free = all.filter((one) => !taken || overlap(at(one), taken) === 0);
  const places = free.length > 0 ? free : all;
  const words = places.map(at);
  const covered = words.map((one) => areas.reduce((sum, area) => sum + costOf(one, area), 0));
  const isCrowded = busy.length > 0 && Math.min(...covered) > 0;
  const costs = isCrowded ? words.slice(0, 3).map((one) => busyness(one, busy, height)) : covered;
  return places[costs.indexOf(Math.min(...costs))] as number;
}

/** The area that the block covers with its lowest baseline at this height, in a film of this width. */
export const areaOf = (
  { width, left, above, below }: TextBlock,
  baseline: number,
  filmWidth: number,
): Area => ({
  x: left ?? (filmWidth - width) / 2,
  y: baseline - above,
  width,
  height: above + below,
});

/** How busy the bands are that the words cover, on average. */
function busyness(words: Area, busy: readonly number[], height: number): number {
  const band = height / busy.length;
  const parts = busy.map((value, i) => {
    const down = Math.min(words.y + words.height, (i + 1) * band) - Math.max(words.y, i * band);
    return value * Math.max(0, down);
  });
  return parts.reduce((sum, part) => sum + part, 0) / words.height;
}

function costOf(words: Area, area: Area): number {
  const top = { ...area, height: area.height * head.part };
  const covered = overlap(words, area);
  // Of two places that cover as much, the lower one is further from the head.
  const height = covered * towardsTop * (1 - (words.y - area.y) / area.height);
  return covered + (head.weight - 1) * overlap(words, top) + height;
}

/** The area that both cover, in square pixels. */
export function overlap(a: Area, b: Area): number {
  const across = Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x);
  const down = Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y);
  return Math.max(0, across) * Math.max(0, down);
}
