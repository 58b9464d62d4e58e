import type { Storyboard } from "../../contract/storyboard.ts";
import { findBusy, findSubject } from "../media/camera/frame-picture.ts";
import { planCamera } from "../media/camera/plan.ts";
import type { FilmContext } from "./film-context.ts";
import { type PreparedPicture, preparePicture } from "./prepare-picture.ts";
import { prepareSound } from "./prepare-sound.ts";
import type { PreparedVoice } from "./prepare-voice.ts";
import { type CaptionFile, writeCaptions } from "./write-captions.ts";

/** The inputs of a scene's segment. */
export interface PreparedScene extends PreparedPicture, PreparedVoice {
  index: number;
  captions: CaptionFile | null;
  /** An ADTS file, exactly as long as the scene. */
  sound: string;
}

/**
 * Prepares the scene's picture and sound side by side, then its captions, which stay clear of the picture's
 * subject.
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
  const { job, previewSize } = context;
  const scene = storyboard.scenes[index] as Storyboard["scenes"][number];
  const sound = prepareSound(storyboard, index, voices, context);
  const [picture, voice] = await Promise.all([
    preparePicture(scene, index, context),
    voices[index] as Promise<PreparedVoice>,
    sound,
  ]);
  const title = index === 0 && job.options.title_card ? (job.dream.title ?? storyboard.title) : null;
  const move = planCamera(index, picture.field, previewSize, voice.frames);
  const shown = { subject: findSubject(picture.field, move), busy: findBusy(picture.field, move) };
  const { language } = storyboard;
  const captions = await writeCaptions({ index, words: voice.words, title, language, ...shown }, context);
  return { index, ...picture, ...voice, captions, sound: await sound };
}
