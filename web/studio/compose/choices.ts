/** The names of a film's options. A style or voice that is new in the contract fails to compile here. */
import type { Aspect, CaptionStyle, VisualStyle, Voice } from "../../../contract/film.ts";

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

export const captions: Record<CaptionStyle, string> = {
  karaoke: "Word by word",
  sentence: "Sentences",
  none: "None",
};

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
