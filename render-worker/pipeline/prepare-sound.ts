/** A scene's sound: its voice, and the film's ambience if it was asked for. */
import { leadInSeconds } from "../../contract/film.ts";
import type { Storyboard } from "../../contract/storyboard.ts";
import type { TimedWord } from "../captions/timed-word.ts";
import { chooseMood, chooseTexture } from "../media/ambience/choose-mood.ts";
import type { Bed } from "../media/ambience/synthesise-bed.ts";
import { ambienceRecipe, type SceneAmbience } from "../media/ambience/write-ambience.ts";
import { encodeSceneSound, type PlayedVoice, soundRecipe } from "../media/encode-scene-sound.ts";
import { framesToSamples } from "../media/grid.ts";
import type { KeptFile } from "../purchases/asset-store.ts";
import { hashOf } from "../purchases/fingerprint.ts";
import type { FilmContext } from "./film-context.ts";
import { urgency } from "./urgency.ts";

/** A voice whose samples are decoded when they are asked for. */
export interface SpokenSound extends Omit<PlayedVoice, "file"> {
  /** Stereo 32-bit floats at 48 kHz. */
  file(): Promise<string>;
}

/** A scene's voice with its times, as the sound needs it. */
export interface TimedVoice {
  /** Of the whole scene; a multiple of 16. */
  frames: number;
  words: TimedWord[];
  /** Null: the scene is silent. */
  played: SpokenSound | null;
  /** It was bought just now: what is made of it cannot be kept yet. */
  isNewVoice: boolean;
  /** The same key always means the same sound. */
  voiceKey: string;
}

const soundKind = { capability: "sound", extension: "aac", contentType: "audio/aac" } as const;

/**
 * The file of the scene's sound, an ADTS file exactly as long as the scene: kept, or encoded. With an
 * ambience it also depends on the scene before, whose ambience crosses over into this one's.
 *
 * @param voices of all scenes
 * @throws what a voice's preparation throws, Transient, or the signal's reason
 */
export async function prepareSound(
  storyboard: Storyboard,
  index: number,
  voices: readonly Promise<TimedVoice>[],
  context: FilmContext,
): Promise<KeptFile> {
  const { assets, encoders, job, signal } = context;
  const voice = await (voices[index] as Promise<TimedVoice>);
  const { frames, played, voiceKey } = voice;
  const ambience = job.options.ambience
    ? describeAmbience(storyboard, index, voice, (await voices[index - 1]) ?? null, context)
    : null;
  const shape = {
    recipe: soundRecipe,
    ...{ voice: voiceKey, part: played?.part ?? null, tempo: played?.tempo ?? 1, frames },
    ...(ambience ? { ambienceRecipe, ambience } : {}),
  };
  const encode = async (to: string) => {
    const heard = played && { ...played, file: await played.file() };
    const run = () => encodeSceneSound(heard, frames, to, signal, ambience);
    await encoders.run(signal, run, urgency.scene(index));
  };
  return assets.getOrMake(soundKind, shape, encode, voice.isNewVoice);
}

function describeAmbience(
  storyboard: Storyboard,
  index: number,
  { words, frames, played }: TimedVoice,
  earlier: TimedVoice | null,
  context: FilmContext,
): SceneAmbience {
  const { scenes } = storyboard;
  const bedOf = (scene: number) => describeBed(storyboard, scene, context);
  const spoken = words.map(({ startSeconds, endSeconds }) => ({
    startSeconds: leadInSeconds + startSeconds,
    endSeconds: leadInSeconds + endSeconds,
  }));
  return {
    bed: bedOf(index),
    speech: played ? spoken : [],
    samples: framesToSamples(frames),
    earlier: earlier && {
      bed: bedOf(index - 1),
      samples: framesToSamples(earlier.frames),
      lastWordEndSeconds: earlier.played ? leadInSeconds + (earlier.words.at(-1)?.endSeconds ?? 0) : null,
    },
    next: index + 1 < scenes.length ? bedOf(index + 1) : null,
  };
}

/** A film without any voice has nothing but the ambience to hear. */
const silentFilmGain = 2;

function describeBed({ scenes }: Storyboard, scene: number, { job, providers }: FilmContext): Bed {
  const pictures = scenes.map(({ picture }) => picture);
  const isSilentFilm = job.options.voice !== "own" && providers.voices[0]?.kind === "none";
  return {
    mood: chooseMood(pictures, job.options.style),
    texture: chooseTexture(pictures[scene] as string),
    scene,
    seed: Number.parseInt(hashOf({ transcript: job.dream.transcript }).slice(0, 8), 16),
    gain: isSilentFilm ? silentFilmGain : 1,
  };
}
