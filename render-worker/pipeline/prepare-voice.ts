/** A scene's voice, and all that follows from it alone: the scene's length, its captions and its sound. */
import { join } from "node:path";
import { ceilingOfVoice, priceSpeech } from "../../contract/prices.ts";
import type { Storyboard } from "../../contract/storyboard.ts";
import { alignWords } from "../captions/align-words.ts";
import type { TimedWord } from "../captions/timed-word.ts";
import { type DecodedVoice, decodeVoice } from "../media/decode-voice.ts";
import { encodeSceneSound, soundRecipe } from "../media/encode-scene-sound.ts";
import { sceneFrames } from "../media/grid.ts";
import type { FilmContext } from "./film-context.ts";
import { urgency } from "./urgency.ts";
import { wavSeconds } from "./wav-seconds.ts";
import { type CaptionFile, writeCaptions } from "./write-captions.ts";

export interface PreparedVoice {
  /** Of the whole scene; a multiple of 16. */
  frames: number;
  words: TimedWord[];
  captions: CaptionFile | null;
  /** ADTS, exactly as long as the scene. */
  sound: string;
}

const soundKind = { capability: "sound", extension: "aac", contentType: "audio/aac" } as const;

export async function prepareVoice(
  storyboard: Storyboard,
  index: number,
  context: FilmContext,
): Promise<PreparedVoice> {
  const { assets, encoders, job, progress, signal } = context;
  const scene = storyboard.scenes[index] as Storyboard["scenes"][number];
  const { language } = storyboard;
  const bought = await buyVoice(scene, language, index, context);
  const voice = await decodeVoice(bought.path, join(context.folder, `voice-${index}.f32`), signal);
  const { durationSeconds: seconds } = voice;
  progress.log({ type: "scene.voice", data: { scene: index, seconds, reused: bought.reused } });
  progress.finished("voice");
  const frames = sceneFrames(seconds);
  const words = alignWords(scene.narration, language, voice);
  const title = index === 0 && job.options.title_card ? storyboard.title : null;
  const [captions, { path: sound }] = await Promise.all([
    writeCaptions({ index, words, title, language }, context),
    keepSound(voice),
  ]);
  return { frames, words, captions, sound };

  function keepSound(from: DecodedVoice) {
    const encode = (to: string) => () => encodeSceneSound(from, frames, to, signal);
    const shape = { recipe: soundRecipe, voice: bought.key, frames };
    return assets.keep(soundKind, shape, (to) => encoders.run(signal, encode(to), urgency.scene(index)));
  }
}

function buyVoice(
  { narration, voice_take }: Storyboard["scenes"][number],
  language: string,
  index: number,
  { ai, assets, job, providers }: FilmContext,
) {
  const request = {
    text: narration,
    voice: job.options.voice,
    instructions: `Narrate a dream: calm, warm, unhurried. Language: ${language}.`,
  };
  const { model } = providers.voice;
  return assets.obtain(
    { capability: "voice", extension: "wav", contentType: "audio/wav" },
    { model, take: voice_take, ...request },
    {
      scene: index,
      model,
      ceilingMicroUsd: ceilingOfVoice(providers.voice, narration),
      call: async (lasting) => {
        const { value: bytes, requestId } = await ai.speak(request, lasting);
        return { bytes, requestId, costMicroUsd: priceSpeech(providers.voice, wavSeconds(bytes)) };
      },
    },
  );
}
