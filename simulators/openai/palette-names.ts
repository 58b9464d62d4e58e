/** The palettes that a prompt can name: the storyboard writes these names, and the painters read them. */
export const paletteNames = [
  "violet twilight and amber",
  "teal dusk and rose",
  "indigo and silver",
  "emerald and moonlight",
  "deep blue and gold",
  "slate and brass",
  "verdigris and electric white",
  "crimson and ember",
  "pearl and rose mist",
  "turquoise and coral",
  "lilac and mint",
  "ultramarine and ochre",
] as const;
export type PaletteName = (typeof paletteNames)[number];
