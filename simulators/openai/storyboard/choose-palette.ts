import { paletteNames } from "../palette-names.ts";

/** The colours of a whole film, by what its dream names. `draw`: from 0 to 1. */
export function choosePalette(concepts: ReadonlySet<string>, draw: number): string {
  const choices =
    concepts.has("laboratory") || concepts.has("ghost")
      ? ["verdigris and electric white", "slate and brass", "verdigris and electric white"]
      : concepts.has("angel") || concepts.has("ladder")
        ? ["deep blue and gold", "ultramarine and ochre", "violet twilight and amber"]
        : concepts.has("fool") || concepts.has("ass") || concepts.has("forest")
          ? ["emerald and moonlight", "lilac and mint", "emerald and moonlight"]
          : concepts.has("terror") || concepts.has("fire")
            ? ["crimson and ember", "slate and brass", "indigo and silver"]
            : concepts.has("sea") || concepts.has("underwater") || concepts.has("whale")
              ? ["turquoise and coral", "teal dusk and rose", "indigo and silver"]
              : concepts.has("snow") || concepts.has("winter")
                ? ["indigo and silver", "pearl and rose mist"]
                : concepts.has("glass") || concepts.has("city")
                  ? ["violet twilight and amber", "teal dusk and rose"]
                  : paletteNames;
  return choices[Math.floor(draw * choices.length)] ?? "violet twilight and amber";
}
