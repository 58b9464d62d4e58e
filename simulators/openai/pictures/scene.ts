import type { Attributes, ColourName } from "../text/find-attributes.ts";
import type { Face } from "./marks/face.ts";
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

/** The scene of a prompt, as far as the simulator knows its words. */
export interface Scene {
  place: PlaceName;
  hour: Hour;
  style: StyleName;
  /** Concepts by name (see lexicon.ts), in the order of the prompt. */
  shown: ReadonlySet<string>;
  /** The colours and numbers that the prompt gives to concepts. */
  attributes: ReadonlyMap<string, Attributes>;
  dreamer: Dreamer;
  /** Whom the prompt names besides the dreamer, in its order. */
  company: readonly Companion[];
  /** The people whose reference sheets were given. */
  people: ReadonlyMap<Who, Looks>;
  /** The prompt says that no person is in sight. */
  isDeserted: boolean;
  /** The lowest part of the picture that the prompt asks to keep free of the subject. */
  clear: "nothing" | "quarter" | "third";
  /** The highest part that it asks to keep free. */
  clearAbove: "nothing" | "fifth" | "quarter";
}

/** The looks of the one who dreams. */
export interface Dreamer {
  hair: "long" | "short";
  coat: ColourName | null;
}

/** A person whom the prompt names, and its coat if that has a colour. */
export interface Companion {
  name: "man" | "woman" | "child";
  coat: ColourName | null;
}

/** A person that a reference sheet can show. */
export type Who = "dreamer" | "man" | "woman" | "child" | "grandmother";

/** The looks of a person as on its reference sheet. */
export interface Looks extends Dreamer {
  face: Face;
}

/** Room for a figure: the point under its feet, and a person's height there in pixels. */
export interface Spot {
  x: number;
  y: number;
  tall: number;
}

export interface Spots {
  hero: Spot;
  second: Spot;
  /** A point in the sky, or in the middle of the room. */
  air: Spot;
}
