import type { Storyboard } from "../../contract/storyboard.ts";
import type { FilmContext } from "./film-context.ts";
import { type PreparedPicture, preparePicture } from "./prepare-picture.ts";
import { type PreparedVoice, prepareVoice } from "./prepare-voice.ts";

/** What a scene needs before it can be rendered. */
export interface PreparedScene extends PreparedPicture, PreparedVoice {
  index: number;
}

/** Gets the scene's picture and voice side by side, and makes of each what can be made without the other. */
export async function prepareScene(
  storyboard: Storyboard,
  index: number,
  context: FilmContext,
): Promise<PreparedScene> {
  const scene = storyboard.scenes[index] as Storyboard["scenes"][number];
  const [picture, voice] = await Promise.all([
    preparePicture(scene, index, context),
    prepareVoice(storyboard, index, context),
  ]);
  return { index, ...picture, ...voice };
}
