/** Paints what a prompt gives a colour to with a palette of that colour. */
import type { ColourName } from "../text/find-attributes.ts";
import { mix, type Rgb } from "./easel/color.ts";
import { tintOf } from "./figures/tint.ts";
import type { Palette } from "./palettes.ts";
import type { Stage } from "./stage.ts";

type Part = Exclude<keyof Palette, "name" | "hour">;
const allParts: readonly Part[] = [
  ...(["zenith", "upper", "horizon", "light", "mist", "far", "near"] as const),
  ...(["shadow", "ground", "water", "leaf", "accent", "lamp"] as const),
];
/** How far the colours go over to the dye, and how much of their own lightness they keep. */
const strength = 0.75;
const ownLightness = 0.75;

const lightness = ([r, g, b]: Rgb) => 0.3 * r + 0.6 * g + 0.1 * b;

/** The stage with its palette, or these parts of it, in the colour; the same stage without one. */
export function dyed(stage: Stage, colour: ColourName | undefined, parts: readonly Part[] = allParts): Stage {
  if (colour === undefined) return stage;
  const tone = tintOf(colour, stage.palette);
  const palette = { ...stage.palette };
  for (const part of parts) {
    const own = palette[part];
    const factor = lightness(own) / Math.max(0.05, lightness(tone));
    const asLight: Rgb = [tone[0] * factor, tone[1] * factor, tone[2] * factor];
    palette[part] = mix(own, mix(tone, asLight, ownLightness), strength);
  }
  return { ...stage, palette };
}

/** What of a palette shows concepts that are no figures of their own. */
const partsOf: Record<string, readonly Part[]> = {
  heaven: ["zenith", "upper", "horizon", "mist"],
  river: ["water"],
  water: ["water"],
  moon: ["light"],
  sun: ["light"],
  star: ["light"],
  light: ["light"],
  flower: ["accent"],
  snow: ["ground", "mist", "near"],
  candle: ["lamp"],
  window: ["lamp"],
};

/** The stage for scenery: in the colour of its place, and of what belongs to scenery. */
export function dyedScenery(
  stage: Stage,
  place: string,
  attributes: ReadonlyMap<string, { colour?: ColourName }>,
): Stage {
  let dyedStage = dyed(stage, attributes.get(place)?.colour);
  for (const [name, parts] of Object.entries(partsOf))
    dyedStage = dyed(dyedStage, attributes.get(name)?.colour, parts);
  return dyedStage;
}
