import type { Storyboard } from "../../contract/storyboard.ts";
import type { FilmContext } from "./film-context.ts";
import { type PreparedPicture, preparePicture } from "./prepare-picture.ts";
import { prepareSound } from "./prepare-sound.ts";
import type { PreparedVoice } from "./prepare-voice.ts";

/** The inputs of a scene's segment. */
export interface PreparedScene extends PreparedPicture, PreparedVoice {
  index: number;
  /** An ADTS file, exactly as long as the scene. */
  sound: string;
}

/**
 * Prepares the scene's picture and sound side by side.
 *
 * @param voices of all scenes
 * @throws what preparePicture or prepareVoice throws
 */
export async function prepareScene(
  storyboard: Storyboard,
  index: number,
  voices: readonly Promise<PreparedVoice>[],
  context: FilmContext,
): Promise<PreparedScene> {
  const scene = storyboard.scenes[index] as Storyboard["scenes"][number];
  const [picture, voice, sound] = await Promise.all([
    preparePicture(scene, index, context),
    voices[index] as Promise<PreparedVoice>,
    prepareSound(storyboard, index, voices, context),
  ]);
  return { index, ...picture, ...voice, sound };
}
