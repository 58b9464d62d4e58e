import type { ColourName } from "../../text/find-attributes.ts";
import { mix, oklch, type Rgb } from "../easel/color.ts";
import type { Palette } from "../palettes.ts";

const tones: Record<ColourName, Rgb> = {
  white: oklch(0.95, 0.012, 90),
  black: oklch(0.16, 0.01, 270),
  red: oklch(0.58, 0.22, 27),
  blue: oklch(0.55, 0.19, 258),
  green: oklch(0.6, 0.17, 145),
  yellow: oklch(0.87, 0.17, 98),
  golden: oklch(0.8, 0.16, 82),
  orange: oklch(0.72, 0.18, 55),
  purple: oklch(0.5, 0.2, 305),
  pink: oklch(0.78, 0.13, 355),
  brown: oklch(0.45, 0.08, 55),
  grey: oklch(0.6, 0.01, 260),
  silver: oklch(0.82, 0.012, 250),
};

/** The colour that a prompt names, a little in the light of the scene. */
export function tintOf(colour: ColourName, { hour, shadow, horizon }: Palette): Rgb {
  return mix(tones[colour], hour === "night" ? shadow : horizon, hour === "night" ? 0.22 : 0.14);
}

/** A coat's colour on a figure against the light. */
export const clothOf = (colour: ColourName, { shadow }: Palette): Rgb => mix(shadow, tones[colour], 0.3);
