/**
 * The colours of a film. One palette serves all its scenes; the hour of the day makes it lighter or darker.
 */
import type { PaletteName } from "../palette-names.ts";
import { mix, oklch, type Rgb } from "./easel/color.ts";

export type Hour = "day" | "dawn" | "dusk" | "night";

/** Hues in degrees of OKLCH; chroma as a factor of the natural value. */
interface Tone {
  name: PaletteName;
  zenith: number;
  horizon: number;
  light: number;
  earth: number;
  accent: number;
  leaf: number;
  chroma: number;
}

const tones: readonly [Tone, ...Tone[]] = [
  {
    name: "violet twilight and amber",
    zenith: 285,
    horizon: 45,
    light: 75,
    earth: 290,
    accent: 60,
    leaf: 165,
    chroma: 1,
  },
  {
    name: "teal dusk and rose",
    zenith: 228,
    horizon: 20,
    light: 45,
    earth: 235,
    accent: 12,
    leaf: 185,
    chroma: 1,
  },
  {
    name: "indigo and silver",
    zenith: 275,
    horizon: 245,
    light: 220,
    earth: 270,
    accent: 80,
    leaf: 215,
    chroma: 0.85,
  },
  {
    name: "emerald and moonlight",
    zenith: 215,
    horizon: 165,
    light: 115,
    earth: 180,
    accent: 65,
    leaf: 155,
    chroma: 0.95,
  },
  {
    name: "deep blue and gold",
    zenith: 262,
    horizon: 78,
    light: 85,
    earth: 262,
    accent: 75,
    leaf: 200,
    chroma: 1,
  },
  {
    name: "slate and brass",
    zenith: 245,
    horizon: 85,
    light: 80,
    earth: 240,
    accent: 65,
    leaf: 200,
    chroma: 0.6,
  },
  {
    name: "verdigris and electric white",
    zenith: 205,
    horizon: 170,
    light: 185,
    earth: 200,
    accent: 200,
    leaf: 160,
    chroma: 0.75,
  },
  {
    name: "crimson and ember",
    zenith: 335,
    horizon: 40,
    light: 55,
    earth: 345,
    accent: 35,
    leaf: 130,
    chroma: 1.05,
  },
  {
    name: "pearl and rose mist",
    zenith: 240,
    horizon: 25,
    light: 70,
    earth: 260,
    accent: 20,
    leaf: 170,
    chroma: 0.6,
  },
  {
    name: "turquoise and coral",
    zenith: 215,
    horizon: 35,
    light: 60,
    earth: 225,
    accent: 25,
    leaf: 175,
    chroma: 1.1,
  },
  {
    name: "lilac and mint",
    zenith: 305,
    horizon: 175,
    light: 105,
    earth: 295,
    accent: 345,
    leaf: 165,
    chroma: 0.8,
  },
  {
    name: "ultramarine and ochre",
    zenith: 268,
    horizon: 70,
    light: 78,
    earth: 55,
    accent: 65,
    leaf: 125,
    chroma: 0.9,
  },
];

export interface Palette {
  name: string;
  hour: Hour;
  zenith: Rgb;
  upper: Rgb;
  horizon: Rgb;
  /** The colour of the sun or the moon. */
  light: Rgb;
  /** The colour of far distance. */
  mist: Rgb;
  far: Rgb;
  near: Rgb;
  /** The darkest colour. */
  shadow: Rgb;
  ground: Rgb;
  water: Rgb;
  leaf: Rgb;
  accent: Rgb;
  /** Lamplight, windows, embers. */
  lamp: Rgb;
}

interface Lightness {
  sky: [number, number, number];
  light: number;
  land: [number, number, number];
}

const hours: Record<Hour, Lightness> = {
  day: { sky: [0.58, 0.74, 0.93], light: 0.97, land: [0.66, 0.4, 0.22] },
  dawn: { sky: [0.45, 0.64, 0.88], light: 0.95, land: [0.56, 0.34, 0.18] },
  dusk: { sky: [0.3, 0.5, 0.8], light: 0.93, land: [0.44, 0.26, 0.13] },
  night: { sky: [0.15, 0.27, 0.48], light: 0.92, land: [0.3, 0.18, 0.09] },
};

/** The palette that a prompt names, or the `index`-th of all. */
export function mixPalette(prompt: string, index: number, hour: Hour): Palette {
  const named = tones.find(({ name }) => prompt.toLowerCase().includes(name));
  const tone = named ?? tones[index % tones.length] ?? tones[0];
  const { sky, light, land } = hours[hour];
  const c = tone.chroma;
  const warmth = hour === "night" ? 0.35 : hour === "day" ? 0.45 : 1;
  // Mixes RGB: a rotation of the hue would pass through greens, which no sky has.
  const blend = (lightness: number, chroma: number, a: number, b: number, t: number) =>
    mix(oklch(lightness, chroma * c, a), oklch(lightness, chroma * c, b), t);
  const air = (lightness: number, chroma: number, t: number) =>
    blend(lightness, chroma, tone.zenith, tone.horizon, t * warmth);
  return {
    name: tone.name,
    hour,
    zenith: oklch(sky[0], 0.09 * c, tone.zenith),
    upper: air(sky[1], 0.1, 0.35),
    horizon: air(sky[2], 0.085, 1),
    light: oklch(light, 0.06 * c, tone.light),
    mist: air(sky[2] * 0.86, 0.06, 0.65),
    far: blend(land[0], 0.06, tone.earth, tone.horizon, 0.3 * warmth),
    near: oklch(land[1], 0.05 * c, tone.earth),
    shadow: oklch(land[2], 0.035 * c, tone.earth),
    ground: blend(land[1] * 1.15, 0.05, tone.earth, tone.light, 0.4),
    water: blend(sky[1] * 0.72, 0.075, tone.zenith, tone.leaf, 0.3),
    leaf: oklch(land[0] * 0.95, 0.085 * c, tone.leaf),
    accent: oklch(0.74, 0.14 * c, tone.accent),
    lamp: mix(oklch(0.86, 0.12, tone.accent), oklch(0.87, 0.12, 75), 0.75),
  };
}
