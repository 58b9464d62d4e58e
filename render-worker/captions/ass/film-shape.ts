/** The shapes of films, and where words may stand in each. */
export type FilmShape = "landscape" | "upright" | "square";

/** The shape of a film of this size. */
export const shapeOf = (width: number, height: number): FilmShape =>
  width > height * 1.2 ? "landscape" : width < height * 0.83 ? "upright" : "square";

/**
 * The em of a text as a part of the film's shorter side, its line as a part of the width, its baseline as a
 * part of the height.
 */
export type Proportions = readonly [em: number, lineWidth: number, baseline: number];

/**
 * What apps for upright films cover with buttons and text, in parts of the film's height and width: the most
 * of the TikTok feed and of Instagram's Stories.
 *
 * @source adfuseai.com/blog/tiktok-ad-sizes-specs-guide, read 2026-11-27: keep 150 px clear at the top, 440
 * px at the bottom and 150 px at the right of 1080 x 1920
 * @source adsuploader.com/blog/meta-ads-safe-zones, read 2026-11-28: 270 px at the top and 380 px at the
 * bottom
 */
const appCover = { top: 270 / 1920, bottom: 440 / 1920, right: 150 / 1080 };

/** Words stay between these heights, in parts of the film's height from the top. */
export const safeHeights: Record<FilmShape, { top: number; bottom: number }> = {
  landscape: { top: 0.05, bottom: 0.95 },
  upright: { top: appCover.top, bottom: 1 - appCover.bottom },
  square: { top: 0.05, bottom: 0.95 },
};

/**
 * The camera shows the subject above this part of the film's height if the picture leaves room, and captions
 * of every style usually stand below it.
 */
export const captionLine: Record<FilmShape, number> = { landscape: 0.74, upright: 0.68, square: 0.74 };

/**
 * The widest line of an upright film. Lines are centred, so they keep as far from the left as from the right.
 */
export const uprightLine = 1 - 2 * appCover.right;
