import type { StyleName } from "../scene.ts";
import type { Stage } from "../stage.ts";
import { asAnime } from "./anime.ts";
import { asDream } from "./dreamlike.ts";
import { asInk } from "./ink.ts";
import { asNoir } from "./noir.ts";
import { asOil } from "./oil-painting.ts";
import { asPhotograph } from "./photographic.ts";
import { asStorybook } from "./storybook.ts";
import { asWatercolor } from "./watercolor.ts";

const hands: Record<StyleName, (stage: Stage) => void> = {
  anime: asAnime,
  dreamlike: asDream,
  ink: asInk,
  noir: asNoir,
  "oil-painting": asOil,
  photographic: asPhotograph,
  storybook: asStorybook,
  watercolor: asWatercolor,
};

/** Paints the finished picture over in the manner of a style. */
export const applyStyle = (stage: Stage, style: StyleName): void => hands[style](stage);
