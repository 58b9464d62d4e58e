import type { Recording } from "../../render-worker/captions/align/extract-features.ts";
import { alignWords } from "../../render-worker/captions/align-words.ts";
import type { TimedWord } from "../../render-worker/captions/timed-word.ts";
import type { Truth } from "./speak-truth.ts";

/**
 * By how many ms each word's start is after the true one. Omits words that the engine does not report.
 * `stretch` is the factor on the true times in a recording whose speed was changed.
 *
 * @throws Error if a word begins before the one before it ends, or ends after the recording
 */
export function measureErrors(
  { text, language, starts }: Truth,
  recording: Recording,
  stretch = 1,
): number[] {
  let at = 0;
  const words = alignWords(text, language, recording);
  checkOrder(words, recording.pcm.length / recording.sampleRate);
  return words.flatMap((word) => {
    const place = text.indexOf(word.text, at);
    if (place < 0) throw new Error(`"${word.text}" is not in the sentence`);
    at = place + word.text.length;
    const start = starts.find(([truePlace]) => truePlace >= place && truePlace < at);
    return start ? [word.startSeconds * 1000 - start[1] * stretch] : [];
  });
}

function checkOrder(words: readonly TimedWord[], seconds: number): void {
  let before = 0;
  for (const { text, startSeconds, endSeconds } of words) {
    if (startSeconds < before - 1e-6 || endSeconds < startSeconds || endSeconds > seconds + 1e-6)
      throw new Error(`"${text}" is at ${startSeconds}-${endSeconds} s, after ${before} s, of ${seconds} s`);
    before = endSeconds;
  }
}

export interface Summary {
  words: number;
  meanMs: number;
  medianMs: number;
  p90Ms: number;
  worstMs: number;
}

/** Computed over the errors' absolute values. */
export function summarise(errors: readonly number[]): Summary {
  const sorted = errors.map(Math.abs).sort((a, b) => a - b);
  const at = (part: number) => Math.round(sorted[Math.floor(part * (sorted.length - 1))] ?? Number.NaN);
  const meanMs = Math.round(sorted.reduce((sum, error) => sum + error, 0) / sorted.length);
  return { words: sorted.length, meanMs, medianMs: at(0.5), p90Ms: at(0.9), worstMs: at(1) };
}
