/**
 * What each caption style looks like: all that drawing, keeping clear of the subject and the tests read of
 * it. A style of contract/caption-style.ts without an entry is a type error.
 */
import type { BurntInStyle } from "../../../contract/caption-style.ts";
import { type FilmShape, type Proportions, uprightLine } from "./film-shape.ts";

export interface CaptionLook {
  /** The most words that are shown together; a script without spaces is limited by width alone. */
  maxWords: number;
  /** The widest line, in em; a line is never wider than its place. */
  widestEms: number;
  /** The lines that a group of words is cut for. */
  usualLines: 1 | 2;
  /** The most lines, for a group that does not fit on the usual ones. */
  maxLines: number;
  /** The preferred width of a whole group, as a part of the widest line. */
  idealWidth: number;
  /** The smallest scale of a group that is too wide. */
  minScale: number;
  /** The spoken word grows. */
  grows: boolean;
  /** What is drawn behind each line. */
  behind: "glow" | "box";
  /** Where lines begin, as a part of the film's width from the left; null: they stand around the middle. */
  left: number | null;
  /**
   * Size and usual position of the words. They stand below `captionLine` of film-shape.ts, where the camera
   * shows no subject if it can.
   */
  place: Record<FilmShape, Proportions>;
}

export const captionLooks: Record<BurntInStyle, CaptionLook> = {
  karaoke: {
    // About 18 letters.
    ...{ maxWords: 3, widestEms: 11, usualLines: 1, maxLines: 2, idealWidth: 0.8, minScale: 0.5 },
    ...{ grows: true, behind: "glow", left: null },
    place: {
      landscape: [0.068, 0.8, 0.86],
      upright: [0.08, uprightLine, 0.73],
      square: [0.07, 0.84, 0.84],
    },
  },
  sentence: {
    ...{
      maxWords: Number.POSITIVE_INFINITY,
      widestEms: Number.POSITIVE_INFINITY,
      usualLines: 2,
      maxLines: 2,
    },
    ...{ idealWidth: 1.4, minScale: 0.7, grows: false, behind: "glow", left: null },
    place: {
      landscape: [0.045, 0.76, 0.905],
      upright: [0.053, uprightLine, 0.75],
      square: [0.048, 0.84, 0.89],
    },
  },
};

export const burntInStyles = Object.keys(captionLooks) as BurntInStyle[];
