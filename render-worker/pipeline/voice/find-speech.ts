import type { TimedWord } from "../../captions/timed-word.ts";
import type { DecodedVoice } from "../../media/decode-voice.ts";
import { findSilences, type Span } from "../../media/own-voice/find-silences.ts";

/** The part of a voice's sound that is used. */
export interface Speech {
  part: Span;
  /** How much of the part, at its edges, is silence. */
  silentSeconds: number;
}

/** Silence that stays before the first and after the last sound, because soft sounds are as quiet. */
const edge = { before: 0.03, after: 0.06 };
/** A word that was found so far within the silence may be a soft sound there. */
const softSeconds = { before: 0.04, after: 0.08 };
/** A silence may begin or end so far from the recording's edge. */
const frameSeconds = 0.02;

/**
 * The part of a voice from its first word to its last. Only silence is left out: a sound outside the words
 * that the aligner found, such as a word that was aligned wrongly, stays.
 */
export function findSpeech(
  sound: Pick<DecodedVoice, "pcm" | "sampleRate" | "durationSeconds">,
  words: readonly TimedWord[],
): Speech {
  const seconds = sound.durationSeconds;
  const [first, last] = [words[0], words.at(-1)];
  if (!first || !last) return { part: { startSeconds: 0, endSeconds: seconds }, silentSeconds: 0 };
  const silences = findSilences(sound.pcm, sound.sampleRate);
  const heardFrom = silences.find(({ startSeconds }) => startSeconds < frameSeconds)?.endSeconds ?? 0;
  const heardTo =
    silences.findLast(({ endSeconds }) => seconds - endSeconds < frameSeconds)?.startSeconds ?? seconds;
  if (heardTo <= heardFrom) return { part: { startSeconds: 0, endSeconds: seconds }, silentSeconds: 0 };
  const from = Math.min(heardFrom, Math.max(first.startSeconds, heardFrom - softSeconds.before));
  const to = Math.max(heardTo, Math.min(last.endSeconds, heardTo + softSeconds.after));
  const startSeconds = Math.max(0, from - edge.before);
  const endSeconds = Math.min(seconds, to + edge.after);
  return {
    part: { startSeconds, endSeconds },
    silentSeconds: endSeconds - startSeconds - (heardTo - heardFrom),
  };
}
