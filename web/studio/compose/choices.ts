/** The names of a film's options. A style or voice that is new in the contract fails to compile here. */
import { captionStyles } from "../../../contract/caption-style.ts";
import type { Aspect, VisualStyle, Voice } from "../../../contract/film.ts";

export const looks: Record<VisualStyle, string> = {
  dreamlike: "Dreamlike",
  watercolor: "Watercolor",
  "oil-painting": "Oil painting",
  ink: "Ink",
  storybook: "Storybook",
  noir: "Noir",
  anime: "Anime",
  photographic: "Photographic",
};

export const shapes: Record<Aspect, string> = { "16:9": "Wide", "9:16": "Tall", "1:1": "Square" };

export const captions: Record<string, string> = Object.fromEntries(
  Object.entries(captionStyles).map(([style, { name }]) => [style, name]),
);

/** Offered if the dream was told aloud. */
export const ownVoice = "My own voice";

export const voices: Record<Voice, string> = {
  sage: "Sage, calm",
  nova: "Nova, bright",
  shimmer: "Shimmer, soft",
  coral: "Coral, warm",
  alloy: "Alloy, even",
  fable: "Fable, a storyteller",
  ash: "Ash, close",
  echo: "Echo, deep",
  onyx: "Onyx, dark",
};
