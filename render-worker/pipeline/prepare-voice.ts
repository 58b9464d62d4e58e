/** A scene's voice, and what depends on it alone: the scene's length, its captions and its sound. */
import type { Storyboard } from "../../contract/storyboard.ts";
import type { TimedWord } from "../captions/timed-word.ts";
import { encodeSceneSound, soundRecipe } from "../media/encode-scene-sound.ts";
import { sceneFrames } from "../media/grid.ts";
import type { FilmContext } from "./film-context.ts";
import { urgency } from "./urgency.ts";
import { obtainVoice } from "./voice/obtain-voice.ts";
import { type CaptionFile, writeCaptions } from "./write-captions.ts";

export interface PreparedVoice {
  /** Of the whole scene; a multiple of 16. */
  frames: number;
  words: TimedWord[];
  captions: CaptionFile | null;
  /** An ADTS file, exactly as long as the scene. */
  sound: string;
  /** The model that speaks; null in a silent scene, and where a person speaks. */
  voiceModel: string | null;
  /** A person speaks. */
  isRecorded: boolean;
}

const soundKind = { capability: "sound", extension: "aac", contentType: "audio/aac" } as const;

/**
 * Obtains the scene's voice, aligns its captions and encodes its sound.
 *
 * @throws what the film has to stop for
 */
export async function prepareVoice(
  storyboard: Storyboard,
  index: number,
  context: FilmContext,
): Promise<PreparedVoice> {
  const { assets, encoders, job, progress } = context;
  const scene = storyboard.scenes[index] as Storyboard["scenes"][number];
  const { language } = storyboard;
  const voice = await obtainVoice(scene, language, index, context);
  const { seconds, reused, words } = voice;
  progress.log({ type: "scene.voice", data: { scene: index, seconds, reused } });
  progress.finished("voice");
  const frames = sceneFrames(seconds);
  const title = index === 0 && job.options.title_card ? storyboard.title : null;
  const [captions, { path: sound }] = await Promise.all([
    writeCaptions({ index, words, title, language }, context),
    keepSound(),
  ]);
  const { model: voiceModel } = voice;
  const isRecorded = voice.sound !== null && voiceModel === null;
  return { frames, words, captions, sound, voiceModel, isRecorded };

  function keepSound() {
    const encode = (to: string) => () => encodeSceneSound(voice.sound, frames, to, context.signal);
    const shape = { recipe: soundRecipe, voice: voice.key, frames };
    return assets.getOrMake(soundKind, shape, (to) =>
      encoders.run(context.signal, encode(to), urgency.scene(index)),
    );
  }
}
