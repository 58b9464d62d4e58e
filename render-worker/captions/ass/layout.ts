import type { BurntInStyle } from "../../../contract/caption-style.ts";
import { burntInStyles, captionLooks } from "./caption-looks.ts";
import { type FilmShape, type Proportions, safeHeights, shapeOf, uprightLine } from "./film-shape.ts";

export interface TextPlace {
  /** The size of an em in pixels. */
  em: number;
  /** The widest line, in pixels. */
  width: number;
  /** The baseline of the lowest line (captions) or of the block's middle (title), in pixels from the top. */
  baseline: number;
}

export interface Layout extends Record<BurntInStyle, TextPlace> {
  title: TextPlace;
  /** Words stay between these heights, in pixels from the top. */
  safe: { top: number; bottom: number };
}

const titlePlace: Record<FilmShape, Proportions> = {
  landscape: [0.105, 0.8, 0.5],
  upright: [0.1, uprightLine, 0.42],
  square: [0.095, 0.84, 0.48],
};

/** The positions of captions and title, by the film's shape, if nothing is in their way. */
export function layOut(width: number, height: number): Layout {
  const shape = shapeOf(width, height);
  const scale = ([em, lineWidth, baseline]: Proportions): TextPlace => ({
    em: em * Math.min(width, height),
    width: lineWidth * width,
    baseline: baseline * height,
  });
  const captions = burntInStyles.map((style) => [style, scale(captionLooks[style].place[shape])]);
  const { top, bottom } = safeHeights[shape];
  return {
    ...(Object.fromEntries(captions) as Record<BurntInStyle, TextPlace>),
    title: scale(titlePlace[shape]),
    safe: { top: top * height, bottom: bottom * height },
  };
}
