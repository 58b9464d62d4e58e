/** Chooses the height of words so that they do not cover what the picture shows. */

/** A rectangle of the film, in pixels. */
export interface Area {
  x: number;
  y: number;
  width: number;
  height: number;
}

/** Words that stand around the middle of the film's width, in pixels. */
export interface TextBlock {
  width: number;
  /** From the block's top to the baseline of its lowest line, and from there to its bottom. */
  above: number;
  below: number;
}

/** The space between words and the subject, as a part of the block's height. */
const gap = 0.15;
/** The part of a subject from its top that is its head: to cover it is this many times as bad. */
const head = { part: 0.4, weight: 4 };

/**
 * The baseline, in pixels from the top, at which the block covers none of `areas`: the usual one if that is
 * free, or else the lowest possible one, the highest one, or one just below or above an area. If there is no free
 * place, the one that covers the least, heads counting most.
 *
 * @param filmWidth the block's middle is its half
 */
export function keepClear(
  block: TextBlock,
  usual: number,
  areas: readonly Area[],
  safe: { top: number; bottom: number },
  filmWidth: number,
): number {
  const distance = (block.above + block.below) * gap;
  const [highest, lowest] = [safe.top + block.above, safe.bottom - block.below];
  const beside = areas.flatMap(({ y, height }) => [
    y + height + distance + block.above,
    y - distance - block.below,
  ]);
  const places = [usual, lowest, highest, ...beside.filter((at) => at >= highest && at <= lowest)];
  const left = (filmWidth - block.width) / 2;
  const costs = places.map((baseline) => {
    const words = {
      x: left,
      y: baseline - block.above,
      width: block.width,
      height: block.above + block.below,
    };
    return areas.reduce((sum, area) => sum + costOf(words, area), 0);
  });
  return places[costs.indexOf(Math.min(...costs))] as number;
}

function costOf(words: Area, area: Area): number {
  const top = { ...area, height: area.height * head.part };
  return overlap(words, area) + (head.weight - 1) * overlap(words, top);
}

/** The area that both cover, in square pixels. */
export function overlap(a: Area, b: Area): number {
  const across = Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x);
  const down = Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y);
  return Math.max(0, across) * Math.max(0, down);
}
