/** Whether a bought voice says its script: by its transcript, its length and its loudness. */
import { speakingSeconds } from "../../../contract/speech-rate.ts";
import { compareWords, wordings } from "../../captions/text/compare-words.ts";
import type { DecodedVoice } from "../../media/decode-voice.ts";

/** `silent`: the sound is too quiet to be speech. */
export const verdicts = [...wordings, "silent"] as const;
export type Verdict = (typeof verdicts)[number];

/** Speech always has a higher peak; the noise that providers send as silence lies below. */
const silentPeakDb = -50;
/**
 * Synthetic voices take 0.90 to 1.32 times the expected length: 383 passages of two voices in 23 languages,
 * measured 2026-11-27. One that says its text twice takes at least 1.8 times. Below the shortest share a part
 * is missing; real voices may be faster than the measured ones.
 */
const shortestShare = 0.5;
const longestShare = 1.75;
/** A voice this short, which no measured one is, is cut if its sound stops at the level of speech. */
const shortShare = 0.75;
/** Scripts whose spelling does not tell how long a voice takes: Thai takes 2.4 times the expected length. */
const unpredictable = /[\p{sc=Thai}\p{sc=Lao}\p{sc=Khmer}\p{sc=Myanmar}]/u;
/** A shorter text is said in as little time as a voice likes. */
const shortestJudgedSeconds = 2;

/**
 * How the bought voice relates to its script.
 *
 * @param speed the pace that was asked for, as a factor on the usual one. A provider may ignore it
 * @param said what the voice says by its provider's account; null if nothing tells
 */
export function judgeTake(
  script: string,
  said: string | null,
  language: string,
  voice: Pick<DecodedVoice, "loudness" | "durationSeconds" | "pcm" | "sampleRate">,
  speed = 1,
): Verdict {
  const { loudness, durationSeconds } = voice;
  if (!/[\p{L}\p{N}]/u.test(script)) return "verbatim";
  if (loudness.truePeakDb < silentPeakDb) return "silent";
  const wording = said === null ? "verbatim" : compareWords(script, said, language);
  if (wording !== "verbatim") return wording;
  const expected = speakingSeconds(script, language);
  if (expected < shortestJudgedSeconds) return wording;
  const quickest = expected / Math.max(1, speed);
  if (durationSeconds < quickest * shortestShare) return "cut";
  if (durationSeconds < quickest * shortShare && endsAbruptly(voice)) return "cut";
  // A voice with a transcript that says the text once may be slow.
  const isJudged = said === null && !unpredictable.test(script);
  return isJudged && durationSeconds > (expected / Math.min(1, speed)) * longestShare ? "doubled" : wording;
}

const endSeconds = 0.03;
/**
 * The end's level as a share of the whole's. The last sound of speech fades within a few hundredths of a
 * second.
 */
const abruptShare = 0.25;

function endsAbruptly({ pcm, sampleRate }: Pick<DecodedVoice, "pcm" | "sampleRate">): boolean {
  const end = pcm.subarray(-Math.round(endSeconds * sampleRate));
  return levelOf(end) > abruptShare * levelOf(pcm);
}

const levelOf = (samples: Float32Array) =>
  Math.sqrt(samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length);
