export interface TextPlace {
  /** The size of an em in pixels. */
  em: number;
  /** The widest line, in pixels. */
  width: number;
  /** The baseline of the lowest line (captions) or of the block's middle (title), in pixels from the top. */
  baseline: number;
}

export interface Layout {
  karaoke: TextPlace;
  sentence: TextPlace;
  title: TextPlace;
}

/**
 * The positions of captions and title, by the film's shape. Apps for upright films put buttons over the
 * lowest fifth and along the right edge: captions stay above the first and, being centred, clear of the
 * second.
 */
export function layOut(width: number, height: number): Layout {
  const shape = width > height * 1.2 ? landscape : width < height * 0.83 ? upright : square;
  const scale = ([em, lineWidth, baseline]: Proportions): TextPlace => ({
    em: em * Math.min(width, height),
    width: lineWidth * width,
    baseline: baseline * height,
  });
  return { karaoke: scale(shape.karaoke), sentence: scale(shape.sentence), title: scale(shape.title) };
}

/**
 * The em as a part of the shorter side, the line as a part of the width, the baseline as a part of the
 * height.
 */
type Proportions = readonly [em: number, lineWidth: number, baseline: number];
type Shape = Readonly<Record<keyof Layout, Proportions>>;

const landscape: Shape = {
  karaoke: [0.068, 0.8, 0.86],
  sentence: [0.045, 0.76, 0.905],
  title: [0.105, 0.8, 0.5],
};
const upright: Shape = { karaoke: [0.08, 0.8, 0.73], sentence: [0.053, 0.8, 0.75], title: [0.1, 0.82, 0.42] };
const square: Shape = {
  karaoke: [0.07, 0.84, 0.84],
  sentence: [0.048, 0.84, 0.89],
  title: [0.095, 0.84, 0.48],
};
