import type { VisualStyle } from "../../../contract/film.ts";
import { fadeFrames } from "../grid.ts";

/** What the camera adds to its moves. Lengths are in pixels of a film 1920 wide; smaller films get less. */
export interface Look {
  /** The length of the crossfade at the start of every scene but the first, in frames: a multiple of 16. */
  fadeFrames: number;
  /** `luma`: the bright parts of the new picture come first. */
  dissolve: "plain" | "luma";
  /** How far the ground in front slides beside what is far away, to either side. */
  parallax: number;
  /** How far rows sway, as if seen through water. */
  wave: number;
  /** Small lights that drift over the picture. */
  lights: number;
}

const still: Look = { fadeFrames, dissolve: "plain", parallax: 0, wave: 0, lights: 0 };
const deep: Look = { ...still, parallax: 16 };

/** Paper and canvas are flat: what is painted on them gets no depth. docs/decisions/0018 has the figures. */
export const looks: Record<VisualStyle, Look> = {
  dreamlike: { fadeFrames: 2 * fadeFrames, dissolve: "luma", parallax: 16, wave: 2.5, lights: 60 },
  watercolor: { ...still, fadeFrames: 2 * fadeFrames, dissolve: "luma" },
  "oil-painting": still,
  ink: { ...still, fadeFrames: 2 * fadeFrames, dissolve: "luma" },
  storybook: deep,
  noir: deep,
  anime: deep,
  photographic: deep,
};

/** The camera alone, with a plain crossfade. */
export const plainLook = still;

/** How far a row of the picture may slide at most, to either side, in parts of the frame's width. */
export const rowReach = ({ parallax, wave }: Look): number => (parallax + wave) / 1920;
