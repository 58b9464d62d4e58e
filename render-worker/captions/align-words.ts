import { findSpeech, type Sound } from "./find-speech.ts";
import { splitWords } from "./split-words.ts";
import type { TimedWord } from "./timed-word.ts";
import { weighWord } from "./weigh-word.ts";

/** When each word of `narration` is said in `sound`: in order, without overlap, within the sound. Never throws. */
export function alignWords(narration: string, language: string, sound: Sound): TimedWord[] {
  const words = splitWords(narration, language);
  const totalSeconds = sound.pcm.length / sound.sampleRate;
  const found = findSpeech(sound);
  const spans = found.length > 0 ? found : [{ startSeconds: 0, endSeconds: totalSeconds }];
  const weights = words.map((word) => weighWord(word.text));
  const perUnit =
    spans.reduce((sum, span) => sum + span.endSeconds - span.startSeconds, 0) /
    weights.reduce((sum, weight) => sum + weight, 0);
  const clockAt = (spoken: number) => {
    for (const span of spans) {
      const length = span.endSeconds - span.startSeconds;
      if (spoken < length - 1e-6) return span.startSeconds + spoken;
      spoken -= length;
    }
    return spans.at(-1)?.endSeconds ?? totalSeconds;
  };
  let spoken = 0;
  return words.map((word, i) => {
    const startSeconds = clockAt(spoken);
    spoken += (weights[i] ?? 1) * perUnit;
    return { text: word.text, startSeconds, endSeconds: clockAt(spoken - 2e-6), joinsNext: word.joinsNext };
  });
}
