import { findSilences, type Span } from "../../media/own-voice/find-silences.ts";
import type { SceneVoice } from "./scene-voice.ts";

/** Silence that stays before the first and after the last word, so that no soft sound is cut. */
const edge = { before: 0.06, after: 0.12 };
/** A silence may begin or end so far from the recording's edge. */
const frameSeconds = 0.02;

/**
 * The part of a voice's sound that is used: from the first word to the last. Only silence outside all words is
 * left out, so a word that was aligned wrongly is never cut.
 */
export function findSpeech({ seconds, sound, words }: Pick<SceneVoice, "seconds" | "sound" | "words">): Span {
  const whole = { startSeconds: 0, endSeconds: seconds };
  const [first, last] = [words[0], words.at(-1)];
  if (!sound || !first || !last) return whole;
  const silences = findSilences(sound.pcm, sound.sampleRate);
  const start = silences.find(({ startSeconds }) => startSeconds < frameSeconds);
  const end = silences.findLast(({ endSeconds }) => seconds - endSeconds < frameSeconds);
  const startSeconds = Math.min(start?.endSeconds ?? 0, first.startSeconds) - edge.before;
  const endSeconds = Math.max(end?.startSeconds ?? seconds, last.endSeconds) + edge.after;
  return { startSeconds: Math.max(0, startSeconds), endSeconds: Math.min(seconds, endSeconds) };
}
