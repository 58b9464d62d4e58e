import { tempoOf } from "../../contract/breath.ts";
import type { Storyboard } from "../../contract/storyboard.ts";
import type { TimedWord } from "../captions/timed-word.ts";
import { cardFrames } from "../media/grid.ts";
import type { Span } from "../media/own-voice/find-silences.ts";
import { pauseAfter, timeScene } from "../media/scene-timing.ts";
import type { FilmContext } from "./film-context.ts";
import type { TimedVoice } from "./prepare-sound.ts";
import { obtainVoice } from "./voice/obtain-voice.ts";

export interface PreparedVoice extends TimedVoice {
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
  const { part, silentSeconds } = voice.speech;
  const { breath = 0 } = storyboard;
  const isLast = index === storyboard.scenes.length - 1;
  const pause = pauseAfter(scene.narration, { isLast, breath, silentSeconds });
  const wanted = isRecorded ? null : tempoOf(breath, job.options.speed);
  const timing = timeScene(part.endSeconds - part.startSeconds, pause, wanted);
  const { tempo } = timing;
  const frames = timing.frames + (isLast && job.options.end_card ? cardFrames : 0);
  const words = placeWords(voice.words, part, tempo);
  const seconds = (part.endSeconds - part.startSeconds) / tempo;
  progress.log({ type: "scene.voice", data: { scene: index, seconds, reused: voice.reused } });
  progress.finished("voice");
  const played = voice.sound && { ...voice.sound, part, tempo };
  const isNewVoice = !voice.reused && voice.model !== null;
  return { frames, words, played, voiceKey: voice.key, voiceModel: voice.model, isNewVoice, isRecorded };
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
