import { type ExpectedUnit, expectUnits, type SpeltWord, scoreFillers } from "./align/expect-units.ts";
import { extractFeatures, featureCount, frameSeconds, type Recording } from "./align/extract-features.ts";
import { type Fit, fitUnits } from "./align/fit-units.ts";
import { adaptModel, scoreFrames } from "./align/score-frames.ts";
import { type Kind, soundModel } from "./align/sound-model.ts";
import { spellWord } from "./align/spell-word.ts";
import { splitWords } from "./text/split-words.ts";
import type { TimedWord } from "./timed-word.ts";

/**
 * The first pass uses the general model, the later ones a model adapted to the voice. Three passes lower the
 * p90 error by a quarter; a fourth does not.
 */
const passes = 3;

/**
 * The time of each word of `narration` in the recording: in order, without overlap, within the recording. The
 * words are those of `splitWords`.
 *
 * The script is known, so nothing is recognised: each word's spelling predicts roughly which sounds to
 * expect, and a search finds where they fit best. This works for any language and voice (bench/captions.ts
 * measures how well), is deterministic and takes about 10 ms per second of sound. If the recording cannot
 * hold the script (empty, far too short), the words share it by their expected length.
 *
 * @param say how the voice was asked to say a word, if not as it is written
 * @param source `recording`: a person also breathes, hesitates and says "um" between the words
 */
export function alignWords(
  narration: string,
  language: string,
  recording: Recording,
  source: "voice" | "recording" = "voice",
  say: (word: string) => string = (word) => word,
): TimedWord[] {
  const words = splitWords(narration, language);
  if (words.length === 0) return [];
  const spelt = words.map(({ text }) => ({ text, sounds: spellWord(say(text), language) }));
  const spans =
    findWords(spelt, recording, source === "recording") ??
    shareEvenly(spelt, recording.pcm.length / recording.sampleRate);
  for (const [i, { sounds }] of spelt.entries()) if (sounds === "") showSilent(spans, i);
  return words.map((word, i) => ({ ...word, ...(spans[i] as Span) }));
}

type Span = Pick<TimedWord, "startSeconds" | "endSeconds">;

function findWords(words: readonly SpeltWord[], recording: Recording, hasFillers: boolean): Span[] | null {
  const features = extractFeatures(recording);
  let model = soundModel;
  let spans: Span[] | null = null;
  for (let pass = 1; pass <= passes; pass++) {
    const scores = scoreFrames(features, model);
    const units = expectUnits(words, model, scores);
    const fit = fitUnits(units, hasFillers ? scoreFillers(scores) : scores["."]);
    if (!fit) return null;
    spans = spansOf(words.length, units, fit);
    if (pass < passes)
      model = adaptModel(soundModel, features, nameFrames(units, fit, features.length / featureCount));
  }
  return spans;
}

function spansOf(words: number, units: readonly ExpectedUnit[], { starts, ends }: Fit): Span[] {
  const spans = Array.from({ length: words }, () => ({ startSeconds: Number.NaN, endSeconds: Number.NaN }));
  for (const [i, unit] of units.entries()) {
    const span = spans[unit.word] as Span;
    if (Number.isNaN(span.startSeconds)) span.startSeconds = (starts[i] as number) * frameSeconds;
    span.endSeconds = (ends[i] as number) * frameSeconds;
  }
  return spans;
}

function nameFrames(units: readonly ExpectedUnit[], { starts, ends }: Fit, frames: number): Kind[] {
  const kinds = new Array<Kind>(frames).fill(".");
  for (const [i, { kind }] of units.entries()) {
    if (kind) kinds.fill(kind, starts[i], ends[i]);
  }
  return kinds;
}

function shareEvenly(words: readonly SpeltWord[], totalSeconds: number): Span[] {
  const lengths = words.map(({ sounds }) => Math.max(1, sounds.length));
  const perSound = totalSeconds / lengths.reduce((total, length) => total + length, 0);
  let at = 0;
  return lengths.map((length) => {
    const startSeconds = at;
    at = Math.min(totalSeconds, at + length * perSound);
    return { startSeconds, endSeconds: at };
  });
}

const silentWordSeconds = 0.2;

/**
 * Shows an emoji, which the voice does not read, in the pause after it, or in the last third of the word
 * before.
 */
function showSilent(spans: Span[], index: number): void {
  const span = spans[index] as Span;
  const before = spans[index - 1];
  const missing = () => silentWordSeconds - (span.endSeconds - span.startSeconds);
  const room = (spans[index + 1]?.startSeconds ?? span.endSeconds) - span.endSeconds;
  span.endSeconds += Math.max(0, Math.min(room, missing()));
  if (!before || missing() <= 0) return;
  const third = (before.endSeconds - before.startSeconds) / 3;
  span.startSeconds -= Math.min(missing(), third + span.startSeconds - before.endSeconds);
  before.endSeconds = Math.min(before.endSeconds, span.startSeconds);
}
