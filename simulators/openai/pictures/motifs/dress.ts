/** What people wear, and whose face they have. */
import type { ColourName } from "../../text/find-attributes.ts";
import { mix, smoothstep } from "../easel/color.ts";
import type { Look } from "../figures/paint-figure.ts";
import { clothOf } from "../figures/tint.ts";
import type { Face } from "../marks/face.ts";
import type { Scene } from "../scene.ts";
import type { Stage } from "../stage.ts";

/** A figure's surface, and the face that its reference sheet gives it. */
export interface Dress extends Look {
  face?: Face | undefined;
}

/** The coat and face of the one who dreams. */
export const dressOf = (stage: Stage, { dreamer, people }: Scene): Dress => ({
  ...(dreamer.coat
    ? wear(stage, dreamer.coat, hairAbove[people.has("dreamer") ? dreamer.hair : "unseen"])
    : {}),
  face: people.get("dreamer")?.face,
});

/** From where the hair goes over into the coat to where the coat begins, in parts of the figure's height. */
const hairAbove: Record<"unseen" | "short" | "long" | "child", readonly [number, number]> = {
  unseen: [0.08, 0.15],
  short: [0.13, 0.15],
  long: [0.16, 0.19],
  child: [0.21, 0.24],
};

/** A coat in this colour; hair and legs are dark. */
export function wear({ palette }: Stage, colour: ColourName, [hair, coat] = hairAbove.unseen): Look {
  const color = clothOf(colour, palette);
  const dark = mix(color, palette.shadow, 0.75);
  return {
    color,
    pattern: (_u, v) => mix(dark, color, smoothstep(hair, coat, v) * smoothstep(0.86, 0.62, v)),
  };
}

/** The coats of the first person of each kind in a picture, and of those after it. */
const ownCoats = {
  man: ["grey", "brown", "green", "purple"],
  woman: ["pink", "white", "orange", "blue"],
  child: ["yellow", "red", "blue", "green"],
} as const;

/**
 * The coat, face and hair of another person: those of its reference sheet, or else as the prompt tells; a
 * second one of its kind differs from the first.
 */
export function dressOfOther(
  stage: Stage,
  { people }: Scene,
  { name, coat: told, place }: { name: keyof typeof ownCoats; coat: ColourName | null; place: number },
): { dress: Dress; hair: "long" | "short" } {
  const known = place === 0 ? people.get(name) : undefined;
  const own = ownCoats[name][place % ownCoats[name].length] as ColourName;
  const coat = known?.coat ?? told ?? own;
  const isUsual = place % 2 === 0;
  const hair = known?.hair ?? ((name === "woman") === isUsual ? "long" : "short");
  const above = hairAbove[known === undefined ? "unseen" : name === "child" ? name : hair];
  return { dress: { ...wear(stage, coat, above), face: known?.face }, hair };
}
