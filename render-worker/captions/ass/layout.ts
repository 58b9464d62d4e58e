import type { CaptionLook } from "./caption-looks.ts";
import { type FilmShape, type Proportions, safeHeights, shapeOf, uprightLine } from "./film-shape.ts";

export interface TextPlace {
  /** The size of an em in pixels. */
  em: number;
  /** The widest line, in pixels. */
  width: number;
  /** The baseline of the lowest line (captions) or of the block's middle (title), in pixels from the top. */
  baseline: number;
  /** Where lines begin, in pixels; null: they stand around the film's middle. */
  left: number | null;
}

export interface Layout {
  captions: TextPlace;
  title: TextPlace;
  /** Words stay between these heights, in pixels from the top. */
  safe: { top: number; bottom: number };
}

const titlePlace: Record<FilmShape, Proportions> = {
  landscape: [0.105, 0.8, 0.5],
  upright: [0.1, uprightLine, 0.42],
  square: [0.095, 0.84, 0.48],
};

/**
 * The positions of captions of this look and of the title, in a film of this size, if nothing is in their
 * way.
 */
export function layOut(width: number, height: number, look: Pick<CaptionLook, "place" | "left">): Layout {
  const shape = shapeOf(width, height);
  const scale = ([em, lineWidth, baseline]: Proportions, left: number | null): TextPlace => ({
    em: em * Math.min(width, height),
    width: lineWidth * width,
    baseline: baseline * height,
    left: left === null ? null : left * width,
  });
  const { top, bottom } = safeHeights[shape];
  return {
    captions: scale(look.place[shape], look.left),
    title: scale(titlePlace[shape], null),
    safe: { top: top * height, bottom: bottom * height },
  };
}
