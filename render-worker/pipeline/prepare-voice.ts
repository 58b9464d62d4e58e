/** A scene's voice, and what depends on it alone: the scene's length and the times of its words. */
import { tempoOf } from "../../contract/breath.ts";
import type { Storyboard } from "../../contract/storyboard.ts";
import type { TimedWord } from "../captions/timed-word.ts";
import type { PlayedVoice } from "../media/encode-scene-sound.ts";
import type { Span } from "../media/own-voice/find-silences.ts";
import { pauseAfter, timeScene } from "../media/scene-timing.ts";
import type { FilmContext } from "./film-context.ts";
import { findSpeech } from "./voice/find-speech.ts";
import { obtainVoice } from "./voice/obtain-voice.ts";

export interface PreparedVoice {
  /** Of the whole scene; a multiple of 16. */
  frames: number;
  words: TimedWord[];
  /** Null: the scene is silent. */
  played: PlayedVoice | null;
  /** The same key always means the same sound. */
  voiceKey: string;
  /** The model that speaks; null in a silent scene, and where a person speaks. */
  voiceModel: string | null;
  /** A person speaks. */
  isRecorded: boolean;
}

/**
 * Obtains the scene's voice, and times the scene and its words.
 *
 * @throws what the film has to stop for
 */
export async function prepareVoice(
  storyboard: Storyboard,
  index: number,
  context: FilmContext,
): Promise<PreparedVoice> {
  const { job, progress } = context;
  const scene = storyboard.scenes[index] as Storyboard["scenes"][number];
  const voice = await obtainVoice(scene, storyboard.language, index, context);
  const isRecorded = voice.sound !== null && voice.model === null;
  const { part, silentSeconds } = findSpeech(voice);
  const { breath = 0 } = storyboard;
  const isLast = index === storyboard.scenes.length - 1;
  const pause = pauseAfter(scene.narration, { isLast, breath, silentSeconds });
  const wanted = isRecorded ? null : tempoOf(breath, job.options.speed);
  const { frames, tempo } = timeScene(part.endSeconds - part.startSeconds, pause, wanted);
  const words = placeWords(voice.words, part, tempo);
  const seconds = (part.endSeconds - part.startSeconds) / tempo;
  progress.log({ type: "scene.voice", data: { scene: index, seconds, reused: voice.reused } });
  progress.finished("voice");
  const played = voice.sound && { ...voice.sound, part, tempo };
  return { frames, words, played, voiceKey: voice.key, voiceModel: voice.model, isRecorded };
}

/** The words with times in the part of the voice that is played, at its tempo. */
function placeWords(words: readonly TimedWord[], part: Span, tempo: number): TimedWord[] {
  const place = (seconds: number) =>
    (Math.min(part.endSeconds, Math.max(part.startSeconds, seconds)) - part.startSeconds) / tempo;
  return words.map((word) => ({
    ...word,
    startSeconds: place(word.startSeconds),
    endSeconds: place(word.endSeconds),
  }));
}
