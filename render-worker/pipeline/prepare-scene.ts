/** Prepares one scene: its picture and its sound side by side, then its captions. */
import type { SceneCamera } from "../../contract/camera.ts";
import type { Storyboard } from "../../contract/storyboard.ts";
import { findBusy, findSubject } from "../media/camera/frame-picture.ts";
import { looks } from "../media/camera/looks.ts";
import { planCamera } from "../media/camera/plan.ts";
import { cardFrames } from "../media/grid.ts";
import type { KeptFile } from "../purchases/asset-store.ts";
import type { FilmContext } from "./film-context.ts";
import { type PreparedPicture, preparePicture } from "./prepare-picture.ts";
import { prepareSound } from "./prepare-sound.ts";
import type { PreparedVoice } from "./prepare-voice.ts";
import { type CaptionFile, writeCaptions } from "./write-captions.ts";

/** The inputs of a scene's segment. */
export interface PreparedScene extends PreparedPicture, PreparedVoice {
  index: number;
  camera: SceneCamera | undefined;
  /** 0 but in the last scene of a film with an end card. */
  cardFrames: number;
  captions: CaptionFile | null;
  /** An ADTS file, exactly as long as the scene. */
  sound: KeptFile;
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
  const { camera } = scene;
  const look = looks[job.options.style];
  const closing = index === storyboard.scenes.length - 1;
  const card = closing && job.options.end_card ? cardFrames : 0;
  const seenFrames = voice.frames - card;
  const move = planCamera({ scene: index, camera, closing }, picture.field, previewSize, seenFrames, look);
  const shown = { subject: findSubject(picture.field, move, look), busy: findBusy(picture.field, move) };
  const { language } = storyboard;
  const endCard = card > 0 ? { text: job.dream.title ?? storyboard.title, seenFrames } : null;
  const text = { words: voice.words, title, endCard, language };
  const captions = await writeCaptions({ index, ...text, ...shown }, context);
  return { index, cardFrames: card, camera, ...picture, ...voice, captions, sound: await sound };
}
