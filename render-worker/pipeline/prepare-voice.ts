/** A scene's voice, and what depends on it alone: the scene's length, its captions and its sound. */
import { join } from "node:path";
import { ceilingOfVoice, priceSpeech } from "../../contract/prices.ts";
import type { Storyboard } from "../../contract/storyboard.ts";
import { alignWords } from "../captions/align-words.ts";
import type { TimedWord } from "../captions/timed-word.ts";
import { Poison, Rejected } from "../errors.ts";
import { type DecodedVoice, decodeVoice } from "../media/decode-voice.ts";
import { encodeSceneSound, soundRecipe } from "../media/encode-scene-sound.ts";
import { sceneFrames } from "../media/grid.ts";
import type { Asset } from "../purchases/asset-store.ts";
import type { FilmContext } from "./film-context.ts";
import { urgency } from "./urgency.ts";
import { type CaptionFile, writeCaptions } from "./write-captions.ts";

export interface PreparedVoice {
  /** Of the whole scene; a multiple of 16. */
  frames: number;
  words: TimedWord[];
  captions: CaptionFile | null;
  /** An ADTS file, exactly as long as the scene. */
  sound: string;
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
  const { asset: bought, voice } = await obtainVoice(scene, language, index, context);
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
    const encode = (to: string) => () => encodeSceneSound(from, frames, to, context.signal);
    const shape = { recipe: soundRecipe, voice: bought.key, frames };
    return assets.getOrMake(soundKind, shape, (to) =>
      encoders.run(context.signal, encode(to), urgency.scene(index)),
    );
  }
}

/**
 * The scene's voice, found or bought, and decoded.
 *
 * @throws Rejected `voice.unusable` if the bought voices could not be decoded; the owner may ask for the film
 *   again
 */
export async function obtainVoice(
  { narration, voice_take }: Storyboard["scenes"][number],
  language: string,
  index: number,
  { ai, assets, folder, job, progress, providers, signal }: FilmContext,
): Promise<{ asset: Asset; voice: DecodedVoice }> {
  const request = {
    text: narration,
    voice: job.options.voice,
    instructions: `Narrate a dream: calm, warm, unhurried. Language: ${language}.`,
  };
  const { model } = providers.voice;
  const decode = (path: string) => decodeVoice(path, join(folder, `voice-${index}.f32`), signal);
  let decoded: DecodedVoice | undefined;
  let wasSilent = false;
  const obtaining = assets.obtain(
    { capability: "voice", extension: "wav", contentType: "audio/wav" },
    { model, take: voice_take, ...request },
    {
      scene: index,
      model,
      ceilingMicroUsd: ceilingOfVoice(providers.voice, narration),
      call: async (graceSignal) => {
        const { value: bytes, requestId } = await ai.speak(request, graceSignal);
        return { bytes, requestId, costMicroUsd: null };
      },
      check: async (path, isVerified) => {
        const voice = await decode(path);
        if (isSilent(voice, narration)) {
          if (!isVerified && !wasSilent) {
            wasSilent = true;
            throw new Poison("media.silent_voice", "The voice was silent.");
          }
          progress.warn(
            "voice.silent",
            `Scene ${index + 1} has a voice without sound. Redo the scene to buy its voice again.`,
            index,
          );
        }
        decoded = voice;
        return { costMicroUsd: priceSpeech(providers.voice, voice.durationSeconds) };
      },
    },
  );
  const asset = await obtaining.catch((error: unknown) => {
    // A Poison of the provider is a refusal; only one of the decoder means an unusable voice.
    if (!(error instanceof Poison) || error.aiFault !== null) throw error;
    throw new Rejected(
      "voice.unusable",
      `Scene ${index + 1} got no usable voice: ${error.message} Ask for the film again to buy it anew.`,
      {
        cause: error,
      },
    );
  });
  // Another scene with the same words may have bought it.
  return { asset, voice: decoded ?? (await decode(asset.path)) };
}

/** Speech always has a higher peak; the noise that providers send as silence lies below. */
const silentPeakDb = -50;

const isSilent = ({ loudness }: DecodedVoice, narration: string) =>
  loudness.truePeakDb < silentPeakDb && /[\p{L}\p{N}]/u.test(narration);
