import type { Recording } from "../../render-worker/captions/align/extract-features.ts";
import { alignWords } from "../../render-worker/captions/align-words.ts";
import type { Truth } from "./speak-truth.ts";

/** By how many ms each word's start is after the true one. Omits words that the engine does not report. */
export function measureErrors({ text, language, starts }: Truth, recording: Recording): number[] {
  let at = 0;
  return alignWords(text, language, recording).flatMap((word) => {
    const place = text.indexOf(word.text, at);
    if (place < 0) throw new Error(`"${word.text}" is not in the sentence`);
    at = place + word.text.length;
    const start = starts.find(([truePlace]) => truePlace >= place && truePlace < at);
    return start ? [word.startSeconds * 1000 - start[1]] : [];
  });
}

export interface Summary {
  words: number;
  medianMs: number;
  p90Ms: number;
  worstMs: number;
}

/** Computed over the errors' absolute values. */
export function summarise(errors: readonly number[]): Summary {
  const sorted = errors.map(Math.abs).sort((a, b) => a - b);
  const at = (part: number) => Math.round(sorted[Math.floor(part * (sorted.length - 1))] ?? Number.NaN);
  return { words: sorted.length, medianMs: at(0.5), p90Ms: at(0.9), worstMs: at(1) };
}
