import type { Hour } from "./palettes.ts";

export const places = [
  "city",
  "street",
  "sea",
  "underwater",
  "mountains",
  "desert",
  "forest",
  "meadow",
  "room",
  "hall",
  "laboratory",
  "clouds",
  "cosmos",
  "windows",
] as const;
export type PlaceName = (typeof places)[number];

export const styles = [
  "dreamlike",
  "watercolor",
  "oil-painting",
  "ink",
  "storybook",
  "noir",
  "anime",
  "photographic",
] as const;
export type StyleName = (typeof styles)[number];

/** What a prompt asks to see, as far as we understand it. */
export interface Scene {
  place: PlaceName;
  hour: Hour;
  style: StyleName;
  /** Concepts by name (see lexicon.ts), the ones said first first. */
  shown: ReadonlySet<string>;
}

/** Where a place has room for a figure: the point under its feet, and how tall a person is there, in pixels. */
export interface Spot {
  x: number;
  y: number;
  tall: number;
}

export interface Spots {
  hero: Spot;
  second: Spot;
  /** In the sky or in the middle of the room's air. */
  air: Spot;
}
