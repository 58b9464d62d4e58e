import type { Storyboard } from "../../contract/storyboard.ts";
import type { FilmContext } from "./film-context.ts";
import { type PreparedPicture, preparePicture } from "./prepare-picture.ts";
import { type PreparedVoice, prepareVoice } from "./prepare-voice.ts";

/** The inputs of a scene's segment. */
export interface PreparedScene extends PreparedPicture, PreparedVoice {
  index: number;
}

/**
 * Prepares the scene's picture and voice side by side.
 *
 * @throws what preparePicture or prepareVoice throws
 */
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
