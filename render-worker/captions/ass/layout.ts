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
  /** Words stay between these heights, in pixels from the top. */
  safe: { top: number; bottom: number };
}

/**
 * What apps for upright films cover with buttons and text, in parts of the film's height and width: the
 * TikTok feed, which covers more than Reels and Shorts do.
 *
 * @source adfuseai.com/blog/tiktok-ad-sizes-specs-guide, read 2026-11-27: keep 150 px clear at the top, 440 px
 *   at the bottom and 150 px at the right of 1080 x 1920
 */
const appCover = { top: 150 / 1920, bottom: 440 / 1920, right: 150 / 1080 };

/** The positions of captions and title, by the film's shape, if nothing is in their way. */
export function layOut(width: number, height: number): Layout {
  const shape = width > height * 1.2 ? landscape : width < height * 0.83 ? upright : square;
  const scale = ([em, lineWidth, baseline]: Proportions): TextPlace => ({
    em: em * Math.min(width, height),
    width: lineWidth * width,
    baseline: baseline * height,
  });
  const safe = { top: shape.safe.top * height, bottom: shape.safe.bottom * height };
  return { karaoke: scale(shape.karaoke), sentence: scale(shape.sentence), title: scale(shape.title), safe };
}

/**
 * The em as a part of the shorter side, the line as a part of the width, the baseline as a part of the
 * height.
 */
type Proportions = readonly [em: number, lineWidth: number, baseline: number];
type Shape = Readonly<
  Record<"karaoke" | "sentence" | "title", Proportions> & { safe: { top: number; bottom: number } }
>;

const screen = { top: 0.05, bottom: 0.95 };
const landscape: Shape = {
  karaoke: [0.068, 0.8, 0.86],
  sentence: [0.045, 0.76, 0.905],
  title: [0.105, 0.8, 0.5],
  safe: screen,
};
/** Lines are centred, so they keep as far from the left as from the right. */
const uprightLine = 1 - 2 * appCover.right;
const upright: Shape = {
  karaoke: [0.08, uprightLine, 0.73],
  sentence: [0.053, uprightLine, 0.75],
  title: [0.1, 0.82, 0.42],
  safe: { top: appCover.top, bottom: 1 - appCover.bottom },
};
const square: Shape = {
  karaoke: [0.07, 0.84, 0.84],
  sentence: [0.048, 0.84, 0.89],
  title: [0.095, 0.84, 0.48],
  safe: screen,
};
