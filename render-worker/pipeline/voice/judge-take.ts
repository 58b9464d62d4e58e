/** Whether a bought voice says its script: by its transcript, its length and its loudness. */
import { expectSeconds } from "../../captions/expect-seconds.ts";
import { compareWords, type Wording } from "../../captions/text/compare-words.ts";
import type { DecodedVoice } from "../../media/decode-voice.ts";

/** `silent`: the sound is too quiet to be speech. */
export type Verdict = Wording | "silent";

/** Speech always has a higher peak; the noise that providers send as silence lies below. */
const silentPeakDb = -50;
/** Voices differ in pace by a third. Beyond these, a part is missing or was said twice. */
const shortestShare = 0.4;
const longestShare = 2.2;
/** A shorter text is said in as little time as a voice likes. */
const shortestJudgedSeconds = 2;

/**
 * How the bought voice relates to its script.
 *
 * @param said what the voice says by its provider's account; null if the provider gives none
 */
export function judgeTake(
  script: string,
  said: string | null,
  language: string,
  { loudness, durationSeconds }: Pick<DecodedVoice, "loudness" | "durationSeconds">,
): Verdict {
  if (!/[\p{L}\p{N}]/u.test(script)) return "verbatim";
  if (loudness.truePeakDb < silentPeakDb) return "silent";
  const wording = said === null ? "verbatim" : compareWords(script, said, language);
  if (wording !== "verbatim") return wording;
  const expected = expectSeconds(script, language);
  if (expected < shortestJudgedSeconds) return wording;
  if (durationSeconds < expected * shortestShare) return "cut";
  return durationSeconds > expected * longestShare ? "doubled" : wording;
}
