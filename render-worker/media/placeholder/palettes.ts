import type { VisualStyle } from "../../../contract/film.ts";

/** Red, green and blue, 0 to 255. */
export type Rgb = readonly [number, number, number];

interface Palette {
  /** From the zenith to the horizon. */
  sky: readonly [Rgb, Rgb, Rgb];
  light: Rgb;
  /** The nearest hill; farther ones fade into the horizon's colour. */
  near: Rgb;
  stars: boolean;
}

/** The colours of each style. */
export const palettes: Record<VisualStyle, Palette> = {
  dreamlike: {
    sky: [
      [34, 30, 84],
      [118, 84, 150],
      [240, 176, 160],
    ],
    light: [255, 236, 205],
    near: [24, 22, 58],
    stars: true,
  },
  watercolor: {
    sky: [
      [126, 168, 196],
      [186, 208, 214],
      [246, 230, 206],
    ],
    light: [255, 248, 228],
    near: [74, 104, 108],
    stars: false,
  },
  "oil-painting": {
    sky: [
      [40, 52, 74],
      [130, 100, 72],
      [226, 164, 84],
    ],
    light: [255, 224, 150],
    near: [34, 26, 22],
    stars: false,
  },
  ink: {
    sky: [
      [206, 202, 192],
      [224, 220, 210],
      [240, 236, 226],
    ],
    light: [250, 248, 242],
    near: [34, 34, 38],
    stars: false,
  },
  storybook: {
    sky: [
      [52, 84, 140],
      [120, 162, 190],
      [252, 206, 140],
    ],
    light: [255, 238, 178],
    near: [42, 66, 60],
    stars: true,
  },
  noir: {
    sky: [
      [14, 15, 18],
      [48, 50, 54],
      [124, 126, 128],
    ],
    light: [236, 238, 238],
    near: [8, 8, 10],
    stars: false,
  },
  anime: {
    sky: [
      [40, 104, 196],
      [110, 178, 232],
      [250, 226, 206],
    ],
    light: [255, 250, 226],
    near: [30, 74, 88],
    stars: false,
  },
  photographic: {
    sky: [
      [46, 66, 98],
      [122, 132, 146],
      [228, 178, 138],
    ],
    light: [255, 230, 192],
    near: [26, 30, 34],
    stars: false,
  },
};
